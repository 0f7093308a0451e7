import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import { createTreeHasher, formatVkey } from '@aidtrail/public-log';
import { keepEvidence } from './evidence.js';
import type { TrustedLogs } from './add-checkpoint.js';
import { openCosignerFolder, trustedLogsOrThrow, type CosignerFolder } from './cosigner-folder.js';
import { startHttpServer, type HttpLimits, type RunningServer } from './http-server.js';
import { StateLost } from './witness-state.js';
import { Witness } from './witness.js';
import { witnessRoutes } from './witness-routes.js';

export interface WitnessSetup {
  /** Its key and what it has cosigned; made when there is none. */
  readonly dataDirectory: string;
  /** Such as `example.org/witness`: it stands in every cosignature. */
  readonly name: string;
  /** Keys of the logs that it watches; a key's name is the log's origin. */
  readonly logVkeys: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly clock: () => number;
  /** One line of the witness's log: fields for a machine, without a word of the request but origins that it knows. */
  readonly tell: (line: Readonly<Record<string, string | number>>) => void;
  readonly limits?: Partial<HttpLimits>;
}

export interface RunningWitness {
  readonly url: string;
  readonly vkey: string;
  /** Rejects when it had to stop, because what it has cosigned is not certain any more. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Throws DataDirectoryInUse, StateLost, KeyFileProblem, MalformedInput, or what listening throws. */
export async function startWitness(setup: WitnessSetup): Promise<RunningWitness> {
  const logs = trustedLogsOrThrow(setup.logVkeys);
  const end = endOnce();
  const folder = await openCosignerFolder(setup.dataDirectory, setup.name, end.failed);
  const server = await listen({ setup, folder, logs, onLost: end.failed }).catch(async (fault: unknown) => {
    await folder.release();
    throw fault;
  });
  const closed = end.called.finally(async () => {
    await server.close();
    await folder.release();
  });
  closed.catch(() => undefined);
  const close = (): Promise<void> => {
    end.done();
    return closed.catch(() => undefined);
  };
  return { url: server.url, vkey: formatVkey(folder.cosigner.key), ended: closed, close };
}

function listen(of: {
  readonly setup: WitnessSetup;
  readonly folder: CosignerFolder;
  readonly logs: TrustedLogs;
  readonly onLost: (fault: StateLost) => void;
}): Promise<RunningServer> {
  const { setup, folder, logs, onLost } = of;
  const { dataDirectory, tell } = setup;
  const witness = new Witness({
    ...{ cosigner: folder.cosigner, state: folder.state, clock: setup.clock, logs },
    verifier: sodiumVerifier,
    hasher: createTreeHasher(nodeSha256),
    onContradiction: (cosigned, request) => {
      const { origin, size } = request.checkpoint;
      tell({ event: 'log_contradicts_itself', origin, size });
      void keepEvidence(join(dataDirectory, 'evidence'), cosigned.note, request).catch((fault: unknown) =>
        tell({ event: 'fault', code: codeOf(fault) }),
      );
    },
  });
  const origins = new Map([...logs.keys()].map((origin) => [originHash(origin), origin]));
  return startHttpServer({
    ...setup,
    answer: witnessRoutes(witness, (hash) => origins.get(hash)),
    onFault: (fault) => {
      tell({ event: 'fault', code: codeOf(fault) });
      if (fault instanceof StateLost) onLost(fault);
    },
  });
}

/** An end that comes once: in good order, or with what made it necessary. */
export function endOnce(): {
  readonly called: Promise<void>;
  readonly done: () => void;
  readonly failed: (fault: StateLost) => void;
} {
  let done: () => void = () => undefined;
  let failed: (fault: StateLost) => void = () => undefined;
  const called = new Promise<void>((resolve, reject) => {
    done = resolve;
    failed = reject;
  });
  called.catch(() => undefined);
  return { called, done: () => done(), failed: (fault) => failed(fault) };
}

/** Where a log stands below the monitoring prefix of a witness: SHA-256 of its origin in lower-case hex. */
export function originHash(origin: string): string {
  return createHash('sha256').update(origin, 'utf8').digest('hex');
}

/** What a log line says of a fault: never its message, which may repeat what somebody sent. */
export function codeOf(fault: unknown): string {
  const { code } = fault as { readonly code?: unknown };
  if (typeof code === 'string') return code;
  return fault instanceof Error ? fault.name : typeof fault;
}
