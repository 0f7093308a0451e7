import {
  base64Encode,
  bytesEqual,
  MalformedInput,
  parseAnswerOrThrow,
  utf8Encode,
  utf8DecodeOrThrow,
  verifyAnswer,
  type AnswerBody,
} from '@aidtrail/envelope';
import {
  CompactRange,
  createTreeHasher,
  openWitnessedCheckpointOrThrow,
  type ReadLogFile,
  type TreeHasher,
} from '@aidtrail/public-log';
import {
  contradiction,
  hasCalendarDays,
  startsDayAfter,
  type BrokenPromise,
  type BrokenPromiseKind,
} from './broken-promise.js';
import { eventKeyIn, mayBringEventKey } from './event-keys.js';
import { holdsBytes } from './find-event.js';
import { includeOrThrow, leafIn } from './included-entry.js';
import { entriesOf } from './log-entries.js';
import { NEWEST_CHECKPOINT, WITNESSED_CHECKPOINT } from './make-receipt.js';
import type { ReceiptTrust } from './receipt.js';

/** What the log says of a signed answer. `size` is that of the checkpoint that was looked at. */
export type Judgement =
  | { readonly verdict: 'kept'; readonly size: number; readonly index?: number }
  /** Confirmed and not in the log, but nothing in the log shows that the promised time is over. */
  | { readonly verdict: 'open'; readonly size: number; readonly publishBy: string }
  | { readonly verdict: 'broken'; readonly size: number; readonly proof: BrokenPromise };

/**
 * Untrusted: `answer`, and what `read` gives. Holds an answer that the ledger signed against its published log: a
 * confirmed leaf must be in it, a refused command must not. Reads the whole log and holds it to the newest witnessed
 * checkpoint. Throws MalformedInput for an answer that this log's ledger did not sign and for files that are not the
 * checkpoint's tree, NoteRejected for a checkpoint that the policy does not take.
 */
export async function judgeAnswerOrThrow(
  read: ReadLogFile,
  answer: Uint8Array,
  trust: ReceiptTrust,
): Promise<Judgement> {
  const { policy, verifier, sha256 } = trust;
  const { body, signature } = parseAnswerOrThrow(answer);
  const note = (await read(WITNESSED_CHECKPOINT)) ?? (await read(NEWEST_CHECKPOINT));
  if (note === undefined) throw notThisLog('the log has no checkpoint yet');
  const witnessed = openWitnessedCheckpointOrThrow(note, policy, verifier);
  const { checkpoint } = witnessed;
  if (body.log !== checkpoint.origin) throw notThisLog('the answer is of another log');
  const hasher = createTreeHasher(sha256);
  const found = await search(read, body, { ...trust, size: checkpoint.size, hasher, keyId: signature.key });
  if (!bytesEqual(found.root, checkpoint.root)) throw notThisLog('its files are not the tree of its checkpoint');
  if (found.key === undefined) throw notThisLog('its ledger has no event key with this id');
  if (!verifyAnswer(verifier, answer, found.key.publicKey)) throw notThisLog('the signature of the answer is wrong');
  const { size } = checkpoint;
  const at = { checkpoint, hasher };
  const key = await includeOrThrow(read, found.key, at);
  const evidence = { answer, checkpoint: utf8DecodeOrThrow(note), key };
  if (found.against !== undefined) {
    const entry = await includeOrThrow(read, found.against, at);
    return { verdict: 'broken', size, proof: { kind: found.against.kind, ...evidence, entry } };
  }
  if ('refused' in body) return { verdict: 'kept', size };
  if (found.index !== undefined) return { verdict: 'kept', size, index: found.index };
  const { opening, laterDay } = found;
  if (opening === undefined || laterDay === undefined)
    return { verdict: 'open', size, publishBy: body.accepted.publishBy };
  const proven = {
    entry: await includeOrThrow(read, laterDay, at),
    opening: await includeOrThrow(read, opening, at),
  };
  return { verdict: 'broken', size, proof: { kind: 'confirmed_but_absent', ...evidence, ...proven } };
}

interface Found {
  readonly root: Uint8Array;
  readonly key: FoundKey | undefined;
  /** Where the confirmed leaf stands. */
  readonly index: number | undefined;
  readonly against: (FoundEntry & { readonly kind: BrokenPromiseKind }) | undefined;
  /** The first entry, if the days of the log are those of a calendar. */
  readonly opening: FoundEntry | undefined;
  /** The first entry that starts a day after the promised time. */
  readonly laterDay: FoundEntry | undefined;
}

interface FoundEntry {
  readonly index: number;
  readonly entry: Uint8Array;
}

interface FoundKey extends FoundEntry {
  readonly publicKey: Uint8Array;
}

async function search(
  read: ReadLogFile,
  body: AnswerBody,
  on: ReceiptTrust & { readonly size: number; readonly hasher: TreeHasher; readonly keyId: string },
): Promise<Found> {
  const range = new CompactRange(on.hasher);
  let key: FoundKey | undefined;
  let confirmedAt: number | undefined;
  let against: Found['against'];
  let opening: FoundEntry | undefined;
  let laterDay: FoundEntry | undefined;
  const wanted = utf8Encode('refused' in body ? body.command : body.accepted.event);
  for await (const { index, entry } of entriesOf(read, on.size)) {
    const leafHash = on.hasher.leafHash(entry);
    range.append(leafHash);
    const isKeySought = key === undefined && mayBringEventKey({ index, entry });
    const brought = isKeySought ? eventKeyIn({ index, entry }, on.sha256) : undefined;
    if (brought?.keyId === on.keyId) key = { index, entry, publicKey: brought.publicKey };
    if (index === 0 && hasCalendarDays({ index, entry })) opening = { index, entry };
    if (laterDay === undefined && 'accepted' in body && holdsBytes(entry, DAY_STARTED)) {
      const day = leafIn(entry);
      if (day !== undefined && startsDayAfter(day, body)) laterDay = { index, entry };
    }
    if (!holdsBytes(entry, wanted)) continue;
    const hash = base64Encode(leafHash);
    if ('accepted' in body && hash === body.accepted.leafHash) confirmedAt ??= index;
    const leaf = leafIn(entry);
    const kind = leaf === undefined ? undefined : contradiction(body, leaf, hash);
    if (kind !== undefined) against ??= { kind, index, entry };
  }
  return { root: range.root(), key, index: confirmedAt, against, opening, laterDay };
}

const DAY_STARTED = utf8Encode('"DayStarted"');

function notThisLog(why: string): MalformedInput {
  return new MalformedInput('bad_shape', `The answer cannot be held against this log: ${why}.`);
}
