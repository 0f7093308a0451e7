import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startApi, type RunningApi } from '@aidtrail/api';
import { readKeyFileOrThrow, sodiumSigner } from '@aidtrail/crypto-node';
import {
  initialise,
  loadConfigOrThrow,
  nameWitnesses,
  parseWitnessArgumentOrThrow,
  readFiguresKeyOrThrow,
} from '@aidtrail/nest';
import type { Actor, ServerKeys } from './cast.js';
import { divisionNames, openingDay } from './places.js';
import { ScriptedClock, seededServer, stepsOf, type Steps } from './steps.js';
import { startWitnesses, type DemoWitness } from './witnesses.js';

/** The ledger of the demo, served in this process. */
export interface DemoServer {
  readonly url: string;
  readonly origin: string;
  /** The server made the root keys itself, because this is a demo; they sign like anybody's. */
  readonly keys: ServerKeys;
  readonly witnesses: readonly DemoWitness[];
  /** Only of a deterministic demo: whoever plays it does what follows, and the checkpoints. */
  readonly steps: Steps | undefined;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly dataDirectory: string;
  /** The first port to try; the next free one is taken. 0: any. */
  readonly port: number;
  /** Everything from a seed and in one order. */
  readonly deterministic?: boolean;
  /** Events go into this empty KurrentDB instead of the folder's PostgreSQL. */
  readonly storeUrl?: string | undefined;
}

const HOST = '127.0.0.1';
const ORIGIN = 'ledger.aidtrail.example/demo';
/** Whoever sees the log sees what its signatures are worth. */
const ORIGIN_OF_KNOWN_KEYS = 'ledger.aidtrail.example/demo-with-known-keys';
const SLOT_MILLISECONDS = 1_000;
const BEIJING_MINUTES = 480;
const SMALLEST_CELL = 10;

/** Makes keys and leaf 0 in the folder and serves it. */
export async function startDemoServer(options: ServerOptions): Promise<DemoServer> {
  const overrides = {
    dataDirectory: options.dataDirectory,
    host: HOST,
    port: await freePort(options.port),
    slotMilliseconds: SLOT_MILLISECONDS,
    workers: 1,
    logLevel: 'silent',
    calendar: 'free',
    // The whole programme asks from one address, and waits by asking.
    publicRequestsPerMinute: 0,
    storeUrl: options.storeUrl,
    divisionNames: join(options.dataDirectory, 'division-names.json'),
  } as const;
  // Nothing from the environment: a demo must not write into the database that DATABASE_URL names.
  const config = loadConfigOrThrow(overrides, {});
  const clock = options.deterministic ? new ScriptedClock() : undefined;
  const seeded = clock === undefined ? {} : { reproducible: seededServer, clock: clock.now };
  const opened = await initialise(config, {
    origin: clock === undefined ? ORIGIN : ORIGIN_OF_KNOWN_KEYS,
    roots: [],
    utcOffsetMinutes: BEIJING_MINUTES,
    k: SMALLEST_CELL,
    now: Date.parse(`${openingDay}T00:00:00Z`),
    ...seeded,
  });
  if (opened.status !== 'opened') throw new Error('A demo ledger needs no signatures from outside.');
  await writeFile(overrides.divisionNames, `${JSON.stringify(divisionNames, undefined, 2)}\n`);
  const witnesses = await startWitnesses(options.dataDirectory, opened.file.checkpointVkey);
  const closeWitnesses = async (): Promise<void> => {
    await Promise.all(witnesses.map((witness) => witness.close()));
  };
  await nameWitnesses(
    options.dataDirectory,
    witnesses.map(({ line }) => parseWitnessArgumentOrThrow(line)),
  );
  const roots = await Promise.all(opened.rootKeyFiles.map((file, i) => rootOf(file, opened.file.roots[i]?.officer)));
  const figures = { officer: 'service-figures', signer: await readFiguresKeyOrThrow(options.dataDirectory) };
  const api: RunningApi = await startApi(config, seeded).catch(async (fault: unknown) => {
    await closeWitnesses();
    throw fault;
  });
  return {
    url: api.url,
    origin: opened.file.origin,
    keys: { roots: roots as [Actor, Actor], figures },
    witnesses,
    steps: clock === undefined ? undefined : stepsOf(api, clock),
    close: async () => {
      await api.close();
      await closeWitnesses();
    },
  };
}

async function rootOf(file: string, officer: string | undefined): Promise<Actor> {
  if (officer === undefined) throw new Error('A root key file has no officer.');
  return { officer, signer: sodiumSigner(await readKeyFileOrThrow(file, 'ed25519-seed')) };
}

async function freePort(first: number): Promise<number> {
  if (first === 0) return 0;
  for (let port = first; port < first + PORTS_TO_TRY; port += 1) if (await isFree(port)) return port;
  throw new Error(`The ports from ${first} to ${first + PORTS_TO_TRY - 1} are taken. Name another with --port.`);
}

const PORTS_TO_TRY = 20;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}
