import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '@aidtrail/event-store/embedded';
import type { Config } from '../config/config.js';

/** The PostgreSQL that a system uses: its own, started with it, or the one that the operator named. */
export interface SystemDatabase {
  readonly connectionString: string;
  /** For all small tables; the event store and the read models have connections of their own. */
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** Erasures must survive the loss of the database and of its backups, so the list is a file beside the keys. */
export function erasureListPath(config: Config): string {
  return join(config.dataDirectory, 'erasures.jsonl');
}

/** The public log as static files. */
export function logPath(config: Config): string {
  return join(config.dataDirectory, 'log');
}

/** What this server has signed last; see `rememberOutside`. */
export function newestCheckpointPath(config: Config): string {
  return join(config.dataDirectory, 'newest-checkpoint.json');
}

/** A database that takes a statement and says nothing must not keep a request for ever; import is the longest work. */
const patience = { connectionTimeoutMillis: 5_000, query_timeout: 30_000, keepAlive: true };

export function openPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max, ...patience });
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  // So would one that breaks while somebody works with it, who learns of it by his statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export async function openSystemDatabase(config: Config): Promise<SystemDatabase> {
  const { databaseUrl, dataDirectory } = config;
  const server =
    databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDirectory, database: 'aidtrail' })
      : { connectionString: databaseUrl, stop: () => Promise.resolve() };
  const { connectionString } = server;
  const pool = openPool(connectionString, 8);
  return {
    connectionString,
    pool,
    close: async () => {
      await pool.end();
      await server.stop();
    },
  };
}
