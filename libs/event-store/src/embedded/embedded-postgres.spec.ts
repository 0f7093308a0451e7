import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { appendOf, range } from '../contract/samples.js';
import { createPostgresEventStore } from '../postgres/postgres-event-store.js';
import { DataDirectoryInUse, startEmbeddedPostgres, startTemporaryPostgres } from './index.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'embedded-spec-'));
  await chmod(directory, 0o755);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const options = (name: string) => ({ dataDirectory: join(directory, name), database: 'aidtrail' });

async function ask<T>(connectionString: string, query: string): Promise<T | undefined> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query({ text: query, rowMode: 'array' });
  await client.end();
  return (rows as T[][])[0]?.[0];
}

describe('embedded PostgreSQL', () => {
  it('keeps events over a restart in the middle, and the store goes on with the server that comes back', async () => {
    const first = await startEmbeddedPostgres(options('restart'));
    const port = Number(new URL(first.connectionString).port);
    const store = createPostgresEventStore({ connectionString: first.connectionString });
    await store.append(appendOf('voucher-1', 0, 1));
    await first.stop();
    await expect(store.append(appendOf('voucher-1', 1, 2))).rejects.toThrow('PostgreSQL');
    const second = await startEmbeddedPostgres({ ...options('restart'), port });
    expect(await store.append(appendOf('voucher-1', 1, 2))).toEqual({
      status: 'appended',
      firstPosition: 1,
      version: 2,
    });
    expect(await store.readStream('voucher-1')).toHaveLength(2);
    await store.close();
    await second.stop();
  });

  it('is durable, listens on this machine only, uses UTF-8 and C collation, and keeps its password to itself', async () => {
    const server = await startEmbeddedPostgres(options('settings'));
    const show = (name: string): Promise<string | undefined> => ask<string>(server.connectionString, `SHOW ${name}`);
    expect(await Promise.all(['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums'].map(show))).toEqual(
      range(0, 4).map(() => 'on'),
    );
    expect(await show('listen_addresses')).toBe('127.0.0.1');
    expect(await show('server_encoding')).toBe('UTF8');
    expect(
      await ask(server.connectionString, 'SELECT datcollate FROM pg_database WHERE datname = current_database()'),
    ).toBe('C');
    const home = join(directory, 'settings', 'postgres');
    expect((await stat(join(home, 'password'))).mode & 0o777).toBe(0o600);
    const url = new URL(server.connectionString);
    expect((await readFile(join(home, 'password'), 'utf8')).trim()).toBe(url.password);
    url.password = 'wrong';
    await expect(ask(url.href, 'SELECT 1')).rejects.toThrow();
    await server.stop();
  });

  it('refuses a directory that is in use, and serves it again afterwards', async () => {
    const server = await startEmbeddedPostgres(options('twice'));
    await expect(startEmbeddedPostgres(options('twice'))).rejects.toThrow(DataDirectoryInUse);
    expect(await ask(server.connectionString, 'SELECT 1')).toBe(1);
    await server.stop();
    await server.stop();
    const again = await startEmbeddedPostgres(options('twice'));
    expect(await ask(again.connectionString, 'SELECT 1')).toBe(1);
    await again.stop();
  });

  it.each([
    ['and the server with it', false],
    ['and leaves the server running', true],
  ])('recovers when its process is killed %s', async (_, orphan) => {
    const name = `killed-${orphan}`;
    const { child, lines } = await startInAnotherProcess(options(name).dataDirectory);
    const home = join(directory, name, 'postgres');
    await expect(startEmbeddedPostgres(options(name))).rejects.toThrow(String(child.pid));
    const owner = JSON.parse(await readFile(join(home, 'owner.json'), 'utf8')) as { watcherPid: number };
    if (orphan) process.kill(owner.watcherPid, 'SIGKILL');
    child.kill('SIGKILL');
    await new Promise((done) => child.once('exit', done));

    const server = await startEmbeddedPostgres(options(name));
    expect(await ask(server.connectionString, 'SELECT count(*)::int FROM kept')).toBe(1);
    expect(server.connectionString).not.toBe(lines[0]);
    await server.stop();
  });

  it('removes a temporary server with its directory', async () => {
    const server = await startTemporaryPostgres({ prefix: 'embedded-spec-temporary-' });
    expect(await ask(server.connectionString, 'SELECT 1')).toBe(1);
    await server.stop();
    expect(existsSync(server.dataDirectory)).toBe(false);
  });
});

/** The compiled module in a process of its own, which has committed a row when this resolves. */
async function startInAnotherProcess(dataDirectory: string) {
  const compiled = resolve(dirname(fileURLToPath(import.meta.url)), '../../dist/embedded/index.js');
  if (!existsSync(compiled)) throw new Error('this spec runs the compiled package: npm run build first');
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(compiled)});
    const { default: pg } = await import('pg');
    const server = await startEmbeddedPostgres({ dataDirectory: process.argv[1], database: 'aidtrail' });
    const client = new pg.Client({ connectionString: server.connectionString });
    await client.connect();
    await client.query('CREATE TABLE kept (n int)');
    await client.query('INSERT INTO kept VALUES (1)');
    console.log(server.connectionString);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDirectory], {
    cwd: dirname(compiled),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  await new Promise<void>((done, fail) => {
    child.once('exit', (code) => fail(new Error(`the process ended with ${code}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      lines.push(chunk.toString().trim());
      done();
    });
  });
  return { child, lines };
}
