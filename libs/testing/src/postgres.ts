/**
 * Databases for specs. The first call in a jest worker starts one PostgreSQL on a temporary directory; it ends, and the
 * directory goes, when that worker ends, however it ends. With AIDTRAIL_TEST_DATABASE_URL set, that server is used.
 */
import { randomBytes } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, dropDatabase, startTemporaryPostgres } from '@aidtrail/event-store/embedded';

export interface TestDatabase {
  readonly connectionString: string;
  /** Drops the database and ends what is still connected to it. */
  drop(): Promise<void>;
}

/** A fresh, empty database: UTF-8, C collation. Call `drop` in `afterAll` or `afterEach`. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env['AIDTRAIL_TEST_DATABASE_URL'] ?? (await serverOfThisProcess());
  const database = `test_${randomBytes(8).toString('hex')}`;
  await createDatabase(server, database);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return { connectionString: url.href, drop: () => dropDatabase(server, database) };
}

let starting: Promise<string> | undefined;

function serverOfThisProcess(): Promise<string> {
  starting ??= findOrStart();
  return starting;
}

/** jest gives each spec file its own modules and globals, so what the process has started is noted in a file. */
async function findOrStart(): Promise<string> {
  const prefix = `aidtrail-test-${process.pid}-`;
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const known = await readFile(join(tmpdir(), name, 'url'), 'utf8').catch(() => '');
    if (known !== '' && (await answers(known))) return known;
  }
  const { connectionString, dataDirectory } = await startTemporaryPostgres({ prefix });
  await writeFile(join(dataDirectory, 'url'), connectionString, { mode: 0o600 });
  return connectionString;
}

async function answers(connectionString: string): Promise<boolean> {
  return createDatabase(connectionString, 'postgres').then(
    () => true,
    () => false,
  );
}
