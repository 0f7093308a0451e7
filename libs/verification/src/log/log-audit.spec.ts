import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base64DecodeOrThrow, base64Encode, portableSigner, sha256, utf8Encode } from '@aidtrail/envelope';
import { parsePolicyOrThrow, TILE_WIDTH } from '@aidtrail/public-log';
import {
  cosign,
  logSignerForSpecs,
  publishLog,
  witnessesForSpecs,
  type PublishedLog,
  type PublishOptions,
} from '@aidtrail/testing/published-log';
import { treeHasher as hasher } from '@aidtrail/testing/ledger';
import { verifier } from '@aidtrail/testing/reading';
import type { Finding } from '../findings/finding.js';
import { inlineEntryHashing } from './entry-hashing.js';
import { checkFraudProof } from './fraud/fraud-proof.js';
import { openLogCheckpoint, type LogCheckpoint } from './log-checkpoint.js';
import type { AnchorClaim } from '../rules/anchors.js';
import { auditLog, type LogAuditOutcome } from './log-audit.js';
import type { LogFiles } from './log-files.js';

const trustOf = (policy: string) => ({
  policy: parsePolicyOrThrow(policy),
  ...{ verifier, hasher, sha256 },
});
const witnesses = witnessesForSpecs(2);
const options: PublishOptions = { origin: 'log.example/specs', witnesses };
const entry = (i: number): Uint8Array => utf8Encode(`entry ${i} ${'x'.repeat(i % 40)}`);
const entries = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => entry(i));

interface Audited extends LogAuditOutcome {
  readonly findings: readonly Finding[];
  readonly codes: readonly string[];
  readonly read: readonly Uint8Array[];
}

function memoryFiles(files: Pick<ReadonlyMap<string, Uint8Array>, 'get'>): LogFiles {
  return {
    read: (path, atMost) => {
      const bytes = files.get(path);
      return Promise.resolve(bytes !== undefined && bytes.length > atMost ? 'too_large' : bytes);
    },
  };
}

async function audit(
  log: Pick<PublishedLog, 'policy'> & { readonly files: Pick<ReadonlyMap<string, Uint8Array>, 'get'> },
  more: { readonly earlier?: LogCheckpoint; readonly anchors?: readonly AnchorClaim[]; readonly pin?: Uint8Array } = {},
): Promise<Audited> {
  const findings: Finding[] = [];
  const read: Uint8Array[] = [];
  const outcome = await auditLog(memoryFiles(log.files), {
    ...trustOf(log.policy),
    hashing: inlineEntryHashing(hasher),
    report: (finding) => void findings.push(finding),
    openingHash: more.pin ?? hasher.leafHash(entry(0)),
    ...(more.earlier === undefined ? {} : { earlier: more.earlier }),
    reader: {
      take: (bytes) => void read.push(bytes.slice()),
      room: () => Promise.resolve(),
      anchors: () => more.anchors ?? [],
    },
  });
  return { ...outcome, findings, codes: findings.map(({ code }) => code), read };
}

const earlierOf = (log: PublishedLog): LogCheckpoint =>
  openLogCheckpoint(log.checkpoint, parsePolicyOrThrow(log.policy), verifier) as LogCheckpoint;
const flipped = (bytes: Uint8Array | undefined, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes ?? []);
  const at = Math.floor(bit / 8) % copy.length;
  copy[at] = (copy[at] as number) ^ (1 << (bit % 8));
  return copy;
};

const SIZE = 2 * TILE_WIDTH + 10;
let whole: PublishedLog;
beforeAll(() => {
  whole = publishLog(entries(SIZE), options);
});
const copyOf = (log: PublishedLog): PublishedLog => ({ ...log, files: new Map(log.files) });

describe('an audit of a log that is as it was signed', () => {
  it.each([1, 2, TILE_WIDTH - 1, TILE_WIDTH, TILE_WIDTH + 1, SIZE])(
    'finds nothing in one of %d entries',
    async (size) => {
      const { findings, hasRoot, read, witnessed, taken } = await audit(publishLog(entries(size), options));
      expect(findings).toEqual([]);
      expect([hasRoot, taken, witnessed?.checkpoint.size]).toEqual([true, size, size]);
      expect(read).toEqual(entries(size));
    },
  );

  it('finds nothing where the partial tiles have given way to full ones meanwhile', async () => {
    const grown = copyOf(publishLog(entries(3 * TILE_WIDTH), options));
    for (const path of ['checkpoint', 'witnessed-checkpoint'])
      grown.files.set(path, whole.files.get(path) as Uint8Array);
    // The row above the leaves is still partial in both: an operator keeps it until it is full.
    grown.files.set('tile/1/000.p/2', whole.files.get('tile/1/000.p/2') as Uint8Array);
    expect(await audit(grown)).toMatchObject({ findings: [], hasRoot: true, entries: SIZE });
  });

  it('finds nothing where the log grows, and is witnessed, between any two reads', async () => {
    const [before, after] = [300, 310].map((size) => publishLog(entries(size), options));
    // What there was stays: an operator keeps partial tiles until they are full.
    const grown = new Map([...before!.files, ...after!.files]);
    for (let readsBefore = 0; readsBefore < 4; readsBefore += 1) {
      let reads = 0;
      const growing = { get: (path: string) => (reads++ < readsBefore ? before! : { files: grown }).files.get(path) };
      expect(await audit({ policy: before!.policy, files: growing })).toMatchObject({ findings: [], hasRoot: true });
    }
  });

  it('says how far it is witnessed, which is no finding', async () => {
    const log = publishLog(entries(SIZE), { ...options, witnessedSize: 300 });
    expect(await audit(log)).toMatchObject({ findings: [], witnessed: { checkpoint: { size: 300 } } });
  });

  it('accepts what an earlier audit has kept', async () => {
    for (const size of [1, 255, 256, 257, SIZE]) {
      const earlier = earlierOf(publishLog(entries(size), options));
      expect((await audit(whole, { earlier })).findings).toEqual([]);
    }
  });

  it('asks for no witnesses where the policy asks for none', async () => {
    const log = publishLog(entries(3), { origin: options.origin });
    expect(await audit(log)).toMatchObject({ findings: [], witnessed: undefined, hasRoot: true });
  });
});

describe('an audit of a log that somebody changed', () => {
  it('finds any flipped bit of any file: a finding, or a cosignature less', async () => {
    const paths = [...whole.files.keys()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), async (path, bit) => {
        const log = copyOf(whole);
        log.files.set(path, flipped(log.files.get(path), bit));
        const { codes, checkpoint } = await audit(log);
        // A cosignature under a name that the policy does not know is nobody's: it is lost, and counts for nothing.
        if (path === 'checkpoint' && codes.length === 0) expect(checkpoint?.cosigned.length).toBe(1);
        else expect(codes).not.toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('names the entry that was edited, and goes on with the others', async () => {
    const log = copyOf(whole);
    const edited = publishLog(entries(SIZE).with(300, utf8Encode('other')), options);
    log.files.set('tile/entries/001', edited.files.get('tile/entries/001') as Uint8Array);
    const { findings, taken } = await audit(log);
    expect(findings).toEqual([
      expect.objectContaining({ code: 'tile_differs', leaf: 300, subject: 'tile/0/001' }),
      expect.objectContaining({ code: 'tile_differs', subject: 'tile/1/000.p/2' }),
      expect.objectContaining({ code: 'root_differs', subject: `${SIZE}` }),
    ]);
    expect(taken).toBe(SIZE);
  });

  const forgeries: readonly [string, (all: Uint8Array[]) => Uint8Array[]][] = [
    ['edited', (all) => all.with(7, utf8Encode('edited'))],
    ['dropped', (all) => all.toSpliced(7, 1, entry(SIZE))],
    ['inserted', (all) => all.toSpliced(7, 0, utf8Encode('inserted')).slice(0, SIZE)],
    ['put in another order', (all) => all.with(7, entry(8)).with(8, entry(7))],
    ['repeated', (all) => all.with(8, entry(7))],
  ];
  it.each(forgeries)('finds an entry %s and all tiles made to fit, under the old checkpoint', async (_, forge) => {
    const forged = copyOf(publishLog(forge(entries(SIZE)), options));
    for (const path of ['checkpoint', 'witnessed-checkpoint'])
      forged.files.set(path, whole.files.get(path) as Uint8Array);
    expect((await audit(forged)).codes).toEqual(['root_differs']);
  });

  it('checks what is left when entries are missing, cut off or too many, with hashes in their place', async () => {
    for (const [damage, code] of [
      [undefined, 'file_missing'],
      [(whole.files.get('tile/entries/000') as Uint8Array).slice(0, -1), 'bundle_malformed'],
      [new Uint8Array([...(whole.files.get('tile/entries/000') as Uint8Array), 0, 0]), 'bundle_malformed'],
      [new Uint8Array(17_000_000), 'file_too_large'],
    ] as const) {
      const log = copyOf(whole);
      if (damage === undefined) log.files.delete('tile/entries/000');
      else log.files.set('tile/entries/000', damage);
      const { findings, hasRoot, entries: read, taken } = await audit(log);
      expect(findings).toMatchObject([{ code, subject: 'tile/entries/000' }]);
      expect([hasRoot, read, taken]).toEqual([true, SIZE - TILE_WIDTH, 0]);
    }
  });

  it('finds tiles of each row that are missing, cut off, too long or of another log', async () => {
    for (const path of ['tile/0/000', 'tile/0/002.p/10', 'tile/1/000.p/2']) {
      const bytes = whole.files.get(path) as Uint8Array;
      for (const [damage, code] of [
        [undefined, 'file_missing'],
        [bytes.slice(1), 'tile_differs'],
        [new Uint8Array([...bytes.slice(32), ...bytes.slice(0, 32)]), 'tile_differs'],
        [new Uint8Array(10_000), 'file_too_large'],
      ] as const) {
        const log = copyOf(whole);
        if (damage === undefined) log.files.delete(path);
        else log.files.set(path, damage);
        const { findings, hasRoot } = await audit(log);
        expect([path, findings]).toMatchObject([path, [{ code, subject: path }]]);
        expect(hasRoot).toBe(true);
      }
    }
  });

  it('ends where a signed checkpoint promises more than anybody could store', async () => {
    const small = publishLog(entries(1), { origin: options.origin });
    const [origin, , root] = small.checkpoint.split('\n');
    const text = `${origin}\n${2 ** 50}\n${root}\n`;
    const { createNoteSigner, signNote } = await import('@aidtrail/public-log');
    const note = signNote(text, [createNoteSigner(options.origin, logSignerForSpecs)]);
    small.files.set('checkpoint', utf8Encode(note));
    const { codes } = await audit(small);
    expect(codes).toContain('files_given_up');
    expect(codes.length).toBeLessThan(1_000);
  });
});

describe('checkpoints', () => {
  const withCheckpoint = (note: string | Uint8Array | undefined, path = 'checkpoint'): PublishedLog => {
    const log = copyOf(whole);
    if (note === undefined) log.files.delete(path);
    else log.files.set(path, typeof note === 'string' ? utf8Encode(note) : note);
    return log;
  };
  const stranger = portableSigner(new Uint8Array(32).fill(99));

  it.each([
    ['is missing', undefined, 'checkpoint_missing'],
    ['is no note', 'nonsense', 'checkpoint_malformed'],
    ['is no text', new Uint8Array([0xff, 0xfe]), 'checkpoint_malformed'],
    ['is far too long', new Uint8Array(300_000), 'file_too_large'],
    [
      'is signed by another key',
      () => publishLog(entries(SIZE), { ...options, signer: stranger, witnesses: [] }).checkpoint,
      'checkpoint_not_signed',
    ],
    [
      'is of another log',
      () => publishLog(entries(SIZE), { origin: 'log.example/other' }).checkpoint,
      'checkpoint_of_another_log',
    ],
  ] as const)('one that %s is found, and the witnessed one is audited instead', async (_, note, code) => {
    const { codes, hasRoot } = await audit(withCheckpoint(typeof note === 'function' ? note() : note));
    expect([codes, hasRoot]).toEqual([[code], true]);
  });

  it('a signature of the log’s key over something else is told apart from none', async () => {
    const other = publishLog(entries(3), options).checkpoint;
    const signature = other.split('\n\n')[1] as string;
    const text = whole.checkpoint.split('\n\n')[0] as string;
    expect((await audit(withCheckpoint(`${text}\n\n${signature}`))).codes).toContain('checkpoint_signature_invalid');
  });

  it('a forged cosignature is found, and does not count', async () => {
    const { checkpoint } = publishLog(entries(SIZE), { ...options, witnesses: [] });
    const pretender = [{ name: 'witness-1', signer: witnesses[0]?.signer ?? stranger }];
    const cosigned = cosign(checkpoint, pretender)
      .replace(/(witness-1 .{40})./, '$1A')
      .replace(/(witness-1 .{39})A/, '$1B');
    const log = withCheckpoint(cosigned);
    expect((await audit(log)).findings).toMatchObject([
      { code: 'cosignature_invalid', subject: 'checkpoint: witness-1' },
    ]);
  });

  it('no witnessed one, or one that too few have cosigned, is a finding under a policy that asks for witnesses', async () => {
    const bare = publishLog(entries(SIZE), { ...options, witnesses: [] }).checkpoint;
    const half = cosign(bare, witnesses.slice(0, 1));
    const log = withCheckpoint(bare);
    log.files.delete('witnessed-checkpoint');
    expect((await audit(log)).codes).toEqual(['not_witnessed']);
    log.files.set('witnessed-checkpoint', utf8Encode(half));
    expect((await audit(log)).codes).toEqual(['quorum_not_met', 'not_witnessed']);
  });

  it('an opening other than the pinned one is found', async () => {
    const { findings } = await audit(whole, { pin: new Uint8Array(32) });
    expect(findings).toMatchObject([{ code: 'opening_differs', leaf: 0 }]);
  });

  it('an empty log under a policy that pins its opening is found', async () => {
    const empty = publishLog([], options);
    expect((await audit(empty, { pin: new Uint8Array(32) })).codes).toEqual(['opening_missing']);
  });

  it('commands may only name trees of this log', async () => {
    const root = async (size: number): Promise<string> =>
      base64Encode((await audit(publishLog(entries(size), options))).tree?.root() ?? new Uint8Array());
    const anchors = [
      { size: 0, root: base64Encode(hasher.emptyRoot), leaf: 0 },
      { size: 1, root: await root(1), leaf: 1 },
      { size: 300, root: await root(300), leaf: 300 },
      { size: 512, root: await root(512), leaf: 515 },
      { size: SIZE, root: await root(SIZE), leaf: SIZE },
    ];
    expect(await audit(whole, { anchors })).toMatchObject({ findings: [], anchors: anchors.length });
    const { findings } = await audit(whole, {
      anchors: [
        { size: 300, root: await root(299), leaf: 400 },
        { size: SIZE + 1, root: await root(1), leaf: 2 },
      ],
    });
    expect(findings).toMatchObject([{ code: 'anchor_differs', leaf: 400 }]);
  });
});

describe('a log that shows another history', () => {
  const other = (size: number): PublishedLog => publishLog(entries(size).with(5, utf8Encode('another past')), options);

  it('of the same size is found, with a proof that a third party can check', async () => {
    const { findings, fraud } = await audit(whole, { earlier: earlierOf(other(SIZE)) });
    expect(findings).toMatchObject([{ code: 'history_rewritten', subject: 'an earlier audit' }]);
    expect(fraud).toMatchObject([{ kind: 'two_roots' }]);
    expect(fraud.map((proof) => checkFraudProof(proof, trustOf(whole.policy)))).toMatchObject([{ proven: true }]);
  });

  it.each([6, 255, 256, 300, 512])('that has grown since %d entries is found, with a proof', async (size) => {
    const { findings, fraud } = await audit(whole, { earlier: earlierOf(other(size)) });
    expect(findings).toMatchObject([{ code: 'history_rewritten', subject: 'an earlier audit' }]);
    expect(fraud.map((proof) => [proof.kind, checkFraudProof(proof, trustOf(whole.policy))])).toMatchObject([
      ['history_rewritten', { proven: true }],
    ]);
  });

  it('is found by its own witnessed checkpoint as well', async () => {
    const log = copyOf(whole);
    log.files.set('witnessed-checkpoint', utf8Encode(other(300).checkpoint));
    const { findings, fraud } = await audit(log);
    expect(findings).toMatchObject([{ code: 'history_rewritten', subject: 'witnessed-checkpoint' }]);
    expect(fraud.map((proof) => checkFraudProof(proof, trustOf(log.policy)).proven)).toEqual([true]);
  });

  it('that is shorter than it was is found', async () => {
    const earlier = earlierOf(whole);
    const { findings, fraud } = await audit(publishLog(entries(300), options), { earlier });
    expect(findings).toMatchObject([{ code: 'checkpoint_rolled_back', expected: SIZE, actual: 300 }]);
    expect(fraud).toEqual([]);
  });
});

describe('roots of a tree', () => {
  it('are those of RFC 6962 at any size', async () => {
    const { tree } = await audit(whole);
    for (const size of [0, 1, 3, 255, 256, 257, 511, 512, 513, SIZE]) {
      const root = await tree?.proofs().rootAt(size);
      const alone = publishLog(entries(size), { origin: options.origin }).checkpoint.split('\n')[2] as string;
      expect([size, root]).toEqual([size, base64DecodeOrThrow(alone)]);
    }
  });
});
