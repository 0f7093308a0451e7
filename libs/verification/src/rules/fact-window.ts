import type { FoldedStream } from '../replay/states.js';
import type { StreamStates } from '../replay/stream-states.js';

/** A fact may have been superseded up to so many leaves before the event that rests on it (domain, "Streams, facts"). */
export const FACT_WINDOW_LEAVES = 10_000;
/** For signed commands it is so many, once the day before the present one began: each is decided for itself, at once. */
export const FACT_WINDOW_OF_OLD_DAYS = 1_000;

/** Why a fact cannot be taken as it is: its version is yet to come, or has been history for too long. */
export type FactProblem = 'fact_unknown' | 'stale_fact';

/** A stream before the leaf that changed it. */
interface Former extends FoldedStream {
  readonly changedBy: number;
}

interface Change {
  readonly stream: string;
  readonly index: number;
}

/** Nothing ever rests on a voucher, and there are more events of vouchers than of all others together. */
const NEVER_A_FACT = 'voucher';
const CALENDAR = 'calendar';
/** Gifts come by the hundred thousand, and nothing rests on one that does not exist. */
const FACT_FROM_ITS_FIRST_EVENT = 'donation';

/**
 * Streams as they were within the last 10,000 leaves: what an event may still rest on. A small ledger takes months for
 * those, in which its operator could date back and use revoked keys; so for what is signed days count as well. Memory is
 * that of the states that were replaced within the window.
 */
export class FactWindow {
  private readonly former = new Map<string, Former[]>();
  /** Streams that facts name again and again, so that they are found in one step. */
  private readonly latest = new Map<string, FoldedStream>();
  private changes: Change[] = [];
  /** The changes before it have left the window. */
  private first = 0;
  /** The leaves that began the present day and the one before. */
  private dayAt = -1;
  private dayBeforeAt = -1;

  constructor(private readonly states: StreamStates) {}

  /** The stream at a version, for the leaf of this index. Version 0 is the stream before its first event. */
  at(
    stream: string,
    version: number,
    { index, isSigned }: { readonly index: number; readonly isSigned: boolean },
  ): FoldedStream | FactProblem {
    const present = this.present(stream);
    if (present === undefined || version > present.version) return 'fact_unknown';
    if (version === present.version) return present;
    this.leave(index);
    const former = this.former.get(stream)?.find((one) => one.version === version);
    return former === undefined || (isSigned && this.isOfOldDay(former, index)) ? 'stale_fact' : former;
  }

  /** The stream as it is; undefined for a category that this version does not know. */
  present(stream: string): FoldedStream | undefined {
    const latest = this.latest.get(stream);
    if (latest !== undefined) return latest;
    const home = this.states.homeOfStream(stream);
    if (home === undefined) return undefined;
    return home.states.get(stream) ?? { version: 0, state: home.concept.decider.initial };
  }

  /** The stream in all the states that the leaf of this index may rest on, the oldest first. */
  *within(stream: string, index: number): Iterable<FoldedStream> {
    this.leave(index);
    yield* this.former.get(stream) ?? [];
    const present = this.present(stream);
    if (present !== undefined) yield present;
  }

  /** Tells that the leaf of this index changed a stream. */
  changed(
    { category, stream }: { readonly category: string; readonly stream: string },
    { before, after }: { readonly before: FoldedStream; readonly after: FoldedStream },
    index: number,
  ): void {
    if (category === NEVER_A_FACT) return;
    if (category === CALENDAR) [this.dayBeforeAt, this.dayAt] = [this.dayAt, index];
    if (category !== FACT_FROM_ITS_FIRST_EVENT) this.latest.set(stream, after);
    else if (before.version === 0) return;
    const { version, state } = before;
    const known = this.former.get(stream);
    const former = { version, state, changedBy: index };
    if (known === undefined) this.former.set(stream, [former]);
    else known.push(former);
    this.changes.push({ stream, index });
    this.leave(index);
  }

  /** Days that a ledger catches up on begin at once, while some command is on its way: that is no fault of anybody. */
  private isOfOldDay({ changedBy }: Former, index: number): boolean {
    return changedBy <= this.dayBeforeAt && index - changedBy > FACT_WINDOW_OF_OLD_DAYS;
  }

  private leave(index: number): void {
    const { changes } = this;
    for (; this.first < changes.length; this.first += 1) {
      const change = changes[this.first] as Change;
      if (index - change.index <= FACT_WINDOW_LEAVES) break;
      const known = this.former.get(change.stream);
      if (known === undefined || known.length < 2) this.former.delete(change.stream);
      else known.shift();
    }
    if (2 * this.first <= changes.length || changes.length < FACT_WINDOW_LEAVES) return;
    this.changes = changes.slice(this.first);
    this.first = 0;
  }
}
