import { base64Encode, parseAnswerOrThrow, verifyAnswer, type AnswerBody, type Leaf } from '@aidtrail/envelope';
import {
  CompactRange,
  createTreeHasher,
  isQuorum,
  openWitnessedCheckpointOrThrow,
  type LogPolicy,
  type ReadLogFile,
  type WitnessedCheckpoint,
} from '@aidtrail/public-log';
import { eventKeyIn } from './event-keys.js';
import { isIncluded, leafIn, type IncludedEntry } from './included-entry.js';
import { entriesOf } from './log-entries.js';
import type { ReceiptTrust } from './receipt.js';

/**
 * How the ledger can break its word. `refused_but_logged`: it refused a command for good, and the command is in the log.
 * `confirmed_otherwise`: it confirmed one leaf, and another stands in the log as that event. `confirmed_but_absent`: it
 * confirmed a leaf, and its witnesses saw a later tree, after the promised time, in which that leaf is not.
 */
export type BrokenPromiseKind = 'refused_but_logged' | 'confirmed_otherwise' | 'confirmed_but_absent';

/** The ledger's signed answer, and what shows that it was not kept. */
export interface BrokenPromise {
  readonly kind: BrokenPromiseKind;
  /** The answer as the ledger signed it. */
  readonly answer: Uint8Array;
  /** A checkpoint of the log, a signed note; every inclusion proof is under it. */
  readonly checkpoint: string;
  /** The entry that brought in the event key which signed the answer. */
  readonly key: IncludedEntry;
  /** The entry that contradicts the answer; absent for `confirmed_but_absent`. */
  readonly entry?: IncludedEntry;
}

/** Why something proves no broken promise. */
export type PromiseObjection =
  | 'answer_not_signed'
  | 'entry_not_included'
  | 'entry_does_not_contradict'
  | 'not_due'
  | 'leaf_is_in_the_log'
  | 'log_is_another';

/**
 * Untrusted: `promise`, and what `read` gives. Undefined if it proves that the ledger broke its word; else why not. That a
 * leaf is nowhere in a log only the whole log can show: for `confirmed_but_absent` its files are read through `read`;
 * without it the answer is `needs_log`, and the ledger is to be asked for an inclusion proof of the leaf.
 *
 * Throws MalformedInput or NoteRejected for an answer or a checkpoint that the policy cannot take.
 */
export async function objectionTo(
  promise: BrokenPromise,
  { policy, verifier, sha256 }: ReceiptTrust,
  read?: ReadLogFile,
): Promise<PromiseObjection | 'needs_log' | undefined> {
  const hasher = createTreeHasher(sha256);
  const witnessed = openWitnessedCheckpointOrThrow(promise.checkpoint, policy, verifier);
  const { checkpoint } = witnessed;
  const { body } = parseAnswerOrThrow(promise.answer);
  if (body.log !== checkpoint.origin || !isIncluded(promise.key, checkpoint, hasher)) return 'entry_not_included';
  const key = eventKeyIn(promise.key, sha256);
  if (key === undefined || !verifyAnswer(verifier, promise.answer, key.publicKey)) return 'answer_not_signed';
  if (promise.kind !== 'confirmed_but_absent') {
    const { entry } = promise;
    if (entry === undefined || !isIncluded(entry, checkpoint, hasher)) return 'entry_not_included';
    const leaf = leafIn(entry.entry);
    const leafHash = base64Encode(hasher.leafHash(entry.entry));
    return leaf !== undefined && contradiction(body, leaf, leafHash) === promise.kind
      ? undefined
      : 'entry_does_not_contradict';
  }
  if (!isOverdue(body, witnessed, policy)) return 'not_due';
  return read === undefined ? 'needs_log' : searchAll(read, body, { witnessed, sha256 });
}

/** Whether and how a leaf of the log contradicts an answer. */
export function contradiction(answer: AnswerBody, leaf: Leaf, leafHash: string): BrokenPromiseKind | undefined {
  if ('refused' in answer)
    return 'body' in leaf.command && leaf.command.body.id === answer.command ? 'refused_but_logged' : undefined;
  return leaf.id === answer.accepted.event && leafHash !== answer.accepted.leafHash ? 'confirmed_otherwise' : undefined;
}

/** Whether a quorum of witnesses had seen this checkpoint as the newest when the promised time was over. */
export function isOverdue(answer: AnswerBody, { cosignedBy }: WitnessedCheckpoint, policy: LogPolicy): boolean {
  if ('refused' in answer || policy.quorum.kind === 'none') return false;
  const dueSeconds = Date.parse(answer.accepted.publishBy) / 1000;
  const late = cosignedBy.filter(({ time }) => time > dueSeconds).map(({ witness }) => witness);
  return isQuorum(policy.quorum, new Set(late));
}

async function searchAll(
  read: ReadLogFile,
  body: AnswerBody,
  { witnessed, sha256 }: { readonly witnessed: WitnessedCheckpoint } & Pick<ReceiptTrust, 'sha256'>,
): Promise<PromiseObjection | undefined> {
  const hasher = createTreeHasher(sha256);
  const range = new CompactRange(hasher);
  for await (const { entry } of entriesOf(read, witnessed.checkpoint.size)) {
    const leafHash = hasher.leafHash(entry);
    if ('accepted' in body && base64Encode(leafHash) === body.accepted.leafHash) return 'leaf_is_in_the_log';
    range.append(leafHash);
  }
  return base64Encode(range.root()) === base64Encode(witnessed.checkpoint.root) ? undefined : 'log_is_another';
}
