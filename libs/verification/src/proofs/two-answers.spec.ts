import { beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode, MalformedInput, sha256, signAnswer, utf8Encode, type Signer } from '@aidtrail/envelope';
import { createTreeHasher } from '@aidtrail/public-log';
import { createLedgerHarness, newSigner, type HarnessInternals, type LedgerHarness } from '@aidtrail/testing/ledger';
import { verifier } from '@aidtrail/testing/reading';
import { openRelief } from '@aidtrail/testing/relief';
import {
  checkFraudProof,
  formatFraudProof,
  parseFraudProofOrThrow,
  type FraudProof,
} from '../log/fraud/fraud-proof.js';
import { PublishedLog } from './published.testing.js';
import type { ReceiptTrust } from './receipt.js';
import { proveTwoAnswersOrThrow, type TwoAnswersProof } from './two-answers.js';

let h: LedgerHarness & HarnessInternals;
let log: PublishedLog;
let trust: ReceiptTrust;
beforeAll(async () => {
  h = await createLedgerHarness();
  await openRelief(h);
  log = new PublishedLog(h);
  await log.publish({ time: 1_780_000_000 });
  trust = { policy: log.policy, verifier, sha256 };
});

const hash = (text: string): string => base64Encode(sha256(utf8Encode(text)));
const command = '3f2b6c1e-9d4a-4c7b-8a11-5e0d2f6b7c88';
const event = '5f0a4ab3-6f6a-5a44-9b7e-0f2d8c1e7a10';

interface About {
  readonly command?: string;
  readonly body?: string;
  readonly by?: Signer;
  readonly log?: string;
}
const head = (about: About) =>
  ({
    v: 1,
    log: about.log ?? h.origin,
    command: about.command ?? command,
    bodyHash: hash(about.body ?? 'body'),
  }) as const;
const confirmed = (
  leaf: string,
  { publishBy = '2026-06-02T16:00:02Z', ...about }: About & { publishBy?: string } = {},
) => signAnswer({ ...head(about), accepted: { leafHash: hash(leaf), event, publishBy } }, about.by ?? h.eventSigner);
const refused = (code: string, about: About = {}) =>
  signAnswer({ ...head(about), refused: { code } }, about.by ?? h.eventSigner);

const prove = (first: Uint8Array, second: Uint8Array) => proveTwoAnswersOrThrow(log.read, [first, second], trust);
const check = (proof: FraudProof) =>
  checkFraudProof(parseFraudProofOrThrow(formatFraudProof(proof)), { ...trust, hasher: createTreeHasher(sha256) });

describe('two answers to one command', () => {
  it.each([
    ['a confirmation and a refusal', () => [confirmed('a'), refused('voucher_expired')]],
    ['a refusal and a confirmation', () => [refused('voucher_expired'), confirmed('a')]],
    ['confirmations of two leaves', () => [confirmed('a'), confirmed('b')]],
  ])('contradict each other: %s, and a third party sees it with the policy alone', async (_what, make) => {
    const [first, second] = make() as [Uint8Array, Uint8Array];
    const proof = await prove(first, second);
    expect(check(proof as TwoAnswersProof)).toMatchObject({ proven: true, log: h.origin });
  });

  it.each([
    ['the same one twice', () => [confirmed('a'), confirmed('a')]],
    ['of one leaf, by two times', () => [confirmed('a'), confirmed('a', { publishBy: '2026-06-03T16:00:02Z' })]],
    ['to two commands', () => [confirmed('a'), refused('voucher_expired', { command: event.replace('-5', '-4') })]],
    ['to one id with other bytes', () => [confirmed('a'), refused('voucher_expired', { body: 'other' })]],
    ['two refusals', () => [refused('voucher_expired'), refused('voucher_unknown')]],
  ])('do not: %s', async (_what, make) => {
    const [first, second] = make() as [Uint8Array, Uint8Array];
    expect(await prove(first, second)).toBeUndefined();
    const proof = (await prove(confirmed('a'), confirmed('b'))) as TwoAnswersProof;
    const claimed = { ...proof, first: base64Encode(first), second: base64Encode(second) };
    expect(check(claimed)).toMatchObject({ proven: false, why: expect.stringContaining('do not contradict') });
  });

  it('prove nothing of a ledger that did not sign both', async () => {
    const forged = refused('voucher_expired', { by: newSigner() });
    await expect(prove(confirmed('a'), forged)).rejects.toThrow(MalformedInput);
    const foreign = refused('voucher_expired', { log: 'other.example/log' });
    await expect(prove(confirmed('a'), foreign)).rejects.toThrow('another log');
    const proof = (await prove(confirmed('a'), confirmed('b'))) as TwoAnswersProof;
    for (const changed of [
      { second: base64Encode(forged) },
      { secondKey: { ...proof.secondKey, index: 1 } },
      { firstKey: { ...proof.firstKey, proof: [] } },
      { second: 'AAAA' },
      { checkpoint: 'no note\n' },
    ])
      expect(check({ ...proof, ...changed })).toMatchObject({ proven: false });
  });
});
