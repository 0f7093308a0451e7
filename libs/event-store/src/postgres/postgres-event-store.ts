import pg from 'pg';
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
import { lingerAfter } from '../waiting.js';
import { prepareBulkGroup, writeBulkGroup } from './begin-streams.js';
import type { BulkGroup } from './begin-streams.js';
import { asFault, breakConnection, configOf, connect, SingleConnection } from './connection.js';
import { leavesOnly, wholeEvents, type CopiedRows } from './copy-rows.js';
import { GroupWriter } from './group-writer.js';
import { Notifier } from './notifier.js';
import { Reader, type Reading } from './reader.js';
import { channelOf, migrate, schemaPattern } from './schema.js';
import { StreamLoader } from './stream-loader.js';
import { groupFrom } from './write-group.js';

export interface PostgresEventStoreOptions {
  /** A direct connection or one in session mode: notifications and prepared statements do not pass a transaction pool. */
  readonly connectionString: string;
  /** Where the tables are; default `ledger`. */
  readonly schema?: string;
  /** Connections for reading, at most; default 6. Writing takes two more, subscriptions together one. */
  readonly readConnections?: number;
}

/** One transaction of `appendMany`: long enough to be fast, short enough that an append waits a few hundredths at most. */
const bulkLimits = { events: 2_000, bytes: 16 * 1_048_576 };
const pollMilliseconds = 1_000;
const longestPauseMilliseconds = 2_000;

/**
 * The event store on PostgreSQL 14 or later. Connects when it is first used, creates or updates its schema then, and
 * recovers by itself when the server comes back.
 */
export function createPostgresEventStore(options: PostgresEventStoreOptions): CopyableStore {
  return new PostgresEventStore(options);
}

class PostgresEventStore implements CopyableStore {
  private readonly schema: string;
  private readonly config: pg.ClientConfig;
  private readonly pool: pg.Pool;
  private readonly bulkConnection: SingleConnection;
  private readonly writeConnection: SingleConnection;
  private readonly writer: GroupWriter;
  private readonly notifier: Notifier;
  private readonly reader: Reader;
  private readonly loader: StreamLoader;
  private bulk: Promise<unknown> = Promise.resolve();
  private migrated: Promise<void> | undefined;
  private closing: Promise<void> | undefined;

  constructor({ connectionString, schema = 'ledger', readConnections = 6 }: PostgresEventStoreOptions) {
    if (!schemaPattern.test(schema)) throw new TypeError('a schema name is lower-case letters, digits and underscores');
    this.schema = schema;
    this.config = configOf(connectionString);
    this.pool = new pg.Pool({ ...this.config, max: readConnections, idleTimeoutMillis: 30_000 });
    // An idle connection broke, and the pool has dropped it; or one at work, and its statement reports it.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => void client.on('error', () => undefined));
    this.bulkConnection = new SingleConnection(this.config);
    this.writeConnection = new SingleConnection(this.config);
    this.notifier = new Notifier(this.config, channelOf(schema));
    const ready = (): Promise<void> => this.ready();
    this.writer = new GroupWriter(this.writeConnection, { schema, ready, stored: () => this.notifier.wake() });
    this.reader = new Reader(this.pool, schema, ready);
    this.loader = new StreamLoader(this.reader);
  }

  async append(append: Append): Promise<AppendOutcome> {
    checkAppendOrThrow(append);
    this.mustBeOpen();
    return this.writer.write({ append });
  }

  async appendMany(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    checkAppendsOrThrow(appends);
    this.mustBeOpen();
    // One call after the other: they would only wait for each other's lock.
    const running = this.bulk.then(() => this.storeMany(appends));
    this.bulk = running.catch(() => undefined);
    return running;
  }

  async refuse(refusal: CommandOutcome & { readonly kind: 'refused' }): Promise<CommandOutcome> {
    checkRefusalOrThrow(refusal);
    return this.keepOutcome(refusal);
  }

  async keepOutcome(outcome: CommandOutcome): Promise<CommandOutcome> {
    checkOutcomeOrThrow(outcome);
    this.mustBeOpen();
    const written = await this.writer.write({ outcome });
    if (written.status === 'command_decided') return written.outcome;
    const { kind, commandId, bodyHash, answer } = outcome;
    return { kind, commandId, bodyHash: new Uint8Array(bodyHash), answer: new Uint8Array(answer) };
  }

  async outcomeOf(commandId: string): Promise<CommandOutcome | undefined> {
    checkIdOrThrow('a command id', commandId);
    this.mustBeOpen();
    return this.reader.outcomeOf(commandId);
  }

  async *readOutcomes(): AsyncIterable<readonly CommandOutcome[]> {
    for (let after: string | undefined; ;) {
      this.mustBeOpen();
      const batch = await this.reader.outcomesAfter(after);
      after = batch.at(-1)?.commandId;
      if (after === undefined) return;
      yield batch;
    }
  }

  async readStream(stream: string, options: { readonly fromVersion?: number } = {}): Promise<readonly StoredEvent[]> {
    const { fromVersion = 1 } = options;
    checkStreamOrThrow(stream);
    checkFromVersionOrThrow(fromVersion);
    this.mustBeOpen();
    return this.loader.load(stream, fromVersion);
  }

  async readStreams(streams: readonly string[]): Promise<ReadonlyMap<string, readonly StoredEvent[]>> {
    streams.forEach(checkStreamOrThrow);
    this.mustBeOpen();
    const names = [...new Set(streams)];
    const found = await Promise.all(names.map((stream) => this.loader.load(stream, 1)));
    return new Map(names.map((stream, i) => [stream, found[i] ?? []]));
  }

  async versionsOf(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    streams.forEach(checkStreamOrThrow);
    this.mustBeOpen();
    return this.reader.versionsOf([...new Set(streams)]);
  }

  async readEvent(eventId: string): Promise<StoredEvent | undefined> {
    checkIdOrThrow('an event id', eventId);
    this.mustBeOpen();
    return this.reader.event(eventId);
  }

  readAll(options?: ReadAllOptions): AsyncIterable<readonly StoredEvent[]> {
    return this.readRows(wholeEvents, options);
  }

  readLeaves(options?: ReadAllOptions): AsyncIterable<readonly Uint8Array[]> {
    return this.readRows(leavesOnly, options);
  }

  async head(): Promise<number> {
    this.mustBeOpen();
    return this.reader.head();
  }

  async subscribe(options: SubscribeOptions): Promise<void> {
    const { from, handle, signal, batchSize, lingerMilliseconds = 20, nextNeeded } = options;
    const window = readWindowOrThrow({ from, ...(batchSize !== undefined && { batchSize }) });
    this.mustBeOpen();
    const read = this.reader.range(wholeEvents, window.batchSize);
    this.notifier.enter();
    try {
      let pause = 50;
      for (let next = window.from; !signal.aborted;) {
        this.mustBeOpen();
        const wakeUps = this.notifier.wakeUps;
        const before = next;
        next = (await nextNeeded?.(next)) ?? next;
        const batch = await read(next, Number.MAX_SAFE_INTEGER).rows.catch((fault: unknown) => {
          if (fault instanceof StoreUnavailable) return undefined;
          throw fault;
        });
        if (signal.aborted) return;
        if (batch && batch.length > 0) {
          this.mustBeOpen();
          await handle(batch);
          next += batch.length;
          if (batch.length < window.batchSize) await lingerAfter(batch.length, lingerMilliseconds, signal);
        } else if (batch && next > before) {
          // Events keep coming, though none of use: they are passed over many at a time, too.
          await lingerAfter(next - before, lingerMilliseconds, signal);
        } else {
          await this.notifier.wait(wakeUps, signal, batch ? pollMilliseconds : pause);
        }
        pause = batch ? 50 : Math.min(pause * 2, longestPauseMilliseconds);
      }
    } finally {
      this.notifier.leave();
    }
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      await Promise.all([this.writer.finish(), this.bulk]);
      await this.notifier.close();
      await Promise.all([this.writeConnection.end(), this.bulkConnection.end(), this.pool.end()]);
    })();
    return this.closing;
  }

  private async *readRows<T>(rows: CopiedRows<T>, options: ReadAllOptions = {}): AsyncIterable<readonly T[]> {
    const { from, before, batchSize } = readWindowOrThrow(options);
    this.mustBeOpen();
    const end = Math.min(before, await this.reader.head());
    const read = this.reader.range(rows, batchSize);
    let ahead: Reading<T> | undefined;
    try {
      for (let next = from; next < end;) {
        const batch = await (ahead ?? read(next, end)).rows;
        next += batch.length;
        if (batch.length === 0) throw new Error(`event ${next} is missing in the event table`);
        // While the caller works on this batch the next one is on its way, even if the caller never lets go of the thread.
        ahead = next < end ? read(next, end) : undefined;
        ahead?.rows.catch(() => undefined);
        await ahead?.sent;
        yield batch;
        this.mustBeOpen();
      }
    } finally {
      await ahead?.rows.catch(() => undefined);
    }
  }

  private async storeMany(appends: readonly Append[]): Promise<AppendOutcome[]> {
    const outcomes: AppendOutcome[] = [];
    let next: BulkGroup | undefined;
    while (outcomes.length < appends.length) {
      await this.ready();
      const group = next ?? bulkGroupFrom(appends, outcomes.length);
      const storing = this.bulkConnection.run((client) => writeBulkGroup(client, this.schema, group));
      storing.catch(() => undefined);
      // PostgreSQL works on this group; meanwhile we make the next one ready.
      const after = outcomes.length + group.appends.length;
      await new Promise((resolve) => setImmediate(resolve));
      next = after < appends.length ? bulkGroupFrom(appends, after) : undefined;
      outcomes.push(...(await storing));
      this.notifier.wake();
    }
    return outcomes;
  }

  /** The schema is brought up to date once; after a failure the next call tries again. */
  private ready(): Promise<void> {
    this.migrated ??= this.migrateOrThrow().catch((error: unknown) => {
      this.migrated = undefined;
      throw asFault(error);
    });
    return this.migrated;
  }

  private async migrateOrThrow(): Promise<void> {
    const client = await connect(this.config);
    try {
      await migrate(client, this.schema);
      await client.end();
    } catch (error) {
      breakConnection(client);
      throw error;
    }
  }

  private mustBeOpen(): void {
    if (this.closing) throw new StoreUnavailable('the event store is closed');
  }
}

function bulkGroupFrom(appends: readonly Append[], start: number): BulkGroup {
  const items = appends.slice(start, start + bulkLimits.events).map((append) => ({ append }));
  return prepareBulkGroup(groupFrom(items, 0, bulkLimits).map(({ append }) => append));
}
