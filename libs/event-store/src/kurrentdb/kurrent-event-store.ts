import {
  checkAppendOrThrow,
  checkAppendsOrThrow,
  checkFromVersionOrThrow,
  checkIdOrThrow,
  checkOutcomeOrThrow,
  checkRefusalOrThrow,
  checkStreamOrThrow,
  readWindowOrThrow,
} from '../checks.js';
import type { CopyableStore } from '../copying/copyable-store.js';
import { StoreUnavailable } from '../port.js';
import type { Append, AppendOutcome, CommandOutcome, ReadAllOptions, StoredEvent, SubscribeOptions } from '../port.js';
import { linger, lingerAfter } from '../waiting.js';
import { Connection } from './connection.js';
import { namesOf, type Names } from './names.js';
import { readOutcomes } from './read-outcomes.js';
import { Reader, type Cursor } from './reader.js';
import { Sequencer } from './sequencer.js';
import { Turns } from './turns.js';
import { Writer, type Sent } from './writer.js';

export interface KurrentEventStoreOptions {
  /** `esdb://user:password@host:2113,…?tls=true&tlsCAFile=…`. Without TLS (`tls=false`) nobody is asked for a password. */
  readonly connectionString: string;
  /** Keeps several ledgers apart in one database: 1 … 40 lower-case letters, digits, underscores. Default: none. */
  readonly prefix?: string;
}

/** So many appends of one `appendMany` wait for their places in `$all` at most. */
const mostUnsettled = 1_000;
const pollMilliseconds = 1_000;
const firstPauseMilliseconds = 50;
const longestPauseMilliseconds = 2_000;
const closeMilliseconds = 20_000;

/**
 * The event store on KurrentDB or EventStoreDB, 20.6 or later. Connects when it is first used and recovers by itself when
 * the server comes back. How it works, and what it holds in memory: docs/adr/0026-kurrentdb-adapter.md.
 */
export function createKurrentEventStore(options: KurrentEventStoreOptions): CopyableStore {
  return new KurrentEventStore(options);
}

class KurrentEventStore implements CopyableStore {
  private readonly names: Names;
  private readonly connection: Connection;
  private readonly sequencer: Sequencer;
  private readonly reader: Reader;
  private readonly writer: Writer;
  private readonly turns = new Turns();
  private readonly bulks = new Set<Promise<unknown>>();
  private closing: Promise<void> | undefined;

  constructor({ connectionString, prefix }: KurrentEventStoreOptions) {
    const names = namesOf(prefix);
    this.names = names;
    this.connection = new Connection(connectionString);
    this.sequencer = new Sequencer(this.connection, names);
    this.reader = new Reader(this.connection, this.sequencer, names);
    this.writer = new Writer(this.connection, this.sequencer, names, (id) => this.reader.outcomeOf(id));
  }

  async append(append: Append): Promise<AppendOutcome> {
    checkAppendOrThrow(append);
    this.mustBeOpen();
    const { stream, command } = append;
    const keys = command ? [`stream ${stream}`, `command ${command.commandId}`] : [`stream ${stream}`];
    return this.turns.take(keys, () => this.writer.append(append));
  }

  async appendMany(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    checkAppendsOrThrow(appends);
    this.mustBeOpen();
    const running = this.storeMany(appends);
    this.bulks.add(running);
    try {
      return await running;
    } finally {
      this.bulks.delete(running);
    }
  }

  async refuse(refusal: CommandOutcome & { readonly kind: 'refused' }): Promise<CommandOutcome> {
    checkRefusalOrThrow(refusal);
    return this.keepOutcome(refusal);
  }

  async keepOutcome(outcome: CommandOutcome): Promise<CommandOutcome> {
    checkOutcomeOrThrow(outcome);
    this.mustBeOpen();
    return this.turns.take([`command ${outcome.commandId}`], () => this.writer.keepOutcome(outcome));
  }

  async *readOutcomes(): AsyncIterable<readonly CommandOutcome[]> {
    this.mustBeOpen();
    for await (const outcomes of readOutcomes(this.connection, this.sequencer, this.names)) {
      yield outcomes;
      this.mustBeOpen();
    }
  }

  async outcomeOf(commandId: string): Promise<CommandOutcome | undefined> {
    checkIdOrThrow('a command id', commandId);
    this.mustBeOpen();
    return this.reader.outcomeOf(commandId);
  }

  async readStream(stream: string, options: { readonly fromVersion?: number } = {}): Promise<readonly StoredEvent[]> {
    const { fromVersion = 1 } = options;
    checkStreamOrThrow(stream);
    checkFromVersionOrThrow(fromVersion);
    this.mustBeOpen();
    return this.reader.stream(stream, fromVersion);
  }

  async readStreams(streams: readonly string[]): Promise<ReadonlyMap<string, readonly StoredEvent[]>> {
    streams.forEach(checkStreamOrThrow);
    this.mustBeOpen();
    const names = [...new Set(streams)];
    const found = await this.reader.streams(names);
    return new Map(names.map((name, i) => [name, found[i] ?? []]));
  }

  async versionsOf(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    streams.forEach(checkStreamOrThrow);
    this.mustBeOpen();
    const names = [...new Set(streams)];
    const versions = await this.reader.versionsOf(names);
    return new Map(names.map((name, i) => [name, versions[i] ?? 0]));
  }

  async readEvent(eventId: string): Promise<StoredEvent | undefined> {
    checkIdOrThrow('an event id', eventId);
    this.mustBeOpen();
    return this.reader.event(eventId);
  }

  async *readAll(options: ReadAllOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    const { from, before, batchSize } = readWindowOrThrow(options);
    this.mustBeOpen();
    const end = Math.min(before, await this.reader.head());
    if (from >= end) return;
    const cursor = this.reader.cursor(from);
    while (cursor.next < end) {
      const batch = await cursor.take(end, batchSize);
      cursor.prefetch(end);
      yield batch;
      this.mustBeOpen();
    }
  }

  async *readLeaves(options?: ReadAllOptions): AsyncIterable<readonly Uint8Array[]> {
    for await (const events of this.readAll(options)) yield events.map(({ bytes }) => bytes);
  }

  async head(): Promise<number> {
    this.mustBeOpen();
    return this.reader.head();
  }

  async subscribe(options: SubscribeOptions): Promise<void> {
    const { from, handle, signal, batchSize, lingerMilliseconds = 20, nextNeeded } = options;
    const window = readWindowOrThrow({ from, ...(batchSize !== undefined && { batchSize }) });
    let pause = firstPauseMilliseconds;
    let cursor: Cursor | undefined;
    for (let next = window.from; !signal.aborted;) {
      this.mustBeOpen();
      next = (await nextNeeded?.(next)) ?? next;
      const { head } = this.sequencer.state;
      let batch: readonly StoredEvent[] | undefined = [];
      try {
        await this.sequencer.ready();
        if (next < head) {
          if (cursor?.next !== next) cursor = this.reader.cursor(next);
          batch = await cursor.take(head, window.batchSize);
        }
      } catch (fault) {
        if (!(fault instanceof StoreUnavailable)) throw fault;
        this.mustBeOpen();
        cursor = undefined;
        batch = undefined;
      }
      if (signal.aborted) return;
      if (batch && batch.length > 0) {
        this.mustBeOpen();
        await handle(batch);
        next += batch.length;
        if (batch.length < window.batchSize) await lingerAfter(batch.length, lingerMilliseconds, signal);
      } else {
        await this.changed(head, signal, batch ? pollMilliseconds : pause);
      }
      pause = batch ? firstPauseMilliseconds : Math.min(pause * 2, longestPauseMilliseconds);
    }
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      const finished = Promise.all([
        this.turns.finish(),
        ...[...this.bulks].map((bulk) => bulk.catch(() => undefined)),
      ]);
      const enough = new AbortController();
      await Promise.race([finished, linger(closeMilliseconds, enough.signal)]);
      enough.abort();
      await this.sequencer.close();
      await this.connection.close();
    })();
    // Subscriptions need not wait for the appends under way.
    this.sequencer.tellListeners();
    return this.closing;
  }

  /**
   * One after the other, since only what the server has taken has a place before what comes next; but not waiting for the
   * places to be known.
   */
  private async storeMany(appends: readonly Append[]): Promise<AppendOutcome[]> {
    const outcomes: AppendOutcome[] = [];
    let unsettled: Sent[] = [];
    const underWay = new Set<string>();
    const settle = async (): Promise<void> => {
      for (const { outcome } of unsettled) outcomes.push(await outcome);
      unsettled = [];
      underWay.clear();
    };
    for (const append of appends) {
      // An id that an earlier append of this call may be storing: whether it does has to be known first.
      if (unsettled.length >= mostUnsettled || append.events.some(({ id }) => underWay.has(id))) await settle();
      const sent = await this.writer.send(append);
      sent.outcome.catch(() => undefined);
      unsettled.push(sent);
      for (const { id } of append.events) underWay.add(id);
    }
    await settle();
    return outcomes;
  }

  /** Resolves when the head is another one, the signal aborts, the store is closed, or after some time. */
  private changed(head: number, signal: AbortSignal, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stop();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const stop = this.sequencer.onChange(() => {
        if (this.closing || this.sequencer.state.head !== head) done();
      });
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done);
      if (signal.aborted || this.closing || this.sequencer.state.head !== head) done();
    });
  }

  private mustBeOpen(): void {
    if (this.closing) throw new StoreUnavailable('the event store is closed');
  }
}
