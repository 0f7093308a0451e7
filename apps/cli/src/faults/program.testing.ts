import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sodiumSigner, readKeyFileOrThrow } from '@aidtrail/crypto-node';
import type { Actor } from '../demo/cast.js';

/** The built program as operators run it, in processes of its own: `npm test` builds before it tests. */
const PROGRAM = fileURLToPath(new URL('../../bin/aidtrail.js', import.meta.url));

/** Nothing else from the environment: settings of whoever runs the tests must not decide what is tested. */
function environment(): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'TEMP', 'TMP']) {
    if (process.env[name] !== undefined) kept[name] = process.env[name];
  }
  return {
    ...kept,
    AIDTRAIL_LOG_LEVEL: 'error',
    // Specs wait by asking, all from one address.
    AIDTRAIL_PUBLIC_REQUESTS_PER_MINUTE: '0',
    // Days are data; what a spec shows must not depend on the day that it runs on.
    AIDTRAIL_CALENDAR: 'free',
  };
}

export interface Finished {
  readonly exitCode: number | null;
  readonly output: string;
  readonly notes: string;
}

/** Runs one command to its end. */
export async function runToEnd(...args: readonly string[]): Promise<Finished> {
  return runWith({}, ...args);
}

/** Runs one command to its end, with more in its environment. */
export async function runWith(more: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Finished> {
  const child = start(args, more);
  const ended = await child.ended;
  return { exitCode: ended, output: child.output(), notes: child.notes() };
}

/** Begins a command and kills it with signal 9 after some time, wherever it is by then. */
export async function runAndKill(
  more: NodeJS.ProcessEnv,
  afterMilliseconds: number,
  ...args: readonly string[]
): Promise<void> {
  const child = start(args, more);
  const timer = setTimeout(() => child.signal('SIGKILL'), afterMilliseconds);
  await child.ended;
  clearTimeout(timer);
}

/** A temporary folder that the database's own system user may enter; root must not run PostgreSQL. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'aidtrail-faults-'));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface OpenedLedger {
  readonly dataDirectory: string;
  readonly eventKey: string;
  readonly checkpointVkey: string;
  readonly roots: readonly [Actor, Actor];
}

/** `aidtrail init` without roots: the program makes two itself. */
export async function initialiseLedger(dataDirectory: string, places: Places = {}): Promise<OpenedLedger> {
  const child = start(['init', '--data', dataDirectory, '--json'], namesOf(places));
  const exitCode = await child.ended;
  const [output, notes] = [child.output(), child.notes()];
  if (exitCode !== 0) throw new Error(`init ended with ${exitCode}: ${notes}`);
  const opened = JSON.parse(output) as {
    readonly eventKey: string;
    readonly checkpointVkey: string;
    readonly roots: readonly { readonly officer: string }[];
    readonly rootKeyFiles: readonly string[];
  };
  const roots = await Promise.all(
    opened.rootKeyFiles.map(async (file, i): Promise<Actor> => {
      const signer = sodiumSigner(await readKeyFileOrThrow(file, 'ed25519-seed'));
      return { officer: opened.roots[i]?.officer ?? '', signer };
    }),
  );
  const { eventKey, checkpointVkey } = opened;
  return { dataDirectory, eventKey, checkpointVkey, roots: roots as [Actor, Actor] };
}

/** Where a ledger lies, if not all of it in its data directory. */
export interface Places {
  readonly databaseUrl?: string;
  /** KurrentDB for the events. */
  readonly storeUrl?: string;
}

function namesOf({ databaseUrl, storeUrl }: Places): NodeJS.ProcessEnv {
  return {
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...(storeUrl === undefined ? {} : { AIDTRAIL_STORE: storeUrl }),
  };
}

export interface ServingProcess {
  readonly url: string;
  /** SIGKILL; with `database`, PostgreSQL gets one at the same moment. Resolves when the process is gone. */
  kill(options?: { readonly database?: boolean }): Promise<void>;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>;
}

/** What the servers of specs want to see of a monitor. */
export const MONITOR_TOKEN = 'the-monitor-of-a-spec-that-waits-for-rest';

/** Writes it into a file beside a data directory. */
export async function monitorTokenFileFor(dataDirectory: string): Promise<string> {
  const file = `${dataDirectory}.monitor-token`;
  await writeFile(file, MONITOR_TOKEN);
  return file;
}

/** `aidtrail serve`, once it says that it serves. */
export async function serve(
  options: Places & { readonly dataDirectory: string; readonly port: number; readonly role?: string },
): Promise<ServingProcess> {
  const { dataDirectory, port, role, ...places } = options;
  const named = role === undefined ? [] : ['--role', role];
  const settings = ['--data', dataDirectory, '--port', String(port), '--publish-every', '1s', ...named];
  const monitor = { AIDTRAIL_MONITOR_TOKEN_FILE: await monitorTokenFileFor(dataDirectory) };
  const child = start(['serve', ...settings], { ...namesOf(places), ...monitor });
  await child.says('Serving ');
  return {
    url: `http://127.0.0.1:${port}`,
    kill: async ({ database = false } = {}) => {
      const postmaster = database ? await postmasterOf(dataDirectory) : undefined;
      child.signal('SIGKILL');
      if (postmaster !== undefined) process.kill(postmaster, 'SIGKILL');
      await child.ended;
    },
    stop: async () => {
      child.signal('SIGTERM');
      return child.ended;
    },
  };
}

/** `aidtrail witness`, once it says that it serves; with `mirrorOf` a mirror of the log at that URL. */
export async function serveWitness(options: {
  readonly dataDirectory: string;
  readonly port: number;
  readonly logVkey: string;
  readonly mirrorOf?: string;
  readonly name?: string;
}): Promise<ServingProcess & { readonly vkey: string }> {
  const { dataDirectory, port, logVkey, mirrorOf, name = 'example.org/witness' } = options;
  const mirror = mirrorOf === undefined ? [] : ['--mirror', mirrorOf];
  const named = ['--name', name, '--log-vkey', logVkey, ...mirror];
  const child = start(['witness', '--data', dataDirectory, '--port', String(port), ...named]);
  await child.says('Serving ');
  return {
    url: `http://127.0.0.1:${port}`,
    vkey: /Key of this witness: (\S+)/.exec(child.notes())?.[1] ?? '',
    kill: async () => {
      child.signal('SIGKILL');
      await child.ended;
    },
    stop: async () => {
      child.signal('SIGTERM');
      return child.ended;
    },
  };
}

/** `aidtrail serve`, killed with signal 9 so soon that it may not serve yet. */
export async function serveAndKill(
  options: { readonly dataDirectory: string; readonly port: number },
  afterMilliseconds: number,
): Promise<void> {
  const child = start(['serve', '--data', options.dataDirectory, '--port', String(options.port)]);
  await new Promise((resolve) => setTimeout(resolve, afterMilliseconds));
  child.signal('SIGKILL');
  await child.ended;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The process id of the PostgreSQL of a data directory, as its own lock file tells it; undefined when none runs. */
export async function postmasterOf(dataDirectory: string): Promise<number | undefined> {
  const text = await readFile(join(dataDirectory, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return pid > 0 ? pid : undefined;
}

/** Living processes that work in a data directory: PostgreSQL's all do. */
export async function processesIn(dataDirectory: string): Promise<readonly string[]> {
  return process.platform === 'linux' ? processesAtWorkIn(dataDirectory) : processesNaming(dataDirectory);
}

async function processesAtWorkIn(dataDirectory: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process that has ended and is still listed works nowhere.
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_, i) => places[i]?.startsWith(dataDirectory));
}

async function processesNaming(dataDirectory: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'args=']);
  return stdout.split('\n').filter((line) => line.includes(dataDirectory));
}

interface Child {
  readonly ended: Promise<number | null>;
  output(): string;
  notes(): string;
  /** Resolves when standard error holds the text; throws with what it holds if the process ends before. */
  says(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

const living = new Set<ChildProcess>();

/** For `afterAll`: a failed spec must not leave a server. */
export async function killRemaining(): Promise<void> {
  for (const child of living) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): Child {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...environment(), ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  const texts = { output: '', notes: '' };
  let looked: () => void = () => undefined;
  child.stdout.on('data', (chunk: Buffer) => (texts.output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    texts.notes += chunk.toString();
    looked();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  void ended.then(() => living.delete(child));
  return {
    ended,
    output: () => texts.output,
    notes: () => texts.notes,
    says: (text) =>
      new Promise<void>((resolve, reject) => {
        looked = () => (texts.notes.includes(text) ? resolve() : undefined);
        looked();
        void ended.then((code) => reject(new Error(`It ended with ${code}: ${texts.notes}${texts.output}`)));
      }),
    signal: (signal) => void child.kill(signal),
  };
}
