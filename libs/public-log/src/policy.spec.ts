import { MalformedInput, portableSigner, portableVerifier } from '@aidtrail/envelope';
import { createCosigner } from './cosigner.js';
import { cosignedInTheWild as wild, goldenLog } from './known-trees.examples.js';
import { isQuorum, openWitnessedCheckpointOrThrow, parsePolicyOrThrow } from './policy.js';
import { createNoteSigner, formatSignatureLine } from './signed-note.js';
import { formatVkey, parseSkeyOrThrow } from './vkey.js';

const witnesses = [1, 2, 3, 4].map((seed) =>
  createCosigner(`witness.example/${seed}`, portableSigner(new Uint8Array(32).fill(seed))),
);
const [w1, w2, w3, w4] = witnesses.map(({ key }) => formatVkey(key)) as [string, string, string, string];

const nested = `# whom we trust
log ${goldenLog.vkey} https://log.example/
\twitness X1 ${w1} https://x1.example/
witness X2 ${w2}
witness X3  ${w3}

group X 2 X1 X2 X3
witness Y1 ${w4}
group Y any Y1
group both all X Y
quorum both
`;

describe('a cosignature', () => {
  it('is bit for bit that of another implementation', () => {
    const cosigner = createCosigner('Wit1', portableSigner(parseSkeyOrThrow(goldenLog.witnessSkey).seed));
    expect(formatVkey(cosigner.key)).toBe(goldenLog.witnessVkey);
    const text = goldenLog.checkpoint3.split('\n').slice(0, 3).join('\n') + '\n';
    expect(formatSignatureLine(cosigner.cosign(text, 1_700_000_000))).toBe(goldenLog.cosignature3);
    expect(() => cosigner.cosign(text, 1.5)).toThrow(RangeError);
  });

  it('of a public witness holds, with lines of keys that nobody here knows beside it', () => {
    const policy = parsePolicyOrThrow(`log ${wild.logVkey}\nwitness remora ${wild.witnessVkey}\nquorum remora\n`);
    const { checkpoint, cosignedBy } = openWitnessedCheckpointOrThrow(wild.checkpoint, policy, portableVerifier);
    expect(checkpoint.size).toBe(wild.size);
    expect(cosignedBy).toEqual([{ witness: 'remora', time: wild.witnessedAt }]);
  });

  it('does not hold at another time, nor for another tree', () => {
    const policy = parsePolicyOrThrow(`log ${goldenLog.vkey}\nwitness W ${goldenLog.witnessVkey}\nquorum W\n`);
    const open = (note: string) => openWitnessedCheckpointOrThrow(note, policy, portableVerifier);
    expect(open(goldenLog.checkpoint3 + goldenLog.cosignature3).cosignedBy).toHaveLength(1);
    const later = goldenLog.cosignature3.replace('AAAABlU/EA', 'AAAABlU/EB');
    expect(() => open(goldenLog.checkpoint3 + later)).toThrow('known_signature_invalid');
    const [logLineOnly] = goldenLog.checkpoint11.split('\u2014 Wit1');
    expect(() => open(logLineOnly + goldenLog.cosignature3)).toThrow('known_signature_invalid');
  });
});

describe('a policy', () => {
  it('is read with its logs, witnesses and nested groups', () => {
    const policy = parsePolicyOrThrow(nested);
    expect(policy.logs.map(({ key, url }) => [key.name, url])).toEqual([
      ['example.com/log/testdata', 'https://log.example/'],
    ]);
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['X1', 'https://x1.example/'],
      ['X2', undefined],
      ['X3', undefined],
      ['Y1', undefined],
    ]);
  });

  it('counts who has cosigned by its rule', () => {
    const { quorum } = parsePolicyOrThrow(nested);
    const enough = (...names: string[]) => isQuorum(quorum, new Set(names));
    expect(enough('X1', 'X3', 'Y1')).toBe(true);
    expect(enough('X1', 'X2', 'X3', 'Y1')).toBe(true);
    expect(enough('X1', 'X2', 'X3')).toBe(false);
    expect(enough('X1', 'Y1')).toBe(false);
    expect(enough()).toBe(false);
    expect(isQuorum(parsePolicyOrThrow('quorum none\n').quorum, new Set())).toBe(true);
  });

  it('accepts a checkpoint with a quorum of cosignatures, and not with one less', () => {
    const policy = parsePolicyOrThrow(nested);
    const text = goldenLog.checkpoint3.split('\n').slice(0, 3).join('\n') + '\n';
    const lines = witnesses.map((one) => formatSignatureLine(one.cosign(text, 1_700_000_000)));
    const open = (...some: string[]) =>
      openWitnessedCheckpointOrThrow(goldenLog.checkpoint3 + some.join(''), policy, portableVerifier);
    expect(open(...lines).cosignedBy.map(({ witness }) => witness)).toEqual(['X1', 'X2', 'X3', 'Y1']);
    expect(open(...lines.slice(1)).cosignedBy).toHaveLength(3);
    expect(() => open(...lines.slice(2))).toThrow('quorum_not_met');
    expect(() => open(lines[0] as string, lines[0] as string, lines[3] as string)).toThrow('quorum_not_met');
  });

  it('accepts no checkpoint of a log that it does not list, and none that only witnesses have signed', () => {
    const other = parsePolicyOrThrow(`log ${wild.logVkey}\nquorum none\n`);
    expect(() => openWitnessedCheckpointOrThrow(goldenLog.checkpoint3, other, portableVerifier)).toThrow(
      'no_known_signature',
    );
    const policy = parsePolicyOrThrow(`log ${goldenLog.vkey}\nwitness W ${goldenLog.witnessVkey}\nquorum W\n`);
    const [text] = goldenLog.checkpoint3.split('\u2014');
    expect(() => openWitnessedCheckpointOrThrow(`${text}${goldenLog.cosignature3}`, policy, portableVerifier)).toThrow(
      'no_known_signature',
    );
  });

  it.each([
    ['no quorum', `log ${goldenLog.vkey}\n`],
    ['two quorums', 'quorum none\nquorum none\n'],
    ['an unknown keyword', 'witnesses A\nquorum none\n'],
    ['no newline at the end', 'quorum none'],
    ['a carriage return', 'quorum none\r\n'],
    ['a log twice', `log ${goldenLog.vkey}\nlog ${goldenLog.vkey}\nquorum none\n`],
    ["a log under a witness's kind of key", `log ${w1}\nquorum none\n`],
    ["a witness under a log's kind of key", `witness A ${goldenLog.vkey}\nquorum A\n`],
    ['a witness of the same key under another name', `witness A ${w1}\nwitness B ${w1}\nquorum none\n`],
    ['a name twice', `witness A ${w1}\nwitness A ${w2}\nquorum none\n`],
    ['a group named as a witness', `witness A ${w1}\ngroup A any A\nquorum A\n`],
    ['a witness named none', `witness none ${w1}\nquorum none\n`],
    ['none as a member', 'group G any none\nquorum G\n'],
    ['a group that names a later one', `group G any A\nwitness A ${w1}\nquorum G\n`],
    ['a group of itself', 'group G any G\nquorum G\n'],
    ['a member named twice', `witness A ${w1}\ngroup G any A A\nquorum G\n`],
    ['a member of two groups', `witness A ${w1}\ngroup G any A\ngroup H any A\nquorum G\n`],
    ['an empty group', 'group G all\nquorum G\n'],
    ['a threshold of 0', `witness A ${w1}\ngroup G 0 A\nquorum G\n`],
    ['a threshold above its members', `witness A ${w1}\ngroup G 2 A\nquorum G\n`],
    ['a threshold with a leading zero', `witness A ${w1}\ngroup G 01 A\nquorum G\n`],
    ['a quorum that stands nowhere', 'quorum A\n'],
    ['a word too many', 'quorum none none\n'],
    ['a no-break space as separator', 'quorum\u00a0none\n'],
  ])('is refused with %s', (_, file) => {
    expect(() => parsePolicyOrThrow(file)).toThrow(MalformedInput);
  });

  it('takes no key for a log and for a witness of it, in either order', () => {
    const signer = portableSigner(new Uint8Array(32).fill(9));
    const log = `log ${formatVkey(createNoteSigner('log.example', signer).key)}\n`;
    const witness = `witness own ${formatVkey(createCosigner('witness.example', signer).key)}\n`;
    for (const lines of [log + witness, witness + log])
      expect(() => parsePolicyOrThrow(`${lines}quorum own\n`)).toThrow('line 2: one key for a log and a witness');
  });

  it('says in which line the trouble is', () => {
    expect(() => parsePolicyOrThrow(`# keys\nlog ${goldenLog.vkey}\nquorum A\n`)).toThrow('line 3');
  });
});
