import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { canonicalize, parseLeafOrThrow, utf8Encode } from '@aidtrail/envelope';
import {
  logSignerForSpecs,
  publishLog,
  resignLeaf,
  witnessesForSpecs,
  type PublishedLog,
} from '@aidtrail/testing/published-log';
import fc from 'fast-check';
import { Audits, liveLog, type LiveLog } from './audited-log.testing.js';
import { killRemaining } from './program.testing.js';

/**
 * What can be done to a published log, against the built command line. By somebody with the files alone; and by an operator
 * who has the log's key and the event key as well: then the tree is whole, and only the rules tell.
 */
const witnesses = witnessesForSpecs(2).map((one) => ({ ...one, url: 'http://127.0.0.1:7500/' }));
let audits: Audits;
let live: LiveLog;
let honest: PublishedLog;

const publish = (of: readonly Uint8Array[]): PublishedLog => publishLog(of, { origin: live.origin, witnesses });
const withFiles = (change: (files: Map<string, Uint8Array>) => void): PublishedLog => {
  const files = new Map(honest.files);
  change(files);
  return { ...honest, files };
};
const fileOf = (path: string): Uint8Array => honest.files.get(path) ?? new Uint8Array();
/** The log as it is forged, signed by nobody anew. */
const underOldCheckpoint = (forged: readonly Uint8Array[]): PublishedLog => {
  const files = new Map(publish(forged).files);
  for (const path of ['checkpoint', 'witnessed-checkpoint']) files.set(path, fileOf(path));
  return { ...honest, files };
};
/** Index of the first leaf of a type. */
const placeOf = (type: string): number => live.leaves.findIndex((leaf) => parseLeafOrThrow(leaf).type === type);
const leafAt = (index: number): Uint8Array => live.leaves[index] ?? new Uint8Array();

beforeAll(async () => {
  audits = await Audits.begin();
  live = await liveLog();
  honest = publish(live.leaves);
});
afterAll(async () => {
  await killRemaining();
  await audits.end();
});

describe('an audit by the built program', () => {
  it('finds nothing in an honest log, says what it could not check, and that witnesses on its machine are not independent', async () => {
    const { exitCode, report } = await audits.of(honest);
    expect([exitCode, report.result, report.findings]).toEqual([0, 'clean', []]);
    expect(report.counts).toMatchObject({ entries: live.leaves.length, entriesByRules: live.leaves.length });
    expect(Object.keys(report.notChecked)).toContain('amount_exceeds_basket');
    expect(report.witnessed.by.map(({ loopback }) => loopback)).toEqual([true, true]);
    const text = await audits.textOf(honest);
    expect(text).toContain('Nothing was found');
    expect(text).toContain('not independent');
    expect(text).toContain('too few have an address outside the log’s own machines');
    expect(text).not.toContain('The witnesses have seen');
    expect(text).toContain('amount_exceeds_basket');
  });

  it('checks the rules that need disclosures once it is given them', async () => {
    const lines = live.disclosures.map((line) => `${JSON.stringify(line)}\n`).join('');
    const { exitCode, report } = await audits.of(honest, { disclosures: lines });
    expect([exitCode, report.findings]).toEqual([0, []]);
    expect(report.notChecked['amount_exceeds_basket'] ?? 0).toBe(0);
  });

  it('cannot run without a log, a policy or an earlier checkpoint that can be read, and says so', async () => {
    expect(await audits.run('audit', '--log', 'nowhere', '--policy', 'nowhere')).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('policy'),
    });
    expect(await audits.of(honest, { since: 'nonsense' })).toMatchObject({ exitCode: 2 });
    expect(await audits.of(honest, { disclosures: '{"index":1,"index":1,"disclosures":[]}\n' })).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('Line 1'),
    });
    expect(await audits.of({ ...honest, policy: 'log nonsense\nquorum none\n' })).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('line 1'),
    });
  });
});

describe('somebody with the files alone', () => {
  const last = (): Uint8Array => utf8Encode('{}');
  const forgeries: readonly [string, (all: readonly Uint8Array[]) => readonly Uint8Array[]][] = [
    ['edits', (all) => all.with(7, resignLeaf(leafAt(7), { day: '2026-06-05' }, live.eventSigner))],
    ['drops', (all) => [...all.toSpliced(7, 1), last()]],
    ['inserts', (all) => all.toSpliced(7, 0, leafAt(8)).slice(0, -1)],
    ['moves', (all) => all.with(7, leafAt(8)).with(8, leafAt(7))],
    ['repeats', (all) => all.with(8, leafAt(7))],
  ];
  it.each(forgeries)('%s an entry, and makes all tiles fit', async (_, forge) => {
    const { exitCode, codes } = await audits.of(underOldCheckpoint(forge(live.leaves)));
    expect(exitCode).toBe(1);
    expect(codes).toContain('root_differs');
  });

  it('flips any bit of any file', async () => {
    const paths = [...honest.files.keys()].filter((path) => path !== 'checkpoint');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), async (path, bit) => {
        const flipped = Uint8Array.from(fileOf(path));
        const at = Math.floor(bit / 8) % flipped.length;
        flipped[at] = (flipped[at] as number) ^ (1 << (bit % 8));
        const { exitCode, codes } = await audits.of(withFiles((files) => files.set(path, flipped)));
        expect([path, exitCode, codes.length > 0]).toEqual([path, 1, true]);
      }),
      { numRuns: 8 },
    );
  });

  it.each([
    ['cuts off a file of entries', 'tile/entries/000', (bytes: Uint8Array) => bytes.slice(0, -1), 'bundle_malformed'],
    ['takes a file of entries away', 'tile/entries/000', undefined, 'file_missing'],
    ['puts 17 MB in its place', 'tile/entries/000', () => new Uint8Array(17_000_000), 'file_too_large'],
    ['cuts off a tile', 'tile/0/000', (bytes: Uint8Array) => bytes.slice(0, -1), 'tile_differs'],
    ['takes a tile away', 'tile/0/000', undefined, 'file_missing'],
    ['takes the checkpoint away', 'checkpoint', undefined, 'checkpoint_missing'],
    ['takes the witnessed checkpoint away, and the cosignatures', 'witnessed-checkpoint', undefined, 'not_witnessed'],
  ] as const)('%s', async (_, path, change, code) => {
    const log = withFiles((files) => {
      if (change === undefined) files.delete(path);
      else files.set(path, change(fileOf(path)));
      if (code !== 'not_witnessed') return;
      files.set('checkpoint', publishLog(live.leaves, { origin: live.origin }).files.get('checkpoint') as Uint8Array);
    });
    const { exitCode, codes } = await audits.of(log);
    expect([exitCode, codes]).toEqual([1, [code]]);
  });

  it('signs a checkpoint with a key of their own', async () => {
    const signer = sodiumSigner(new Uint8Array(32).fill(66));
    const forged = publishLog(live.leaves, { origin: live.origin, witnesses, signer });
    const { exitCode, codes } = await audits.of({ ...honest, files: forged.files });
    expect([exitCode, codes]).toEqual([1, expect.arrayContaining(['checkpoint_not_signed'])]);
  });
});

describe('an operator who has the keys', () => {
  it('shows a shorter log than before', async () => {
    const { exitCode, codes } = await audits.of(publish(live.leaves.slice(0, -3)), { since: honest.checkpoint });
    expect([exitCode, codes]).toEqual([1, expect.arrayContaining(['checkpoint_rolled_back'])]);
  });

  it.each([
    ['of the same length', 0, 'two_roots'],
    ['that has grown since', 3, 'history_rewritten'],
  ])('shows another history %s, and leaves a proof of it that anybody can check', async (_, shorter, kind) => {
    const other = live.leaves.with(5, leafAt(6)).slice(0, live.leaves.length - shorter);
    const since = publish(other).checkpoint;
    const { exitCode, codes, proofs } = await audits.of(honest, { since });
    expect([exitCode, codes]).toEqual([1, ['history_rewritten']]);
    expect(proofs.map((proof) => (JSON.parse(proof) as { readonly kind: string }).kind)).toEqual([kind]);
    expect(await audits.checkProof(proofs[0] ?? '', honest.policy)).toMatchObject({ exitCode: 0 });
  });

  it('opens another ledger than the one that was pinned', async () => {
    const opening = resignLeaf(leafAt(0), { day: '2026-06-02' }, live.eventSigner);
    const { codes } = await audits.of({ ...publish(live.leaves.with(0, opening)), policy: honest.policy });
    expect(codes).toContain('opening_differs');
  });

  it('is of a newer version in one entry: the audit ends there, unless the ledger has not signed that entry', async () => {
    const type = 'VoucherRedeemed2';
    const last = live.leaves.length - 1;
    const signed = resignLeaf(leafAt(last), { type }, live.eventSigner);
    const newer = await audits.of(publish(live.leaves.with(last, signed)));
    expect([newer.exitCode, newer.report.result, newer.report.findings]).toEqual([2, 'incomplete', []]);
    expect(newer.output).toContain(`The leaf at index ${last} is a ${type}`);
    const altered = utf8Encode(canonicalize({ ...parseLeafOrThrow(signed), day: '2026-06-01' }));
    const strange = resignLeaf(leafAt(last), { type }, sodiumSigner(new Uint8Array(32).fill(9)));
    for (const [leaf, code] of [
      [altered, 'ledger_signature_invalid'],
      [strange, 'event_key_wrong'],
    ] as const) {
      const { exitCode, report, codes } = await audits.of(publish(live.leaves.with(last, leaf)));
      expect([exitCode, report.counts.entriesByRules, codes]).toEqual([1, last, [code]]);
    }
  });

  it('is empty: not the log whose opening was pinned, or nothing that could be checked', async () => {
    const empty = publish([]);
    const pinned = await audits.of({ ...empty, policy: honest.policy });
    expect([pinned.exitCode, pinned.codes]).toEqual([1, ['opening_missing']]);
    const unpinned = await audits.of({ ...empty, policy: honest.policy.replace(/# aidtrail-leaf0.*\n/, '') });
    expect([unpinned.exitCode, unpinned.report.result, unpinned.codes]).toEqual([2, 'incomplete', []]);
    expect(unpinned.output).toContain('has no entries yet');
  });

  const hostile: readonly [string, () => Uint8Array][] = [
    ['a name twice', () => utf8Encode(textOf(7).replace('"v":1,', '"v":1,"v":1,'))],
    ['half of a surrogate pair', () => utf8Encode(textOf(7).replace('"day":"', '"day":"\\ud800'))],
    ['bytes that are no text', () => Uint8Array.from([...leafAt(7), 0xff])],
    ['brackets without end', () => utf8Encode('['.repeat(60_000))],
    [
      'a text of 60,000 letters',
      () => utf8Encode(canonicalize({ ...parseLeafOrThrow(leafAt(7)), log: 'x'.repeat(60_000) })),
    ],
    ['nothing', () => new Uint8Array()],
    ['a number with a fraction', () => utf8Encode(textOf(7).replace('"v":1,', '"v":1.0,'))],
  ];
  const textOf = (index: number): string => new TextDecoder().decode(leafAt(index));
  it.each(hostile)('signs an entry of %s, and leaves a proof of it', async (_, entry) => {
    const { exitCode, codes, report, proofs } = await audits.of(publish(live.leaves.with(7, entry())));
    expect(exitCode).toBe(1);
    expect(codes).toContain('leaf_malformed');
    expect(report.findings.find(({ code }) => code === 'leaf_malformed')).toMatchObject({ leaf: 7 });
    expect(report.counts.entriesByRules).toBe(live.leaves.length);
    expect(await audits.checkProof(proofs[0] ?? '', honest.policy)).toMatchObject({ exitCode: 0 });
    // It shows nothing against a log that other people trust.
    const stranger = publishLog(live.leaves, {
      origin: 'log.example/other',
      signer: sodiumSigner(new Uint8Array(32).fill(3)),
    });
    expect(await audits.checkProof(proofs[0] ?? '', stranger.policy)).toMatchObject({ exitCode: 1 });
  });

  it('puts 10 MB where an entry should be', async () => {
    const length = 10_000_000;
    const bundle = new Uint8Array(2 + length);
    const log = withFiles((files) => files.set('tile/entries/000', bundle));
    const { exitCode, codes } = await audits.of(log);
    expect([exitCode, codes]).toEqual([1, ['bundle_malformed']]);
  });

  it('signs a leaf whose ledger signature is of another leaf, and leaves a proof of it', async () => {
    const index = placeOf('VoucherRedeemed');
    const { sig } = parseLeafOrThrow(leafAt(index - 1));
    const forged = utf8Encode(canonicalize({ ...parseLeafOrThrow(leafAt(index)), sig }));
    const { exitCode, report, proofs } = await audits.of(publish(live.leaves.with(index, forged)));
    expect(exitCode).toBe(1);
    expect(report.findings).toMatchObject([{ code: 'ledger_signature_invalid', leaf: index }]);
    expect(await audits.checkProof(proofs[0] ?? '', honest.policy)).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['the till', 0, 'actor_signature_invalid'],
    ['the holder', 1, 'second_signature_invalid'],
  ] as const)('invents the signature of %s, and leaves a proof of it', async (_, number, code) => {
    const index = placeOf('VoucherRedeemed');
    const { command } = parseLeafOrThrow(leafAt(index));
    if (!('body' in command)) throw new Error('A redemption has a command.');
    const sigs = command.sigs.map((one, i) => (i === number ? { ...one, sig: `${'A'.repeat(86)}==` } : one));
    const forged = resignLeaf(leafAt(index), { command: { ...command, sigs } }, live.eventSigner);
    const { exitCode, report, proofs } = await audits.of(publish(live.leaves.with(index, forged)));
    expect(exitCode).toBe(1);
    expect(report.findings).toMatchObject([{ code, leaf: index }]);
    expect(await audits.checkProof(proofs[0] ?? '', honest.policy)).toMatchObject({ exitCode: 0 });
    const changed = (proofs[0] ?? '').replace(/"index": \d+/, '"index": 3');
    expect(await audits.checkProof(changed, honest.policy)).toMatchObject({ exitCode: 1 });
  });

  it('hands out a file that is no fraud proof', async () => {
    for (const file of [
      '',
      '{}',
      '{"format":"aidtrail-fraud-proof/v1","kind":"two_roots","first":"x","second":"y","more":1}',
    ])
      expect(await audits.checkProof(file, honest.policy)).toMatchObject({ exitCode: 2 });
  });

  it('drops, repeats or moves an entry and signs the log anew: the rules tell', async () => {
    const index = placeOf('VoucherRedeemed');
    for (const forged of [
      live.leaves.toSpliced(placeOf('VoucherClaimed'), 1),
      live.leaves.toSpliced(index, 0, leafAt(index)),
      live.leaves.with(index, leafAt(index - 1)).with(index - 1, leafAt(index)),
    ]) {
      const { exitCode, codes } = await audits.of(publish(forged));
      expect([exitCode, codes.length > 0, codes.includes('root_differs')]).toEqual([1, true, false]);
    }
  });

  it('signs the log with the key of nobody’s policy', async () => {
    const signer = logSignerForSpecs;
    const log = publishLog(live.leaves, { origin: 'log.example/elsewhere', signer });
    expect(await audits.of({ ...honest, files: log.files })).toMatchObject({ exitCode: 1 });
  });
});
