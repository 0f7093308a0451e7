import type { AllStreamSubscription } from '@eventstore/db-client';
import { StoreUnavailable } from '../port.js';
import type { Connection, Recorded } from './connection.js';
import { IndexUnusable, isFull, pageOf, pageStartOf, takePage, type PageStart } from './index-pages.js';
import { LedgerState, type AllPosition, type Verdict, type VoidRange } from './ledger-state.js';
import type { Names } from './names.js';
import { PageWriter } from './page-writer.js';
import { commitOf, loneOutcomeOf } from './records.js';

const firstPauseMilliseconds = 50;
const longestPauseMilliseconds = 2_000;
/** A subscription that shows nothing of what we know is there is taken for dead, and begun again. */
const silenceMilliseconds = 1_500;
const giveUpMilliseconds = 8_000;
/** How often a quiet subscription is compared with the end of `$all`. */
const watchMilliseconds = 15_000;
const pagesPerRead = 8;

interface Waiter {
  readonly until: AllPosition;
  readonly resolve: () => void;
}

/**
 * Follows `$all` and counts: it alone changes the state. It sees the last event of each batch, which tells all that is
 * needed, and the refusals. A lost subscription is begun again after the last event that was taken in; what comes twice
 * is dropped.
 */
export class Sequencer {
  readonly state = new LedgerState();
  private readonly verdicts = new Map<string, (verdict: Verdict) => void>();
  private readonly listeners = new Set<() => void>();
  private waiters: Waiter[] = [];
  private subscription: AllStreamSubscription | undefined;
  private loading: Promise<void> | undefined;
  private pause = firstPauseMilliseconds;
  private restarting: NodeJS.Timeout | undefined;
  private watching: NodeJS.Timeout | undefined;
  private closed = false;
  /** What made the state unusable; every call then ends with it. */
  private broken: Error | undefined;
  private page: PageStart = pageStartOf(this.state, 0);
  private pageVoids: { readonly stream: string; readonly range: VoidRange }[] = [];
  private readonly pages: PageWriter;
  private catchingUp: Promise<void> | undefined;
  private nextCatchUp: Promise<void> | undefined;
  /** Up to here nothing of the ledger lies in `$all` behind what was taken in at that time. */
  private searched: AllPosition | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly names: Names,
  ) {
    this.pages = new PageWriter(connection, names.indexStream);
  }

  /** The pages are loaded and the subscription has begun. After a failure the next call tries again. */
  ready(): Promise<void> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  /** Resolves when everything is taken in that was stored before this call, by whomever. */
  catchUp(): Promise<void> {
    if (!this.catchingUp) {
      this.catchingUp = this.passTheEnd().finally(() => (this.catchingUp = undefined));
      return this.catchingUp;
    }
    // The one under way may have looked at the end too early for this caller.
    this.nextCatchUp ??= this.catchingUp
      .catch(() => undefined)
      .then(() => {
        this.nextCatchUp = undefined;
        return this.catchUp();
      });
    return this.nextCatchUp;
  }

  /** Tells what became of a batch or refusal of this process, once it comes by in `$all`. */
  onVerdict(batchId: string, tell: (verdict: Verdict) => void): () => void {
    this.verdicts.set(batchId, tell);
    return () => this.verdicts.delete(batchId);
  }

  /** Calls back after each change of the state, and when the store is closed. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.restarting);
    clearInterval(this.watching);
    this.letGo();
    this.tellListeners();
    await this.pages.close();
  }

  private async load(): Promise<void> {
    // Who may write but not follow would store events and never learn their places.
    await this.connection.readAllBackwards(undefined, 1);
    for (;;) {
      const pages = await this.connection.readStream(this.names.indexStream, this.page.page, pagesPerRead);
      const taken = this.takePages(pages);
      if (taken < pagesPerRead) break;
    }
    this.follow();
    this.watching = setInterval(() => {
      this.pages.again();
      void this.catchUp().catch(() => undefined);
    }, watchMilliseconds);
    this.watching.unref();
  }

  /** How many could be used. What a damaged page would have told is read from the events. */
  private takePages(pages: readonly Recorded[]): number {
    let taken = 0;
    try {
      for (const page of pages) {
        takePage(this.state, page);
        this.page = pageStartOf(this.state, this.page.page + 1);
        taken += 1;
      }
    } catch (error) {
      if (!(error instanceof IndexUnusable)) throw error;
    }
    return taken;
  }

  private follow(): void {
    if (this.closed || this.broken) return;
    const { commit, refusal } = this.names.types;
    const subscription = this.connection.subscribe(this.state.last, [commit, refusal]);
    this.subscription = subscription;
    const again = (): void => {
      if (this.subscription === subscription) this.restart();
    };
    subscription.on('data', ({ event }: { readonly event?: Recorded }) => {
      if (this.subscription !== subscription || !event) return;
      this.pause = firstPauseMilliseconds;
      try {
        this.take(event);
      } catch (error) {
        this.break(error as Error);
      }
    });
    subscription.on('error', again);
    subscription.on('end', again);
    subscription.on('close', again);
  }

  /** Begins again after a pause, from the last that was taken in. */
  private restart(): void {
    this.letGo();
    if (this.closed || this.restarting) return;
    const pause = this.pause;
    this.pause = Math.min(pause * 2, longestPauseMilliseconds);
    this.restarting = setTimeout(() => {
      this.restarting = undefined;
      this.follow();
    }, pause);
  }

  private letGo(): void {
    const { subscription } = this;
    this.subscription = undefined;
    void subscription?.unsubscribe().catch(() => undefined);
  }

  private take(event: Recorded): void {
    const { position, type, streamId } = event;
    if (!position) throw new Error('KurrentDB gave an event of $all without its position');
    if (this.state.last && !isAfter(position, this.state.last)) return;
    if (type === this.names.types.commit) {
      const commit = commitOf(event.id, event.metadata);
      const lastRevision = Number(event.revision);
      const verdict = this.state.takeBatch({ stream: streamId, lastRevision, commit }, position);
      if (!verdict.stored) {
        const range = { from: lastRevision + 1 - commit.ids.length, count: commit.ids.length };
        this.pageVoids.push({ stream: streamId, range });
      }
      this.verdicts.get(commit.batchId)?.(verdict);
    } else if (type === this.names.types.refusal) {
      const { batchId, outcome } = loneOutcomeOf(event.data);
      const stored = this.state.takeLoneOutcome(outcome.commandId, position);
      this.verdicts.get(batchId)?.(stored ? { stored, firstPosition: this.state.head } : { stored });
    } else {
      return;
    }
    if (isFull(this.state, this.page, this.pageVoids)) this.endPage();
    this.wake(position);
  }

  private wake(position: AllPosition): void {
    if (this.waiters.length > 0) {
      const reached = this.waiters.filter(({ until }) => !isAfter(until, position));
      if (reached.length > 0) this.waiters = this.waiters.filter(({ until }) => isAfter(until, position));
      for (const { resolve } of reached) resolve();
    }
    this.tellListeners();
  }

  tellListeners(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /** The page is made now, while the state is what it ends with. */
  private endPage(): void {
    const written = { ...pageOf(this.state, this.page, this.pageVoids), type: this.names.types.indexPage };
    const { page: number } = this.page;
    this.page = pageStartOf(this.state, number + 1);
    this.pageVoids = [];
    this.pages.write({ number, written });
  }

  private break(error: Error): void {
    this.broken = error;
    this.letGo();
    for (const { resolve } of this.waiters.splice(0)) resolve();
    this.tellListeners();
  }

  mustWork(): void {
    if (this.closed) throw new StoreUnavailable('the event store is closed');
    if (this.broken) throw this.broken;
  }

  private async passTheEnd(): Promise<void> {
    await this.ready();
    const { end, searched } = await this.lastOfLedger();
    if (end) await this.pass(end);
    this.searched = searched ?? this.searched;
    this.mustWork();
  }

  private async pass(end: AllPosition): Promise<void> {
    const started = performance.now();
    while (!this.state.last || isAfter(end, this.state.last)) {
      this.mustWork();
      const before = this.state.last;
      await this.passed(end, silenceMilliseconds);
      if (this.state.last === before) {
        if (performance.now() - started > giveUpMilliseconds) {
          throw new StoreUnavailable('KurrentDB does not show what is stored there');
        }
        if (this.subscription) this.restart();
      }
    }
  }

  /** The last batch or refusal in `$all`, unless it is known to be taken in, and how far `$all` reached. */
  private async lastOfLedger(): Promise<{ readonly end?: AllPosition; readonly searched: AllPosition | undefined }> {
    const { commit, refusal } = this.names.types;
    // Before anything is read: meanwhile the subscription goes on.
    const { last } = this.state;
    let searched: AllPosition | undefined;
    let from: AllPosition | undefined;
    for (let count = 1; ; count = Math.min(count * 16, 4_096)) {
      const events = await this.connection.readAllBackwards(from, count);
      for (const { type, position } of events) {
        if (!position) continue;
        if (searched === undefined) requireNotOlder(position, last);
        searched ??= position;
        if (this.isKnown(position)) return { searched };
        if (type === commit || type === refusal) return { end: position, searched };
        from = position;
      }
      if (events.length < count) return { searched };
    }
  }

  private isKnown(position: AllPosition): boolean {
    const { searched } = this;
    const { last } = this.state;
    return (last !== undefined && !isAfter(position, last)) || (searched !== undefined && !isAfter(position, searched));
  }

  private passed(until: AllPosition, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiters = this.waiters.filter((waiter) => waiter !== mine);
        resolve();
      };
      const mine = { until, resolve: done };
      const timer = setTimeout(done, milliseconds);
      this.waiters.push(mine);
    });
  }
}

/** Whether the first lies behind the second in `$all`. */
export function isAfter(position: AllPosition, other: AllPosition): boolean {
  return position.commit > other.commit || (position.commit === other.commit && position.prepare > other.prepare);
}

/** Whoever goes on from less than what was read before would write a second history. */
function requireNotOlder(newest: AllPosition, last: AllPosition | undefined): void {
  if (last === undefined || !isAfter(last, newest)) return;
  throw new StoreUnavailable(
    'KurrentDB holds less than this process has read from it: it is an older copy, or a node that does not lead any more',
  );
}
