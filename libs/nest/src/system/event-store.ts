import type { Pool } from 'pg';
import { createPostgresEventStore, readFirstEvent, type CopyableStore, type EventStore } from '@aidtrail/event-store';
import { IdentityProblem } from '../identity/ledger-file.js';
import { ConfigProblem, type Config } from '../config/config.js';

/**
 * Where the events are: KurrentDB if the operator named one, else the PostgreSQL of everything. Connects when used. Throws
 * `ConfigProblem` for an address that cannot be used, with what `named` it.
 */
export async function openEventStore(
  config: Config,
  {
    connectionString,
    readConnections,
    named = 'AIDTRAIL_STORE',
  }: { readonly connectionString: string; readonly readConnections?: number; readonly named?: string },
): Promise<CopyableStore> {
  if (config.storeUrl === undefined) {
    return createPostgresEventStore({ connectionString, ...(readConnections !== undefined && { readConnections }) });
  }
  // Loaded only where it is used: it brings a client of its own.
  const { createKurrentEventStore } = await import('@aidtrail/event-store/kurrentdb');
  try {
    return createKurrentEventStore({ connectionString: config.storeUrl });
  } catch (error) {
    if (error instanceof TypeError) throw new ConfigProblem([`${named}: ${error.message}`]);
    throw error;
  }
}

/** The bytes at position 0, found without making or changing anything; undefined if there are none. */
export async function firstEventOf(
  config: Config,
  { pool, store }: { readonly pool: Pool; readonly store: EventStore },
): Promise<Uint8Array | undefined> {
  const beside = await readFirstEvent(pool);
  if (config.storeUrl === undefined) return beside;
  for await (const [leaf] of store.readLeaves({ before: 1 })) {
    // A copied ledger has its old events there still; any other's tables are not ours to change.
    if (beside !== undefined && leaf !== undefined && Buffer.compare(beside, leaf) !== 0) {
      throw new IdentityProblem(
        'other_ledger',
        'PostgreSQL holds another ledger than the KurrentDB of AIDTRAIL_STORE.',
      );
    }
    return leaf;
  }
  return undefined;
}
