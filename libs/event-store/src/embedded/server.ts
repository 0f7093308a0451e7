import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { platform, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { run } from './binaries.js';
import type { Binaries } from './binaries.js';

export interface RunningServer {
  readonly port: number;
  readonly watcherPid?: number;
  stop(): Promise<void>;
}

interface ServerOptions {
  readonly home: string;
  readonly binaries: Binaries;
  readonly password: string;
  readonly port?: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly removeAfterwards?: string;
}

/** A sixteenth of the memory, as megabytes between 128 and 1,024: the server shares the machine with everything else. */
const sharedBuffersMb = Math.round(Math.min(1_024, Math.max(128, totalmem() / 16 / 1_048_576)));

/** For a small machine; durability is PostgreSQL's default and stays on. Logs hold no statement and no row content. */
const baseSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: `${sharedBuffersMb}MB`,
  // What is read is a page here and there: handing each to another process costs more than reading it.
  io_method: 'sync',
  wal_buffers: '16MB',
  wal_compression: 'off',
  min_wal_size: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  fsync: 'on',
  synchronous_commit: 'on',
  jit: 'off',
  logging_collector: 'off',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
} as const;

const startSeconds = 120;
const endSeconds = 5;
const largestLogBytes = 10 * 1024 * 1024;

/** Starts the server of `<home>/data` and waits until it answers. A port taken in the meantime is replaced. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { home, binaries, settings } = options;
  const log = join(home, 'server.log');
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    await keepLogSmall(log);
    const logStart = (await stat(log).catch(() => undefined))?.size ?? 0;
    const flags = Object.entries({ ...baseSettings, ...settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const logFile = openSync(log, 'a', 0o600);
    // Its own process group: an interrupt typed at the terminal ends us first, and we end the server.
    const child = spawn(binaries.postgres, ['-D', join(home, 'data'), '-p', String(port), ...flags], {
      cwd: home,
      env: binaries.env,
      detached: true,
      stdio: ['ignore', logFile, logFile],
      ...binaries.user,
    });
    closeSync(logFile);
    const gone = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`it ended with ${code ?? signal}`));
    });
    child.unref();
    const failure = await waitUntilReady({ port, password: options.password, gone });
    if (failure === undefined) return running(options, child, gone, port);
    const printed = (await readFile(log, 'utf8').catch(() => '')).slice(logStart);
    // A server that was killed stays in the process table until somebody reaps it, and counts as running until then.
    const passing =
      /could not bind|Address already in use|pre-existing shared memory block|lock file "postmaster.pid"/.test(printed);
    if (!passing || attempt === 5)
      throw new Error(`PostgreSQL did not start: ${failure}\n${printed.trim().slice(-2_000)}`);
    await sleep(500);
  }
}

/**
 * Stops a server that a killed owner left on this directory. Its lock file names a process, but that number may belong
 * to another program by now, so it is stopped only if the server at its port says that it runs on this directory.
 */
export async function stopOrphan(at: {
  readonly data: string;
  readonly password: string;
  readonly binaries: Binaries;
}): Promise<void> {
  const deadline = Date.now() + startSeconds * 1_000;
  while (Date.now() < deadline) {
    const lines = (await readFile(join(at.data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    if (!pid || !isRunning(pid)) return;
    const answer = port ? await directoryServedAt(port, at.password) : 'busy';
    if (answer === at.data)
      return run(at.binaries, at.binaries.pgCtl, ['stop', '-D', at.data, '-m', 'fast', '-w', '-t', '60']);
    if (answer !== 'busy') return;
    await sleep(100);
  }
}

function running(options: ServerOptions, child: ChildProcess, gone: Promise<string>, port: number): RunningServer {
  const { binaries, home } = options;
  const stopNow = ['stop', '-D', join(home, 'data'), '-m', 'fast'];
  const watcher = platform() === 'win32' ? undefined : watch(child, options.removeAfterwards);
  const onExit = (): void =>
    void spawnSync(binaries.pgCtl, [...stopNow, '-W'], { env: binaries.env, windowsHide: true });
  if (!watcher) process.once('exit', onExit);
  const forget = (): void => {
    watcher?.kill('SIGKILL');
    process.removeListener('exit', onExit);
  };
  // A server that ended by itself leaves a process id that another program may get.
  void gone.then(forget);
  return {
    port,
    ...(watcher?.pid !== undefined && { watcherPid: watcher.pid }),
    stop: async () => {
      // Whoever stops it waits for it: with nothing else to do, the process would end before it has heard of the end.
      child.ref();
      if (child.exitCode === null && child.signalCode === null) {
        await run(binaries, binaries.pgCtl, [...stopNow, '-w', '-t', '120']).catch(async (error: unknown) => {
          // A server that ends by itself at this moment is not there for pg_ctl, and we may not have heard of it yet.
          const ended = await Promise.race([gone.then(() => true), sleep(endSeconds * 1_000).then(() => false)]);
          if (!ended) throw error;
        });
      }
      await gone;
      forget();
    },
  };
}

/**
 * A process that is killed runs no exit handler. A shell that reads from a pipe held by this process sees its end in
 * any case, and then asks the server for a fast shutdown.
 */
function watch(server: ChildProcess, removeAfterwards: string | undefined): ChildProcess {
  // Gone is told by the server's own lock file: a process id may stay in the table where nobody reaps orphans.
  const script = [
    'trap "" INT TERM HUP',
    'read -r line',
    'kill -INT "$1" 2>/dev/null',
    '[ -n "$2" ] || exit 0',
    'i=0',
    'while [ -e "$2/postgres/data/postmaster.pid" ] && [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done',
    'rm -rf -- "$2"',
  ].join('\n');
  const watcher = spawn('/bin/sh', ['-c', script, 'watcher', String(server.pid), removeAfterwards ?? ''], {
    cwd: '/',
    env: process.env['PATH'] === undefined ? {} : { PATH: process.env['PATH'] },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  (watcher.stdin as unknown as { unref(): void }).unref();
  watcher.unref();
  return watcher;
}

async function waitUntilReady(at: {
  readonly port: number;
  readonly password: string;
  readonly gone: Promise<string>;
}): Promise<string | undefined> {
  const deadline = Date.now() + startSeconds * 1_000;
  let ended: string | undefined;
  void at.gone.then((reason) => (ended = reason));
  while (ended === undefined && Date.now() < deadline) {
    const answer = await directoryServedAt(at.port, at.password);
    if (answer !== 'busy' && answer !== undefined) return undefined;
    await sleep(30);
  }
  return ended ?? `no answer within ${startSeconds} s`;
}

/** The data directory of the server at a port; 'busy' while it starts or stops; undefined if it is not ours. */
async function directoryServedAt(port: number, password: string): Promise<string | undefined> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'aidtrail',
    password,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory;
  } catch (error) {
    return (error as { code?: string }).code === '57P03' ? 'busy' : undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function keepLogSmall(log: string): Promise<void> {
  const size = (await stat(log).catch(() => undefined))?.size ?? 0;
  if (size > largestLogBytes) await rename(log, `${log}.before`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
