import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import {
  copyStore,
  readFirstEvent,
  type CopyableStore,
  type CopyProgress,
  type CopyResult,
} from '@aidtrail/event-store';
import { CompactRange, createTreeHasher } from '@aidtrail/public-log';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { ConfigProblem, type Config } from '../config/config.js';
import { openedLedgerOrThrow } from '../identity/opening.js';
import { Closers } from '../system/closers.js';
import { newestCheckpointPath, openSystemDatabase } from '../system/database.js';
import { openEventStore } from '../system/event-store.js';
import { requireOwnStore } from '../system/identity-check.js';
import { requireWhatWasSigned } from '../system/remembered-checkpoint.js';
import { keepOthersFromServing } from './nobody-serves.js';
import { markUnfinishedCopy, unmarkUnfinishedCopy, type CopyTarget, type StoreKind } from './unfinished-copy.js';

export interface CopyEventsRequest {
  /** `postgres`: the database of the configuration; `kurrentdb`: its `AIDTRAIL_STORE`; or an address of either. */
  readonly from: string;
  readonly to: string;
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** A store by its kind and address. */
type Place = CopyTarget;

/**
 * Copies the events and outcomes of a data directory's ledger to another store, and proves the copy; see `copyStore`. The
 * ledger must not be served meanwhile. Nothing else moves: registry, checkpoints, read models stay in their PostgreSQL.
 *
 * Throws `ConfigProblem`, `IdentityProblem`, `DataDirectoryInUse`, `LedgerServed`, `CopyRefused`, `StoreUnavailable`; no
 * message has an address in it.
 */
export async function copyEvents(config: Config, request: CopyEventsRequest): Promise<CopyResult> {
  requireKnown(config, request);
  const file = await openedLedgerOrThrow(config.dataDirectory, sodiumVerifier);
  const closers = new Closers();
  try {
    // Also when the events go from one KurrentDB to another: whoever serves this ledger is connected to it, or owns it.
    await requireOwnDatabase(config);
    const database = await openSystemDatabase(config);
    closers.add(() => database.close());
    const { connectionString } = database;
    const hold = await keepOthersFromServing(connectionString);
    closers.add(() => hold.release());
    await requireWhatWasSigned(database.pool, newestCheckpointPath(config));
    const [source, target] = [
      placeOf(request.from, config, connectionString),
      placeOf(request.to, config, connectionString),
    ];
    if (source.address === target.address) throw new ConfigProblem(['--from and --to name the same store']);
    const from = await openPlace(source, { config, closers, option: '--from' });
    const to = await openPlace(target, { config, closers, option: '--to' });
    requireOwnStore(await firstEventAt(source, from), file);
    const there = await firstEventAt(target, to);
    if (there !== undefined) requireOwnStore(there, file);
    const result = await copyStore({
      from,
      to,
      newTree,
      beforeWriting: async () => {
        await hold.requireHeld();
        await markUnfinishedCopy(config, target);
      },
      ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
    });
    await hold.requireHeld();
    await unmarkUnfinishedCopy(config, target);
    return result;
  } finally {
    await closers.closeAll();
  }
}

/** A forgotten `DATABASE_URL` must not make a new database, beside which everything else could be running. */
async function requireOwnDatabase({ databaseUrl, dataDirectory }: Config): Promise<void> {
  if (databaseUrl !== undefined) return;
  const isThere = await access(join(dataDirectory, 'postgres')).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  throw new ConfigProblem([
    `DATABASE_URL: there is no database in ${dataDirectory}; name the PostgreSQL of this ledger`,
  ]);
}

/** Before anything is started. */
function requireKnown(config: Config, { from, to }: CopyEventsRequest): void {
  const problems = Object.entries({ '--from': from, '--to': to }).flatMap(([option, place]) => {
    if (place === 'kurrentdb' && config.storeUrl === undefined) {
      return [`${option} kurrentdb: AIDTRAIL_STORE must name it (esdb://…)`];
    }
    return place === 'postgres' || place === 'kurrentdb' || kindOfAddress(place) !== undefined
      ? []
      : [`${option}: write postgres, kurrentdb, postgres://… or esdb://…`];
  });
  if (from === to) problems.push('--from and --to name the same store');
  if (problems.length > 0) throw new ConfigProblem(problems);
}

function placeOf(place: string, config: Config, ownDatabase: string): Place {
  if (place === 'postgres') return { kind: 'postgres', address: ownDatabase };
  if (place === 'kurrentdb') return { kind: 'kurrentdb', address: config.storeUrl as string };
  return { kind: kindOfAddress(place) as StoreKind, address: place };
}

function kindOfAddress(address: string): StoreKind | undefined {
  if (/^postgres(ql)?:\/\//.test(address)) return URL.canParse(address) ? 'postgres' : undefined;
  return /^esdb(\+discover)?:\/\//.test(address) ? 'kurrentdb' : undefined;
}

async function openPlace(
  { kind, address }: Place,
  of: { readonly config: Config; readonly closers: Closers; readonly option: string },
): Promise<CopyableStore> {
  const { storeUrl: _, ...onPostgres } = of.config;
  const config = kind === 'postgres' ? onPostgres : { ...onPostgres, storeUrl: address };
  const store = await openEventStore(config, { connectionString: address, named: of.option });
  of.closers.add(() => store.close());
  return store;
}

/** The bytes at position 0. Nothing is made for it: opening a PostgreSQL store would create its tables. */
async function firstEventAt({ kind, address }: Place, store: CopyableStore): Promise<Uint8Array | undefined> {
  if (kind === 'kurrentdb') return firstEventOf(store);
  const pool = new pg.Pool({ connectionString: address, connectionTimeoutMillis: 5_000, max: 1 });
  pool.on('error', () => undefined);
  try {
    return await readFirstEvent(pool);
  } finally {
    await pool.end();
  }
}

async function firstEventOf(store: CopyableStore): Promise<Uint8Array | undefined> {
  // Read to its end, which is soon: KurrentDB does not like a reading that is left.
  let first: Uint8Array | undefined;
  for await (const events of store.readAll({ before: 1 })) first = events[0]?.bytes;
  return first;
}

function newTree() {
  const hasher = createTreeHasher(nodeSha256);
  const range = new CompactRange(hasher);
  return { append: (leaf: Uint8Array) => range.append(hasher.leafHash(leaf)), root: () => range.root() };
}
