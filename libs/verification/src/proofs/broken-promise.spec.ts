import { beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode, MalformedInput, sha256, signAnswer, utf8Encode, type AcceptedAnswer } from '@aidtrail/envelope';
import { createTreeHasher, type ReadLogFile } from '@aidtrail/public-log';
import { createLedgerHarness, newSigner, type HarnessInternals, type LedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOf, verifier } from '@aidtrail/testing/reading';
import { giveAndTransfer, openRelief, type ReliefScenario } from '@aidtrail/testing/relief';
import { startDay } from '@aidtrail/testing/settling';
import { checkFraudProof, formatFraudProof, parseFraudProofOrThrow } from '../log/fraud/fraud-proof.js';
import { fileOfPromise, promiseIn } from './broken-promise-file.js';
import { objectionInLog, objectionTo, type BrokenPromise } from './broken-promise.js';
import type { IncludedEntry } from './included-entry.js';
import { judgeAnswerOrThrow } from './judge-answer.js';
import { PublishedLog } from './published.testing.js';
import type { ReceiptTrust } from './receipt.js';

/** The end of 2 June in the ledger's time zone, and two slots. */
const PUBLISH_BY = '2026-06-02T16:00:02Z';
/** The first day that begins more than two days later by UTC. */
const LATER_DAY = '2026-06-05';
const NEXT_YEAR = Date.parse('2027-06-01T00:00:00Z') / 1000;

let h: LedgerHarness & HarnessInternals;
let relief: ReliefScenario;
let log: PublishedLog;
/** The log as it was before a day started that lies after the promised time. */
let beforeTime: ReadonlyMap<string, Uint8Array>;
let trust: ReceiptTrust;
/** An honest confirmation, and the command and event that it is about. */
let confirmation: Uint8Array;
let known: { readonly command: string; readonly event: string; readonly leafHash: string };

const hash = (text: string): string => base64Encode(sha256(utf8Encode(text)));
const unknownId = '3f2b6c1e-9d4a-4c7b-8a11-5e0d2f6b7c88';

beforeAll(async () => {
  h = await createLedgerHarness({ isDemo: false });
  relief = await openRelief(h);
  await giveAndTransfer(h, relief, [30_000]);
  const result = await h.submit({ type: 'StartDay', data: { day: '2026-06-02' } }, [relief.keys.service]);
  if (result.kind !== 'accepted') throw new Error('The day did not start.');
  confirmation = result.answerBytes;
  await giveAndTransfer(h, relief, [1]);
  const leaves = await leavesOf(h.store);
  const { leaf, stored } = leaves.find((one) => one.leaf.type === 'DayStarted') ?? {};
  if (leaf === undefined || stored === undefined || !('body' in leaf.command)) throw new Error('No day started.');
  const leafHash = base64Encode(sha256(Uint8Array.of(0, ...stored.bytes)));
  known = { command: leaf.command.body.id, event: leaf.id, leafHash };
  log = new PublishedLog(h);
  await log.publish({ time: NEXT_YEAR });
  beforeTime = new Map(log.files);
  await startDay(h, relief, LATER_DAY);
  await log.publish({ time: NEXT_YEAR });
  trust = { policy: log.policy, verifier, sha256 };
});

/** What the operator may sign, true or not. */
const confirmed = (about: Partial<AcceptedAnswer['accepted']> & { readonly command?: string }): Uint8Array => {
  const { command = known.command, ...accepted } = about;
  const full = { leafHash: known.leafHash, event: known.event, publishBy: PUBLISH_BY, ...accepted };
  return signAnswer({ v: 1, log: h.origin, command, bodyHash: hash('body'), accepted: full }, h.eventSigner);
};
const refused = (command: string): Uint8Array =>
  signAnswer(
    { v: 1, log: h.origin, command, bodyHash: hash('body'), refused: { code: 'voucher_expired' } },
    h.eventSigner,
  );
const judge = (answer: Uint8Array, read: ReadLogFile = log.read) => judgeAnswerOrThrow(read, answer, trust);

async function proofOf(answer: Uint8Array): Promise<BrokenPromise> {
  const judgement = await judge(answer);
  if (judgement.verdict !== 'broken') throw new Error(`The answer is ${judgement.verdict}.`);
  return judgement.proof;
}

describe('an answer that was kept', () => {
  it('a confirmed event stands in the log', async () => {
    const { verdict, ...rest } = await judge(confirmation);
    expect(verdict).toBe('kept');
    expect(rest).toHaveProperty('index');
  });

  it('a refused command does not', async () => {
    expect(await judge(refused(unknownId))).toMatchObject({ verdict: 'kept' });
  });

  it('is open while the log does not go on for days after the promised time, however late an old tree is cosigned', async () => {
    const answer = confirmed({ leafHash: hash('nowhere'), event: unknownId });
    const old: ReadLogFile = async (path) => beforeTime.get(path);
    expect(await judge(answer, old)).toMatchObject({ verdict: 'open', publishBy: PUBLISH_BY });
    const later = confirmed({ leafHash: hash('nowhere'), event: unknownId, publishBy: '2026-06-03T16:00:02Z' });
    expect(await judge(later)).toMatchObject({ verdict: 'open' });
  });

  it('is open for ever in a demo, whose days say nothing of the time', async () => {
    const demo = await createLedgerHarness();
    const demoLog = new PublishedLog(demo);
    await startDay(demo, await openRelief(demo), LATER_DAY);
    await demoLog.publish({ time: NEXT_YEAR });
    const promise = { leafHash: hash('nowhere'), event: unknownId, publishBy: PUBLISH_BY };
    const answer = signAnswer(
      { v: 1, log: demo.origin, command: unknownId, bodyHash: hash('body'), accepted: promise },
      demo.eventSigner,
    );
    const judgement = await judgeAnswerOrThrow(demoLog.read, answer, { ...trust, policy: demoLog.policy });
    expect(judgement).toMatchObject({ verdict: 'open' });
  });
});

describe('a broken promise', () => {
  it('of a refusal: the command stands in the log, and a third party sees it without the log', async () => {
    const proof = await proofOf(refused(known.command));
    expect(proof.kind).toBe('refused_but_logged');
    expect(objectionTo(proof, trust)).toBeUndefined();
  });

  it('of a confirmation: another leaf stands in the place of the confirmed one', async () => {
    const proof = await proofOf(confirmed({ leafHash: hash('another leaf') }));
    expect(proof.kind).toBe('confirmed_otherwise');
    expect(objectionTo(proof, trust)).toBeUndefined();
  });

  it('of a confirmation: the leaf is nowhere, though the log goes on for days; that needs the whole log', async () => {
    const proof = await proofOf(confirmed({ leafHash: hash('nowhere'), event: unknownId }));
    expect(proof.kind).toBe('confirmed_but_absent');
    expect(objectionTo(proof, trust)).toBe('needs_log');
    expect(await objectionInLog(proof, trust, log.read)).toBeUndefined();
  });
});

describe('what proves nothing', () => {
  it('an answer that the ledger did not sign', async () => {
    const stranger = newSigner();
    const forged = signAnswer(
      { v: 1, log: h.origin, command: known.command, bodyHash: hash('body'), refused: { code: 'voucher_expired' } },
      stranger,
    );
    await expect(judge(forged)).rejects.toThrow('no event key');
    const proof = await proofOf(refused(known.command));
    expect(objectionTo({ ...proof, answer: forged }, trust)).toBe('answer_not_signed');
  });

  it('an honest answer put beside a leaf that does not contradict it', async () => {
    const proof = await proofOf(refused(known.command));
    expect(objectionTo({ ...proof, answer: confirmation }, trust)).toBe('entry_does_not_contradict');
    expect(objectionTo({ ...proof, answer: refused(unknownId) }, trust)).toBe('entry_does_not_contradict');
    expect(objectionTo({ ...proof, kind: 'confirmed_otherwise' }, trust)).toBe('entry_does_not_contradict');
  });

  it('an entry that is not in the log, or a key that is not the ledger’s', async () => {
    const proof = await proofOf(refused(known.command));
    const entry = proof.entry as NonNullable<BrokenPromise['entry']>;
    expect(objectionTo({ ...proof, entry: { ...entry, index: entry.index + 1 } }, trust)).toBe('entry_not_included');
    expect(objectionTo({ ...proof, key: { ...proof.key, index: 1 } }, trust)).toBe('entry_not_included');
    expect(objectionTo({ ...proof, key: entry }, trust)).toBe('answer_not_signed');
    const { entry: _entry, ...without } = proof;
    expect(objectionTo(without, trust)).toBe('entry_not_included');
  });

  it('a promise that is not due, or kept after all', async () => {
    const proof = await proofOf(confirmed({ leafHash: hash('nowhere'), event: unknownId }));
    const later = confirmed({ leafHash: hash('nowhere'), event: unknownId, publishBy: '2026-06-03T16:00:02Z' });
    expect(objectionTo({ ...proof, answer: later }, trust)).toBe('not_due');
    expect(objectionTo({ ...proof, entry: proof.opening as IncludedEntry }, trust)).toBe('not_due');
    expect(objectionTo({ ...proof, opening: proof.entry as IncludedEntry }, trust)).toBe('not_due');
    const { opening: _opening, ...without } = proof;
    expect(objectionTo(without, trust)).toBe('entry_not_included');
    const moved = { ...(proof.entry as IncludedEntry), index: 0 };
    expect(objectionTo({ ...proof, entry: moved }, trust)).toBe('entry_not_included');
    expect(await objectionInLog({ ...proof, answer: confirmed({}) }, trust, log.read)).toBe('leaf_is_in_the_log');
  });

  it('files that are not the checkpoint’s log', async () => {
    const files = new Map(log.files);
    const path = [...files.keys()].findLast((name) => name.startsWith('tile/entries/')) as string;
    const bytes = Uint8Array.from(files.get(path) as Uint8Array);
    bytes[40] = (bytes[40] as number) ^ 1;
    files.set(path, bytes);
    const read: ReadLogFile = async (name) => files.get(name);
    await expect(judge(refused(known.command), read)).rejects.toThrow(MalformedInput);
    const proof = await proofOf(confirmed({ leafHash: hash('nowhere'), event: unknownId }));
    expect(await objectionInLog(proof, trust, read)).toBe('log_is_another');
  });

  it('an answer of another log', async () => {
    const body = {
      v: 1,
      command: known.command,
      bodyHash: hash('body'),
      refused: { code: 'voucher_expired' },
    } as const;
    const foreign = signAnswer({ ...body, log: 'other.example/log' }, h.eventSigner);
    await expect(judge(foreign)).rejects.toThrow('another log');
  });
});

describe('the file of a broken promise', () => {
  const check = (file: string) =>
    checkFraudProof(parseFraudProofOrThrow(file), { ...trust, hasher: createTreeHasher(sha256) });

  it('is read and checked by a third party with the policy alone', async () => {
    const file = formatFraudProof(fileOfPromise(await proofOf(refused(known.command))));
    expect(check(file)).toMatchObject({ proven: true, log: h.origin });
  });

  it('says that absence needs the whole log', async () => {
    const absent = await proofOf(confirmed({ leafHash: hash('nowhere'), event: unknownId }));
    const file = formatFraudProof(fileOfPromise(absent));
    expect(check(file)).toMatchObject({ proven: false, why: expect.stringContaining('only the whole log shows') });
    const [proof] = [parseFraudProofOrThrow(file)];
    if (proof.kind !== 'broken_promise') throw new Error('The file holds something else.');
    expect(await objectionInLog(promiseIn(proof), trust, log.read)).toBeUndefined();
  });

  it('proves nothing with an answer that is none', async () => {
    const proof = fileOfPromise(await proofOf(refused(known.command)));
    expect(check(formatFraudProof({ ...proof, answer: 'AAAA' }))).toMatchObject({ proven: false });
    expect(check(formatFraudProof({ ...proof, checkpoint: 'hello\n' }))).toMatchObject({ proven: false });
  });
});
