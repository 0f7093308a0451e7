import { setTimeout as sleep } from 'node:timers/promises';
import { base64Encode, parseAnswerOrThrow, utf8DecodeOrThrow } from '@aidtrail/envelope';
import type { EventStore, StoredEvent } from '@aidtrail/event-store';
import {
  CompactRange,
  signCheckpoint,
  type CompactRangeState,
  type NoteSigner,
  type TreeHasher,
} from '@aidtrail/public-log';
import type { CheckpointLookup, Clock, SignedCheckpoint } from '../ports.js';

/** A signed checkpoint with the right edge of its tree, from which the next one is computed. */
export interface StoredCheckpoint extends SignedCheckpoint {
  readonly range: CompactRangeState;
}

/**
 * Where signed checkpoints are kept. `add` is a compare-and-swap: it stores `next` only while `previousSize` is the
 * size of the newest one, and reports whether it did. That is what keeps two processes from signing two histories.
 */
export interface CheckpointStore extends CheckpointLookup {
  newest(): Promise<StoredCheckpoint | undefined>;
  /** The note of the signed checkpoint of exactly this size, verbatim, or undefined if none was signed. */
  noteAt(size: number): Promise<string | undefined>;
  add(next: StoredCheckpoint, previousSize: number): Promise<boolean>;
}

export interface CheckpointerOptions {
  readonly store: EventStore;
  readonly checkpoints: CheckpointStore;
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly hasher: TreeHasher;
  readonly clock: Clock;
  /** Fewest voucher events that one slot may publish before the day ends; see "No timestamps by the back door". */
  readonly k: number;
  readonly slotMilliseconds: number;
  readonly utcOffsetMinutes: number;
  /**
   * Called when a slot is about to be signed, so that what it appends is in the checkpoint. It is waited for at most
   * `BEFORE_SIGNING_MILLISECONDS`: it may make a checkpoint a little later, and never stop one. What it appends later is
   * in the next.
   */
  readonly beforeSigning?: () => Promise<void>;
  /** Told when `beforeSigning` rejects; the checkpoint is signed all the same. */
  readonly onFault?: (fault: unknown) => void;
}

/** Public figures are projected and signed in a fraction of it. */
export const BEFORE_SIGNING_MILLISECONDS = 1_000;

/** Leaves that no checkpoint covers yet. */
interface Pending {
  /** Size of the checkpoint that they follow. */
  readonly from: number;
  readonly range: CompactRange;
  /** When this process first saw one of them. */
  readonly since: number;
  voucherEvents: number;
  dayStarted: boolean;
  /** The earliest promise to publish (RFC 3339) among the leaves before `searchedTo`. */
  promise: string | undefined;
  searchedTo: number;
}

/**
 * Signs a checkpoint per slot. A slot in which nothing happened has none; one with fewer than k voucher events waits
 * until there are k, a new day has started in the ledger, or the local day has ended, so that a checkpoint does not
 * tell the minute of a single redemption.
 *
 * A crash before `add` loses nothing: the next tick computes the same tree again. A crash after it leaves a checkpoint
 * that the next tick starts from. The tree is always extended from what was signed last, so it cannot fork.
 */
export class Checkpointer {
  private pending: Pending | undefined;
  private running: Promise<SignedCheckpoint | undefined> | undefined;

  constructor(private readonly options: CheckpointerOptions) {}

  /** Runs one slot; with `force` also below k. Resolves to the checkpoint that was signed, if any. */
  async tick(options: { readonly force?: boolean } = {}): Promise<SignedCheckpoint | undefined> {
    while (this.running !== undefined) await this.running.catch(() => undefined);
    this.running = this.runSlot(options.force ?? false).finally(() => (this.running = undefined));
    return this.running;
  }

  /** Ticks where slots end, counted from midnight, until the signal aborts. */
  async run(signal: AbortSignal, onFault: (fault: unknown) => void): Promise<void> {
    while (!signal.aborted) {
      const { clock, slotMilliseconds } = this.options;
      // An abort rejects, and ends the loop.
      await sleep(slotMilliseconds - (clock() % slotMilliseconds), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.tick().catch(onFault);
    }
  }

  /**
   * Until when (RFC 3339) an event appended now is published at the latest: two slots after its local day's end, one of
   * which the append may take, and one the checkpoint.
   */
  publishBy(): string {
    const deadline = this.endOfLocalDay(this.options.clock()) + 2 * this.options.slotMilliseconds;
    return `${new Date(Math.ceil(deadline / 1000) * 1000).toISOString().slice(0, 19)}Z`;
  }

  private async runSlot(force: boolean): Promise<SignedCheckpoint | undefined> {
    const newest = await this.options.checkpoints.newest();
    const base = newest?.size ?? 0;
    const head = await this.options.store.head();
    if (head <= base) return undefined;
    const pending = await this.extend(newest, head);
    if (!force && !(await this.mayPublish(pending))) return undefined;
    const asAllowed = pending.range.serialise();
    await this.beforeSigning();
    const { range } = await this.extend(newest, await this.options.store.head());
    // Meanwhile a few vouchers may have moved, which the slot may not tell of: then it ends where it was allowed to.
    if (force || (await this.mayPublish(pending))) return this.sign(range, base);
    return this.sign(CompactRange.restoreOrThrow(asAllowed, this.options.hasher), base);
  }

  private async beforeSigning(): Promise<void> {
    const { beforeSigning, onFault } = this.options;
    if (beforeSigning === undefined) return;
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([
      beforeSigning().catch((fault: unknown) => onFault?.(fault)),
      sleep(BEFORE_SIGNING_MILLISECONDS, undefined, { signal }).catch(() => undefined),
    ]);
    waiting.abort();
  }

  private async sign(range: CompactRange, base: number): Promise<SignedCheckpoint | undefined> {
    const root = range.root();
    const checkpoint: StoredCheckpoint = {
      size: range.size,
      root: base64Encode(root),
      note: signCheckpoint({ origin: this.options.origin, size: range.size, root }, this.options.signer),
      range: range.serialise(),
    };
    const added = await this.options.checkpoints.add(checkpoint, base);
    this.pending = undefined;
    // Another process signed first: its checkpoint covers this one's leaves or the next tick will.
    return added ? checkpoint : undefined;
  }

  private async extend(newest: StoredCheckpoint | undefined, head: number): Promise<Pending> {
    const { hasher, clock } = this.options;
    const from = newest?.size ?? 0;
    if (this.pending?.from !== from) {
      const range = newest === undefined ? new CompactRange(hasher) : CompactRange.restoreOrThrow(newest.range, hasher);
      const none = { voucherEvents: 0, dayStarted: false, promise: undefined, searchedTo: from };
      this.pending = { from, range, since: clock(), ...none };
    }
    const pending = this.pending;
    for await (const batch of this.options.store.readAll({ from: pending.range.size, before: head })) {
      for (const event of batch) this.count(event);
    }
    return pending;
  }

  private count(event: StoredEvent): void {
    const pending = this.pending;
    if (pending === undefined || event.position !== pending.range.size) {
      throw new Error('The event store skipped a position; refusing to extend the tree.');
    }
    pending.range.append(this.options.hasher.leafHash(event.bytes));
    if (event.stream.startsWith('voucher-')) pending.voucherEvents += 1;
    if (event.stream === 'calendar-main') pending.dayStarted = true;
  }

  private async mayPublish(pending: Pending): Promise<boolean> {
    const { dayStarted, voucherEvents } = pending;
    if (voucherEvents === 0 || voucherEvents >= this.options.k || dayStarted) return true;
    const now = this.options.clock();
    if (now >= this.endOfLocalDay(pending.since)) return true;
    const promise = await this.promiseOn(pending);
    return promise !== undefined && now + 2 * this.options.slotMilliseconds >= Date.parse(promise);
  }

  /**
   * The earliest promise among the leaves, from the stored answer to the first command among them. When this process
   * saw a leaf first says too little: it may have been promised just before midnight, or before a restart.
   */
  private async promiseOn(pending: Pending): Promise<string | undefined> {
    const { store } = this.options;
    if (pending.promise !== undefined) return pending.promise;
    for await (const batch of store.readAll({ from: pending.searchedTo, before: pending.range.size })) {
      for (const event of batch) {
        const command = commandIn(event);
        const outcome = command === undefined ? undefined : await store.outcomeOf(command);
        const answer = outcome === undefined ? undefined : parseAnswerOrThrow(outcome.answer).body;
        if (answer !== undefined && 'accepted' in answer) return (pending.promise = answer.accepted.publishBy);
        pending.searchedTo = event.position + 1;
      }
    }
    return undefined;
  }

  private endOfLocalDay(now: number): number {
    const offset = this.options.utcOffsetMinutes * 60_000;
    const day = 86_400_000;
    return (Math.floor((now + offset) / day) + 1) * day - offset;
  }
}

/** The id of the signed command that a leaf carries; undefined if a policy caused the event. */
function commandIn({ bytes }: StoredEvent): string | undefined {
  const { command } = JSON.parse(utf8DecodeOrThrow(bytes)) as { command: { body?: { id: string } } };
  return command.body?.id;
}

/** Throws unless the newest signed checkpoint is the tree of what the store holds: a restored backup stops here. */
export async function requireStoreHolds(
  store: EventStore,
  newest: StoredCheckpoint | undefined,
  hasher: TreeHasher,
): Promise<void> {
  if (newest === undefined) return;
  const head = await store.head();
  if (head < newest.size) {
    throw new Error(
      `The event store holds ${head} events, but a checkpoint over ${newest.size} was signed: it is an older copy. ` +
        'Restore a newer backup.',
    );
  }
  const range = new CompactRange(hasher);
  for await (const batch of store.readAll({ before: newest.size })) {
    for (const event of batch) range.append(hasher.leafHash(event.bytes));
  }
  if (base64Encode(range.root()) !== newest.root) {
    throw new Error('The event store does not match the newest signed checkpoint. Do not go on; ask an auditor.');
  }
}
