import type pg from 'pg';
import type { PoolClient, QueryArrayConfig } from 'pg';
import type { CommandOutcome, StoredEvent } from '../port.js';
import { asFault, breakConnection, withDeadline } from './connection.js';
import { CopyOut } from './copy-out.js';
import type { CopiedRows } from './copy-rows.js';
import { viewOf } from './write-group.js';

const columns = 'position, stream, version, id, bytes, sealed';
type EventRow = [position: string, stream: string, version: number, id: string, bytes: Buffer, sealed: Buffer | null];

/** About so many bytes are read in one go, however large the events are. */
const readBytes = 8 * 1_048_576;
const firstRead = 250;
const leastMemory = 16_384;
const outcomesPerRead = 500;

/** A reading that has begun. */
export interface Reading<T> {
  readonly rows: Promise<T[]>;
  /** Resolves when the statement is on its way, or has failed: from then on the caller may keep this thread busy. */
  readonly sent: Promise<void>;
}

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

  /** Outcomes in the order of their command ids, from the first one after an id on; none at the end. */
  async outcomesAfter(commandId: string | undefined): Promise<CommandOutcome[]> {
    const isFirst = commandId === undefined;
    const rows = await this.query<[commandId: string, accepted: boolean, hash: Buffer, answer: Buffer]>(
      isFirst ? 'first_outcomes' : 'outcomes_after',
      `SELECT command_id, accepted, body_hash, answer FROM ${this.schema}.command_outcomes
       ${isFirst ? '' : 'WHERE command_id > $1'} ORDER BY command_id LIMIT ${outcomesPerRead}`,
      isFirst ? [] : [commandId],
    );
    return rows.map(([id, accepted, hash, answer]) => ({
      kind: accepted ? 'accepted' : 'refused',
      commandId: id,
      bodyHash: viewOf(hash),
      answer: viewOf(answer),
    }));
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

  /**
   * Reads in large steps; each call gives what there is from a position on, at least one row if there is one. Rows whose
   * memory is used again hold until the call after the next.
   */
  range<T>(rows: CopiedRows<T>, batchSize: number): (from: number, before: number) => Reading<T> {
    let limit = Math.min(batchSize, firstRead);
    let bytesBefore = 0;
    /** The last one or two pieces of memory that were read into. */
    const used: Buffer[] = [];
    const read = async (from: number, before: number, sent: () => void): Promise<T[]> => {
      const text = `COPY (SELECT ${rows.columns} FROM ${this.schema}.events
        WHERE position >= ${from} AND position < ${before} ORDER BY position LIMIT ${limit}) TO STDOUT (FORMAT binary)`;
      // As much as last time: who follows the log finds a few events, who reads all of it as many as a read may give.
      const expected = Math.max(leastMemory, Math.ceil(1.1 * bytesBefore));
      const again = rows.usesMemoryAgain && used.length > 1 ? used.shift() : undefined;
      const memory = again !== undefined && again.length >= expected ? again : Buffer.allocUnsafeSlow(expected);
      const copied = await this.withClient((client) => {
        const copy = client.query(new CopyOut(text, memory));
        sent();
        return copy.copied;
      });
      if (rows.usesMemoryAgain) used.push(Buffer.from(copied.buffer));
      const found = rows.parse(copied, from);
      bytesBefore = copied.length;
      if (found.length > 0)
        limit = Math.max(1, Math.min(batchSize, Math.floor((readBytes * found.length) / copied.length)));
      return found;
    };
    return (from, before) => {
      let sent = noMatter;
      const isSent = new Promise<void>((resolve) => (sent = resolve));
      const found = read(from, before, sent);
      found.then(sent, sent);
      return { rows: found, sent: isSent };
    };
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

const noMatter = (): void => undefined;

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
