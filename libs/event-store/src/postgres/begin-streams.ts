import type { ClientBase } from 'pg';
import type { Append, AppendOutcome } from '../port.js';
import { byteaArray, int4Array, textArray, uuidArray } from './binary-arrays.js';
import { prepareGroup, writeGroup } from './write-group.js';

/** Appends of `appendMany` that go in one transaction, with the parameters of their statement. */
export interface BulkGroup {
  readonly appends: readonly Append[];
  /** Undefined unless every append begins a stream. */
  readonly beginning: readonly Buffer[] | undefined;
}

export function prepareBulkGroup(appends: readonly Append[]): BulkGroup {
  const isBeginning = appends.every(({ expectedVersion }) => expectedVersion === 0);
  return { appends, beginning: isBeginning ? parametersOf(appends) : undefined };
}

/**
 * Stores a group in one transaction. Streams that begin are the rule in bulk, and need no look-up before they are written:
 * the unique indexes find out. If one of them objects, nothing was stored, and `write_group` says append by append what
 * stands in the way.
 */
export async function writeBulkGroup(
  client: ClientBase,
  schema: string,
  { appends, beginning }: BulkGroup,
): Promise<readonly AppendOutcome[]> {
  const first = beginning && (await beginStreams(client, schema, beginning));
  if (first === undefined) return writeGroup(client, schema, prepareGroup(appends.map((append) => ({ append }))));
  let position = first;
  return appends.map(({ events }) => {
    const firstPosition = position;
    position += events.length;
    return { status: 'appended', firstPosition, version: events.length };
  });
}

const UNIQUE_VIOLATION = '23505';

/** The first position of the group; undefined if a stream exists already, or an event id is taken. */
async function beginStreams(
  client: ClientBase,
  schema: string,
  values: readonly Buffer[],
): Promise<number | undefined> {
  try {
    const { rows } = await client.query<{ first: string }>({
      name: `${schema}.begin_streams`,
      text: `SELECT ${schema}.begin_streams($1,$2,$3,$4,$5) AS first`,
      values: [...values],
    });
    return Number(rows[0]?.first);
  } catch (error) {
    if ((error as { readonly code?: string }).code === UNIQUE_VIOLATION) return undefined;
    throw error;
  }
}

function parametersOf(appends: readonly Append[]): Buffer[] {
  const streams: string[] = [];
  const versions: number[] = [];
  const ids: string[] = [];
  const bytes: Uint8Array[] = [];
  const sealed: (Uint8Array | undefined)[] = [];
  for (const { stream, events } of appends) {
    for (let k = 0; k < events.length; k += 1) {
      const event = events[k] as Append['events'][number];
      streams.push(stream);
      versions.push(k + 1);
      ids.push(event.id);
      bytes.push(event.bytes);
      sealed.push(event.sealed);
    }
  }
  return [textArray(streams), int4Array(versions), uuidArray(ids), byteaArray(bytes), byteaArray(sealed)];
}
