import { utf8Encode } from '@aidtrail/envelope';

/** The eight leaves that Certificate Transparency's test suites have always used. */
export const classicLeaves: readonly Uint8Array[] = [
  [],
  [0x00],
  [0x10],
  [0x20, 0x21],
  [0x30, 0x31],
  [0x40, 0x41, 0x42, 0x43],
  [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
  [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
].map((bytes) => Uint8Array.from(bytes));

/** Their roots for tree sizes 1 to 8, in hex. */
export const classicRoots: readonly string[] = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** The test log of Tessera, an independent implementation: its entries, key and two of its signed checkpoints. */
export const goldenLog = {
  vkey: 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx',
  skey: 'PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg',
  entries: ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eit', 'nain', 'ten', 'ileven'].map(utf8Encode),
  checkpoint3: [
    'example.com/log/testdata',
    '3',
    'Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=',
    '',
    '\u2014 example.com/log/testdata M9e0lvAQRtH832pk2RTbeSeZMkp4FZSdJYFBUjO5SKxuRbywPUF3cx+HUrb50kjd3rUWW/fj53Wj1dwcwh9bGQnqVAg=',
    '',
  ].join('\n'),
  checkpoint11: [
    'example.com/log/testdata',
    '11',
    'Yok1cS5VdokGLBy73BC2I16b3atss6KBN9jnIi6Fz/A=',
    '',
    '\u2014 example.com/log/testdata M9e0lqbRtWirJwbUy4w3VrK2RyzfW8P+OIkc8t6b6AVG/tQd1Q2SN+uCLYzNNFnf/PhzeCdURSGQe1MRnohCxPu21wg=',
    '\u2014 Wit1 mz+y1QAAAABlU/EA4Z9fn6dlc/qi1I2WuvZdABKGHvnY7sMs+9JqSRMwOwU6Q+p6+BUthnWnzStnDDCuefREpA74EK2NzHVv2k1SDQ==',
    '',
  ].join('\n'),
  /** A witness of its own test set, and the line by which it cosigns `checkpoint3` at POSIX time 1700000000. */
  witnessVkey: 'Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk',
  witnessSkey: 'PRIVATE+KEY+Wit1+55ee4561+AeadRiG7XM4XiieCHzD8lxysXMwcViy5nYsoXURWGrlE',
  cosignature3:
    '\u2014 Wit1 mz+y1QAAAABlU/EAWWygAvCVuKhO4u4Sce5f/6xOlViZSd4u+wsRmy+nxgowRBje7+du1ccJ6pJsz/XGKWvzqTZcLRQsTkvAg2kOBw==\n',
  /** The bundle and the level 0 tile of the first three entries, in hex. */
  bundle3: '00036f6e65000374776f00057468726565',
  tile3: [
    'd0d7360ab79f58ab1e1e3fe64ad77e2ea0bc07e36b5f46ed2223edd9298df9e9',
    'ab1ab7f07c7c8fe0eff4ba6faa53c7e4412e91a599153e8aa4e01beece5b7825',
    '671f146c5e471e8a1a83a3c214ce4ba907b8f3a5888d14cc8cd3ce75bb12ef94',
  ],
  /** Index 4 ("five") in the tree of 11. */
  inclusionOf4In11: [
    'yiM+eia4w1wsk/Ukx7kF56IQVkDW3MWUaUz/VtJu+yU=',
    'nk9gCR+floFqznAPtqjjcnnV64dge2jQB95D5t164Hg=',
    'zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co=',
    'EKRv52G8cEvsDhcLsl6gSE9HRnkDYtpMiwWAWVGyrqM=',
  ],
  consistencyFrom3To11: [
    'Zx8UbF5HHooag6PCFM5LqQe486WIjRTMjNPOdbsS75Q=',
    '9xWrP6pdBx5uKsS7mU1b9zWUPcw3mdoNCF55gM+5M2o=',
    'T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=',
    'g0ZoeYWtIV8Q8i+4CmgqPnBvH2il107lyCgTQsyB7H4=',
    'EKRv52G8cEvsDhcLsl6gSE9HRnkDYtpMiwWAWVGyrqM=',
  ],
} as const;

/** A checkpoint of a public Certificate Transparency log, cosigned by a public witness: real bytes that others made. */
export const cosignedInTheWild = {
  logVkey: 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f',
  witnessVkey: 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
  witnessedAt: 1779573024,
  size: 1432088532,
  checkpoint: [
    'arche2025h1.staging.ct.transparency.dev',
    '1432088532',
    'U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=',
    '',
    '\u2014 arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=',
    '\u2014 arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=',
    '\u2014 transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==',
    '\u2014 remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==',
    '',
  ].join('\n'),
} as const;
