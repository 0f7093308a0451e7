import { MalformedInput, portableSigner } from '@aidtrail/envelope';
import { createCosigner } from './cosigner.js';
import { goldenLog } from './known-trees.examples.js';
import { formatPolicy, majorityOf, pinnedLeafZeroOrThrow } from './policy-file.js';
import { isQuorum, parsePolicyOrThrow, type LogPolicy } from './policy.js';
import { parseVkeyOrThrow } from './vkey.js';

const witness = (name: string, seed: number, url?: string) => ({
  name,
  key: createCosigner(`${name}.example`, portableSigner(new Uint8Array(32).fill(seed))).key,
  ...(url === undefined ? {} : { url }),
});
const logs = [{ key: parseVkeyOrThrow(goldenLog.vkey), url: 'https://log.example/' }];
const witnesses = [witness('a', 1, 'https://a.example/'), witness('b', 2), witness('group-1', 3)];
const one = (name: string) => ({ kind: 'witness', name }) as const;

describe('a policy that is written', () => {
  it.each<[string, LogPolicy['quorum']]>([
    ['no witness', { kind: 'none' }],
    ['one witness', one('b')],
    ['two of three', { kind: 'group', threshold: 2, members: [one('a'), one('b'), one('group-1')] }],
    [
      'groups in a group',
      {
        kind: 'group',
        threshold: 2,
        members: [{ kind: 'group', threshold: 1, members: [one('a'), one('b')] }, one('group-1')],
      },
    ],
  ])('is read back the same with a quorum of %s', (_, quorum) => {
    const policy = { logs, witnesses, quorum };
    expect(parsePolicyOrThrow(formatPolicy(policy))).toEqual(policy);
    expect(parsePolicyOrThrow(formatPolicy(policy, { leafZeroHash: new Uint8Array(32) }))).toEqual(policy);
  });

  it('pins leaf 0 in a comment that other programs pass over', () => {
    const leafZeroHash = new Uint8Array(32).fill(7);
    const file = formatPolicy({ logs, witnesses: [], quorum: { kind: 'none' } }, { leafZeroHash });
    expect(file).toBe(
      `# aidtrail-leaf0 BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\nlog ${goldenLog.vkey} https://log.example/\nquorum none\n`,
    );
    expect(pinnedLeafZeroOrThrow(file)).toEqual(leafZeroHash);
    expect(pinnedLeafZeroOrThrow('quorum none\n')).toBeUndefined();
  });

  it.each(['', 'AAAA', 'x', 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwd='])('refuses the pin "%s"', (pin) => {
    expect(() => pinnedLeafZeroOrThrow(`# aidtrail-leaf0 ${pin}\nquorum none\n`)).toThrow(MalformedInput);
  });

  it.each(['#aidtrail-leaf0 ', '# Aidtrail-Leaf0 ', ' # aidtrail-leaf0 ', '# aidtrail-leaf 0 ', '# aidtrail-leaf0\t'])(
    'refuses "%s", which is meant as a pin and would pin nothing',
    (misspelt) => {
      expect(() => pinnedLeafZeroOrThrow(`${misspelt}BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n`)).toThrow(
        MalformedInput,
      );
    },
  );

  it('refuses two pins, of which each reader could take another', () => {
    const line = `# aidtrail-leaf0 BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n`;
    expect(() => pinnedLeafZeroOrThrow(line + line)).toThrow(MalformedInput);
  });
});

describe('a majority', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
  ])('of %i witnesses is %i', (count, needed) => {
    const all = Array.from({ length: count }, (_, i) => ({ name: `w${i}` }));
    const names = all.map(({ name }) => name);
    expect(isQuorum(majorityOf(all), new Set(names.slice(0, needed)))).toBe(true);
    expect(isQuorum(majorityOf(all), new Set(names.slice(0, needed - 1)))).toBe(false);
  });

  it('of no witness asks for none', () => {
    expect(majorityOf([])).toEqual({ kind: 'none' });
  });

  it('says what an editor has done to it, whatever line that shows in', () => {
    const pinned = formatPolicy(
      { logs: [], witnesses: [], quorum: { kind: 'none' } },
      { leafZeroHash: new Uint8Array(32) },
    );
    for (const read of [pinnedLeafZeroOrThrow, parsePolicyOrThrow]) {
      expect(() => read(pinned.replaceAll('\n', '\r\n'))).toThrow('lines end as on Windows (CR LF)');
      expect(() => read(`\uFEFF${pinned}`)).toThrow('byte order mark');
    }
  });
});
