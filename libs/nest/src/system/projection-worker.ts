// The thread in which the read models follow the log; `runProjection` starts it. A message tells it to stop.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { openSealedOrThrow } from '@aidtrail/crypto-node';
import { createProjector, isTransient } from '@aidtrail/read-models';
import type { Config } from '../config/config.js';
import { readServerKeysOrThrow } from '../identity/server-keys.js';
import { Closers } from './closers.js';
import { openPool } from './database.js';
import { openEventStore } from './event-store.js';
import { createDisclosureReader } from './disclosure-reader.js';
import { openRegisters } from './registers.js';
import { createSealKeys } from './seal-keys.js';

export interface ProjectionSetup {
  readonly config: Config;
  readonly connectionString: string;
}

/** Classes do not survive the way between threads. Nothing here quotes what is stored. */
export interface ProjectionFaultTold {
  readonly kind: 'retry' | 'failed';
  readonly name: string;
  readonly code?: string;
  readonly stack?: string;
  /** Starting again later may help. */
  readonly transient: boolean;
}

async function follow({ config, connectionString }: ProjectionSetup, signal: AbortSignal, port: MessagePort) {
  const closers = new Closers();
  try {
    const pool = openPool(connectionString, 2);
    closers.add(() => pool.end());
    const keys = await readServerKeysOrThrow(config.dataDirectory);
    const registers = await openRegisters(config, { pool, keys, clock: Date.now, closers });
    const store = await openEventStore(config, { connectionString, readConnections: 2 });
    closers.add(() => store.close());
    const sealKeys = createSealKeys({ ...registers, ledgerSecret: keys.ledgerSecret });
    const projector = createProjector({
      store,
      disclosures: createDisclosureReader(sealKeys, { openSealed: openSealedOrThrow }),
      connectionString,
      onRetry: (fault) => port.postMessage(told('retry', fault)),
    });
    closers.add(() => projector.close());
    await projector.run(signal);
  } finally {
    await closers.closeAll();
  }
}

/** On Linux a thread has a priority of its own: where processors are short, tills come before charts. */
function giveWayToTills(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), GIVING_WAY);
  } catch {
    // Without /proc, or where it is not allowed, both have the same priority.
  }
}

/** Of the 19 steps that there are. */
const GIVING_WAY = 10;

function told(kind: ProjectionFaultTold['kind'], fault: unknown): ProjectionFaultTold {
  const { name, code, stack } = fault instanceof Error ? (fault as Error & { readonly code?: unknown }) : {};
  return {
    kind,
    name: name ?? typeof fault,
    ...(typeof code === 'string' ? { code } : {}),
    ...(stack === undefined ? {} : { stack }),
    transient: isTransient(fault),
  };
}

if (parentPort !== null) {
  const port = parentPort;
  giveWayToTills();
  const stopping = new AbortController();
  port.once('message', () => stopping.abort());
  try {
    await follow(workerData as ProjectionSetup, stopping.signal, port);
  } catch (fault) {
    port.postMessage(told('failed', fault));
  } finally {
    port.close();
  }
}
