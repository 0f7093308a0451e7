import {
  base64Encode,
  bytesEqual,
  parseAnswerOrThrow,
  verifyAnswer,
  type AcceptedAnswer,
  type AnswerBody,
  type Leaf,
} from '@aidtrail/envelope';
import {
  CompactRange,
  createTreeHasher,
  parseCheckpointOrThrow,
  parseNoteOrThrow,
  type ReadLogFile,
} from '@aidtrail/public-log';
import { openLogCheckpoint } from '../log/log-checkpoint.js';
import { eventKeyIn } from './event-keys.js';
import { isIncluded, leafIn, type IncludedEntry } from './included-entry.js';
import { entriesOf } from './log-entries.js';
import type { ReceiptTrust } from './receipt.js';

/**
 * How the ledger can break its word. `refused_but_logged`: it refused a command for good, and the command is in the log.
 * `confirmed_otherwise`: it confirmed one leaf, and another stands in the log as that event. `confirmed_but_absent`: it
 * confirmed a leaf, and has signed a tree that goes on days after the promised time, in which that leaf is not.
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
  /** The entry that contradicts the answer; for `confirmed_but_absent` the one that starts a day after the promised time. */
  readonly entry?: IncludedEntry;
  /** For `confirmed_but_absent`: the log's first entry, which says whether its days are those of a calendar. */
  readonly opening?: IncludedEntry;
}

/** Why something proves no broken promise. */
export type PromiseObjection =
  | 'checkpoint_not_signed'
  | 'answer_not_signed'
  | 'entry_not_included'
  | 'entry_does_not_contradict'
  | 'not_due'
  | 'leaf_is_in_the_log'
  | 'log_is_another';

/**
 * Untrusted: `promise`. Undefined if it proves that the ledger broke its word; else why not. That a leaf is nowhere in a log
 * only the whole log can show: what else `confirmed_but_absent` needs is checked, and the answer is `needs_log`; the ledger
 * is to be asked for an inclusion proof of the leaf. Witnesses do not matter: all of it is the ledger's own word.
 *
 * Throws MalformedInput for an answer that is none.
 */
export function objectionTo(
  promise: BrokenPromise,
  { policy, verifier, sha256 }: ReceiptTrust,
): PromiseObjection | 'needs_log' | undefined {
  const hasher = createTreeHasher(sha256);
  const signed = openLogCheckpoint(promise.checkpoint, policy, verifier);
  if (typeof signed === 'string') return 'checkpoint_not_signed';
  const { checkpoint } = signed;
  const { body } = parseAnswerOrThrow(promise.answer);
  if (body.log !== checkpoint.origin || !isIncluded(promise.key, checkpoint, hasher)) return 'entry_not_included';
  const key = eventKeyIn(promise.key, sha256);
  if (key === undefined || !verifyAnswer(verifier, promise.answer, key.publicKey)) return 'answer_not_signed';
  const { entry } = promise;
  if (entry === undefined || !isIncluded(entry, checkpoint, hasher)) return 'entry_not_included';
  const leaf = leafIn(entry.entry);
  if (promise.kind === 'confirmed_but_absent') {
    const { opening } = promise;
    if (opening === undefined || !isIncluded(opening, checkpoint, hasher)) return 'entry_not_included';
    const isOver = leaf !== undefined && 'accepted' in body && startsDayAfter(leaf, body) && hasCalendarDays(opening);
    return isOver ? 'needs_log' : 'not_due';
  }
  const leafHash = base64Encode(hasher.leafHash(entry.entry));
  return leaf !== undefined && contradiction(body, leaf, leafHash) === promise.kind
    ? undefined
    : 'entry_does_not_contradict';
}

/** The same with the files of the log at hand, so that there is always an answer. Throws MalformedInput for missing ones. */
export async function objectionInLog(
  promise: BrokenPromise,
  trust: ReceiptTrust,
  read: ReadLogFile,
): Promise<PromiseObjection | undefined> {
  const objection = objectionTo(promise, trust);
  if (objection !== 'needs_log') return objection;
  const { body } = parseAnswerOrThrow(promise.answer);
  const checkpoint = parseCheckpointOrThrow(parseNoteOrThrow(promise.checkpoint).text);
  const hasher = createTreeHasher(trust.sha256);
  const range = new CompactRange(hasher);
  for await (const { entry } of entriesOf(read, checkpoint.size)) {
    const leafHash = hasher.leafHash(entry);
    if ('accepted' in body && base64Encode(leafHash) === body.accepted.leafHash) return 'leaf_is_in_the_log';
    range.append(leafHash);
  }
  return bytesEqual(range.root(), checkpoint.root) ? undefined : 'log_is_another';
}

/** Whether and how a leaf of the log contradicts an answer. */
export function contradiction(answer: AnswerBody, leaf: Leaf, leafHash: string): BrokenPromiseKind | undefined {
  if ('refused' in answer)
    return 'body' in leaf.command && leaf.command.body.id === answer.command ? 'refused_but_logged' : undefined;
  return leaf.id === answer.accepted.event && leafHash !== answer.accepted.leafHash ? 'confirmed_otherwise' : undefined;
}

/** Days begin up to 14 hours before they do in UTC, and an audit lets them begin 12 hours early; the rest is grace. */
const GRACE_MILLISECONDS = 48 * 3_600_000;

/**
 * Whether a leaf starts a day by which the promise was over: whatever the ledger had confirmed stands before it, or was
 * never published in time. What a cosignature says of the time would not do: a witness asked again dates an old tree anew.
 */
export function startsDayAfter({ type, stream, data }: Leaf, { accepted }: AcceptedAnswer): boolean {
  if (type !== 'DayStarted' || stream !== 'calendar-main' || typeof data['day'] !== 'string') return false;
  return Date.parse(`${data['day']}T00:00:00Z`) >= Date.parse(accepted.publishBy) + GRACE_MILLISECONDS;
}

/** Untrusted: the entry. Whether a log that opens with it counts days as the calendar does; a demo plays many in a minute. */
export function hasCalendarDays({ index, entry }: Pick<IncludedEntry, 'index' | 'entry'>): boolean {
  const leaf = index === 0 ? leafIn(entry) : undefined;
  return leaf?.type === 'LedgerOpened' && leaf.data['demo'] !== true;
}
