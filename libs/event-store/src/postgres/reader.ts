import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import type pg from 'pg';
import type { PoolClient, QueryArrayConfig } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { CommandOutcome, StoredEvent } from '../port.js';
import { asFault, breakConnection, withDeadline } from './connection.js';
import { parseEvents } from './copy-rows.js';
import { viewOf } from './write-group.js';

const columns = 'position, stream, version, id, bytes, sealed';
type EventRow = [position: string, stream: string, version: number, id: string, bytes: Buffer, sealed: Buffer | null];

/** About so many bytes are read in one go, however large the events are. */
const readBytes = 8 * 1_048_576;
const firstRead = 250;

/** The store's reading statements, on a pool of its own. */
export class Reader {
  constructor(
    private readonly pool: pg.Pool,
    private readonly schema: string,
    private readonly ready: () => Promise<void>,
  ) {}

  async head(): Promise<number> {
    const rows = await this.query<[string]>('head', `SELECT next_position FROM ${this.schema}.head`, []);
    return Number(rows[0]?.[0]);
  }

  async outcomeOf(commandId: string): Promise<CommandOutcome | undefined> {
    const [row] = await this.query<[accepted: boolean, hash: Buffer, answer: Buffer]>(
      'outcome_of',
      `SELECT accepted, body_hash, answer FROM ${this.schema}.command_outcomes WHERE command_id = $1`,
      [commandId],
    );
    if (!row) return undefined;
    const [accepted, hash, answer] = row;
    return { kind: accepted ? 'accepted' : 'refused', commandId, bodyHash: viewOf(hash), answer: viewOf(answer) };
  }

  async event(id: string): Promise<StoredEvent | undefined> {
    const text = `SELECT ${columns} FROM ${this.schema}.events WHERE id = $1`;
    const [row] = await this.query<EventRow>('event', text, [id]);
    return row && eventOf(row);
  }

  async versionsOf(streams: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.query<[stream: string, version: number]>(
      'versions_of',
      `SELECT s.name, coalesce((SELECT max(version) FROM ${this.schema}.events e WHERE e.stream = s.name), 0)
       FROM unnest($1::text[]) AS s (name)`,
      [streams],
    );
    return new Map(rows);
  }

  /** Events of many streams, each from a version on, at most `limit` of each; one array for each that was asked for. */
  async streams(
    wanted: readonly { readonly stream: string; readonly fromVersion: number }[],
    limit: number,
  ): Promise<StoredEvent[][]> {
    const rows = await this.query<[...EventRow, ordinal: string]>(
      'streams',
      `SELECT e.*, w.ordinal
       FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS w (stream, from_version, ordinal)
       CROSS JOIN LATERAL (
         SELECT ${columns} FROM ${this.schema}.events
         WHERE stream = w.stream AND version >= w.from_version ORDER BY version LIMIT $3
       ) e`,
      [wanted.map(({ stream }) => stream), wanted.map(({ fromVersion }) => fromVersion), limit],
    );
    const found: StoredEvent[][] = wanted.map(() => []);
    for (const row of rows) found[Number(row[6]) - 1]?.push(eventOf(row as unknown as EventRow));
    return found;
  }

  /** Reads ahead in large steps; each call gives the events from a position on, at least one if there is one. */
  range(batchSize: number): (from: number, before: number) => Promise<StoredEvent[]> {
    let rows = Math.min(batchSize, firstRead);
    return async (from, before) => {
      const { events, bytes } = await this.copyOut(from, before, rows);
      if (events.length > 0) rows = Math.max(1, Math.min(batchSize, Math.floor((readBytes * events.length) / bytes)));
      return events;
    };
  }

  /** COPY in binary: the only way to get bytes out of this protocol client without a detour over text. */
  private copyOut(from: number, before: number, rows: number): Promise<{ events: StoredEvent[]; bytes: number }> {
    const text = `COPY (SELECT ${columns} FROM ${this.schema}.events
      WHERE position >= ${from} AND position < ${before} ORDER BY position LIMIT ${rows}) TO STDOUT (FORMAT binary)`;
    return this.withClient(async (client) => {
      const chunks: Buffer[] = [];
      const collect = new Writable({
        write(chunk: Buffer, _, done) {
          chunks.push(chunk);
          done();
        },
      });
      await pipeline(client.query(copyTo(text)), collect);
      const all = Buffer.concat(chunks);
      return { events: parseEvents(all, from), bytes: all.length };
    });
  }

  private query<R extends unknown[]>(name: string, text: string, values: unknown[]): Promise<R[]> {
    const config: QueryArrayConfig = { name: `${this.schema}.${name}`, text, values, rowMode: 'array' };
    return this.withClient(async (client) => (await client.query<R>(config)).rows);
  }

  private async withClient<T>(action: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    try {
      await this.ready();
      client = await this.pool.connect();
      const result = await withDeadline(client, action);
      client.release();
      return result;
    } catch (error) {
      // A connection that failed in the middle is in an unknown state.
      if (client) {
        breakConnection(client);
        client.release(true);
      }
      throw asFault(error);
    }
  }
}

function eventOf([position, stream, version, id, bytes, sealed]: EventRow): StoredEvent {
  return {
    position: Number(position),
    stream,
    version,
    id,
    bytes: viewOf(bytes),
    ...(sealed && { sealed: viewOf(sealed) }),
  };
}
