import {
  base64DecodeOrThrow,
  base64Encode,
  MalformedInput,
  parseAnswerOrThrow,
  verifyAnswer,
  type Answer,
  type AnswerBody,
} from '@aidtrail/envelope';
import { createTreeHasher, type ReadLogFile } from '@aidtrail/public-log';
import { z } from 'zod';
import { defineFraud, members, notProven, signedCheckpoint, type FraudTrust } from '../log/fraud/fraud-kind.js';
import { openLogCheckpoint, type LogCheckpoint } from '../log/log-checkpoint.js';
import { eventKeyIn, findEventKey } from './event-keys.js';
import { decodedEntry, encodedEntry, includedEntry } from './included-entry-file.js';
import { includeOrThrow, isIncluded, type IncludedEntry } from './included-entry.js';
import { NEWEST_CHECKPOINT, WITNESSED_CHECKPOINT } from './make-receipt.js';
import type { ReceiptTrust } from './receipt.js';

const schema = z.strictObject({
  kind: z.literal('two_answers'),
  first: members.bytes,
  second: members.bytes,
  checkpoint: members.note,
  firstKey: includedEntry,
  secondKey: includedEntry,
});

export type TwoAnswersProof = z.infer<typeof schema>;

/**
 * Two answers that the ledger signed to one command, the same id and the same bytes: it confirmed it and refused it, or
 * confirmed two different leaves. One of them is a lie, whatever stands in the log.
 */
export const twoAnswers = defineFraud({
  schema,
  check: (proof, trust) => {
    const opened = signedCheckpoint(proof.checkpoint, trust);
    if (opened === undefined) return notProven('The checkpoint in it is not signed by a log of the policy.');
    const [first, second] = [answerIn(proof.first), answerIn(proof.second)];
    if (first === undefined || second === undefined) return notProven('An answer in it is none.');
    if (!contradictEachOther(first.body, second.body))
      return notProven('The answers in it do not contradict each other.');
    for (const [answer, key] of [
      [proof.first, proof.firstKey],
      [proof.second, proof.secondKey],
    ] as const)
      if (!isSignedUnder(base64DecodeOrThrow(answer), decodedEntry(key), opened, trust))
        return notProven('An answer in it is not signed by an event key that the log has brought in.');
    if (first.body.log !== opened.checkpoint.origin) return notProven('The answers in it are of another log.');
    return {
      proven: true,
      log: first.body.log,
      zh: '账本就同一条指令签署了两个互相矛盾的答复。',
      en: 'The ledger signed two answers to one command that contradict each other.',
    };
  },
});

/**
 * Whether no honest ledger gives both. An answer says of a command, by its id and its bytes, what became of it for good;
 * the ledger keeps what it has said, and says it again.
 */
function contradictEachOther(a: AnswerBody, b: AnswerBody): boolean {
  if (a.log !== b.log || a.command !== b.command || a.bodyHash !== b.bodyHash) return false;
  if ('refused' in a || 'refused' in b) return 'refused' in a !== 'refused' in b;
  return a.accepted.leafHash !== b.accepted.leafHash || a.accepted.event !== b.accepted.event;
}

/**
 * Untrusted: the answers, and what `read` gives. The evidence if two answers contradict each other; undefined if they do
 * not. Throws MalformedInput for what is no answer of this log's ledger, and for files that are not those of its checkpoint.
 */
export async function proveTwoAnswersOrThrow(
  read: ReadLogFile,
  [first, second]: readonly [Uint8Array, Uint8Array],
  trust: ReceiptTrust,
): Promise<TwoAnswersProof | undefined> {
  const note = (await read(NEWEST_CHECKPOINT)) ?? (await read(WITNESSED_CHECKPOINT));
  const opened = note === undefined ? 'checkpoint_missing' : openLogCheckpoint(note, trust.policy, trust.verifier);
  if (typeof opened === 'string')
    throw new MalformedInput('bad_shape', `The log has no checkpoint to go by (${opened}).`);
  const firstKey = await keyOfOrThrow(read, first, { opened, trust });
  const secondKey = await keyOfOrThrow(read, second, { opened, trust });
  if (!contradictEachOther(parseAnswerOrThrow(first).body, parseAnswerOrThrow(second).body)) return undefined;
  return {
    ...{ kind: 'two_answers', first: base64Encode(first), second: base64Encode(second), checkpoint: opened.note },
    ...{ firstKey: encodedEntry(firstKey), secondKey: encodedEntry(secondKey) },
  };
}

async function keyOfOrThrow(
  read: ReadLogFile,
  answer: Uint8Array,
  { opened, trust }: { readonly opened: LogCheckpoint; readonly trust: ReceiptTrust },
): Promise<IncludedEntry> {
  const { checkpoint } = opened;
  const { body, signature } = parseAnswerOrThrow(answer);
  if (body.log !== checkpoint.origin) throw new MalformedInput('bad_shape', 'The answer is of another log.');
  const key = await findEventKey(read, { keyId: signature.key, size: checkpoint.size, sha256: trust.sha256 });
  if (key === undefined || !verifyAnswer(trust.verifier, answer, key.publicKey))
    throw new MalformedInput('bad_shape', 'The answer is not signed by an event key of this log’s ledger.');
  return includeOrThrow(read, key, { checkpoint, hasher: createTreeHasher(trust.sha256) });
}

function isSignedUnder(
  answer: Uint8Array,
  entry: IncludedEntry,
  { checkpoint }: LogCheckpoint,
  { verifier, hasher, sha256 }: FraudTrust,
): boolean {
  const key = isIncluded(entry, checkpoint, hasher) ? eventKeyIn(entry, sha256) : undefined;
  return key !== undefined && verifyAnswer(verifier, answer, key.publicKey);
}

function answerIn(encoded: string): Answer | undefined {
  try {
    return parseAnswerOrThrow(base64DecodeOrThrow(encoded));
  } catch (fault) {
    if (fault instanceof MalformedInput) return undefined;
    throw fault;
  }
}
