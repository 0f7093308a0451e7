import { unhurried, type EventStore, type StoredEvent } from '@aidtrail/event-store';
import type { DisclosureReader, ProjectedEvent } from '../projected-event.js';
import { applyBatch, type Place } from './apply.js';
import { connect, isTransient, type Connection } from './connection.js';
import { decodeEvents } from './decode.js';
import { digestTables } from './digest.js';
import { rebuildTables } from './rebuild.js';
import { CHECKPOINT, ensureSchema } from './schema.js';
import { createWork } from './work.js';

export interface ProjectorOptions {
  readonly store: EventStore;
  readonly disclosures: DisclosureReader;
  readonly connectionString: string;
  /** Events per transaction, 1 … 10,000; default 2,000. */
  readonly batchSize?: number;
  /** Told of each attempt that failed and will be repeated, with the milliseconds until then. */
  readonly onRetry?: (error: unknown, delayMs: number) => void;
}

/**
 * Keeps the read models up to date with the log, each event exactly once, also with several projectors on one database:
 * they take turns. A rejected call has applied whole batches or nothing.
 */
export interface Projector {
  /** Applies everything up to the head as it was when the call began; resolves to the next position. */
  catchUp(): Promise<number>;
  /** Follows the log until the signal aborts. Outages are waited out; a `ProjectionFault` rejects. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Fills new tables from position 0 and puts them in the place of the present ones in one step; until then those go on
   * to answer and to be kept up to date. Resolves to the next position. One rebuild at a time: a second one rejects.
   */
  rebuild(options?: { readonly onProgress?: (done: number, head: number) => void }): Promise<number>;
  /** The first position that is not projected yet. */
  position(): Promise<number>;
  /** True once the event at `position` is projected, by whichever projector; false if that takes longer. */
  waitFor(position: number, timeoutMs: number): Promise<boolean>;
  /** SHA-256 (hex) over the ordered contents of all tables: equal digests mean equal read models. */
  tablesDigest(): Promise<string>;
  close(): Promise<void>;
}

const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 10_000;
const POLL_MS = 20;

export function createProjector(options: ProjectorOptions): Projector {
  return new PostgresProjector(options);
}

class PostgresProjector implements Projector {
  private readonly work = createWork();
  private readonly place: Place = { nextPosition: 0, generation: 0 };
  private connection: Connection | undefined;
  /** The applying calls take turns: they share one connection and its transactions. */
  private turn: Promise<unknown> = Promise.resolve();
  private watcher: Promise<Connection> | undefined;

  constructor(private readonly options: ProjectorOptions) {}

  catchUp(): Promise<number> {
    return this.inTurn(() => this.catchUpNow());
  }

  async run(signal: AbortSignal): Promise<void> {
    let delay = FIRST_DELAY_MS;
    while (!signal.aborted) {
      try {
        await this.follow(signal, () => (delay = FIRST_DELAY_MS));
        return;
      } catch (error) {
        if (error instanceof Elsewhere) continue;
        if (!isTransient(error)) throw error;
        this.options.onRetry?.(error, delay);
        await pause(delay, signal);
        delay = Math.min(delay * 2, LAST_DELAY_MS);
      }
    }
  }

  rebuild(options: { readonly onProgress?: (done: number, head: number) => void } = {}): Promise<number> {
    return rebuildTables({ ...this.options, ...options });
  }

  async position(): Promise<number> {
    const { client } = await this.watching();
    const { rows } = await client.query<{ next_position: number }>(
      'select next_position from read.checkpoint where name = $1',
      [CHECKPOINT],
    );
    return rows[0]?.next_position ?? 0;
  }

  async waitFor(position: number, timeoutMs: number): Promise<boolean> {
    for (let waited = 0; ; waited += POLL_MS) {
      if (this.place.generation > 0 && this.place.nextPosition > position) return true;
      if ((await this.position()) > position) return true;
      if (waited >= timeoutMs) return false;
      await pause(POLL_MS);
    }
  }

  async tablesDigest(): Promise<string> {
    const connection = await this.connectReady();
    try {
      return await digestTables(connection.client);
    } finally {
      await connection.close();
    }
  }

  async close(): Promise<void> {
    await this.turn;
    await this.connection?.close();
    await this.watcher?.then((watcher) => watcher.close()).catch(() => undefined);
  }

  private async follow(signal: AbortSignal, onProgress: () => void): Promise<void> {
    const from = await this.catchUp();
    onProgress();
    await this.options.store.subscribe({
      from,
      signal,
      batchSize: this.batchSize,
      // A transaction over twenty tables costs the same for one event as for many.
      lingerMilliseconds: unhurried,
      handle: (stored) =>
        this.inTurn(async () => {
          const events = await decodeEvents(stored, this.options.disclosures);
          const applied = await applyBatch((await this.open()).client, { work: this.work, place: this.place, events });
          // Ahead of this subscription is fine, its later batches meet the gap; behind it needs a new one.
          if (applied.status === 'elsewhere' && applied.nextPosition < (stored[0] as StoredEvent).position)
            throw new Elsewhere();
          onProgress();
        }),
    });
  }

  /** While the database writes a batch, the next one is read and decoded. */
  private async catchUpNow(): Promise<number> {
    const { client } = await this.open();
    let next = await this.position();
    for (;;) {
      let writing = Promise.resolve(next);
      let moved = false;
      for await (const stored of this.options.store.readAll({ from: next, batchSize: this.batchSize })) {
        const [events, written] = await Promise.all([decodeEvents(stored, this.options.disclosures), writing]);
        if (written < (events[0] as ProjectedEvent).position) {
          moved = true;
          break;
        }
        writing = applyBatch(client, { work: this.work, place: this.place, events }).then(
          ({ nextPosition }) => nextPosition,
        );
        // It is awaited with the next batch; until then a failure must not count as unhandled.
        writing.catch(() => undefined);
      }
      next = await writing;
      if (!moved) return next;
    }
  }

  private get batchSize(): number {
    return this.options.batchSize ?? 2_000;
  }

  private inTurn<T>(body: () => Promise<T>): Promise<T> {
    const result = this.turn.then(body, body);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Called in turn only. */
  private async open(): Promise<Connection> {
    if (this.connection?.isOpen() !== true) {
      this.connection = await this.connectReady();
      this.place.generation = 0;
    }
    return this.connection;
  }

  private async connectReady(): Promise<Connection> {
    const connection = await connect(this.options.connectionString);
    await ensureSchema(connection.client);
    return connection;
  }

  /** Questions about the position have their own connection: they do not wait for a batch. */
  private async watching(): Promise<Connection> {
    const current = await this.watcher?.catch(() => undefined);
    if (current?.isOpen() === true) return current;
    this.watcher = this.connectReady();
    return this.watcher;
  }
}

/** The tables are behind the subscription (another projector rebuilds them): read on from there. */
class Elsewhere extends Error {}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
