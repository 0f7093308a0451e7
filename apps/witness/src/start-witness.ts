import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import { createTreeHasher, formatVkey } from '@aidtrail/public-log';
import { keepEvidence } from './evidence.js';
import { openCosignerFolder, trustedLogsOrThrow } from './cosigner-folder.js';
import { startHttpServer, type HttpLimits } from './http-server.js';
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

/** Throws StateLost, KeyFileProblem, MalformedInput, or what listening throws. */
export async function startWitness(setup: WitnessSetup): Promise<RunningWitness> {
  const { dataDirectory, name, clock, tell } = setup;
  const logs = trustedLogsOrThrow(setup.logVkeys);
  const { cosigner, state } = await openCosignerFolder(dataDirectory, name);
  const witness = new Witness({
    cosigner,
    logs,
    state,
    verifier: sodiumVerifier,
    hasher: createTreeHasher(nodeSha256),
    clock,
    onContradiction: (cosigned, request) => {
      const { origin, size } = request.checkpoint;
      tell({ event: 'log_contradicts_itself', origin, size });
      void keepEvidence(join(dataDirectory, 'evidence'), cosigned.note, request).catch((fault: unknown) =>
        tell({ event: 'fault', code: codeOf(fault) }),
      );
    },
  });
  const origins = new Map([...logs.keys()].map((origin) => [originHash(origin), origin]));
  let end: (fault?: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (fault) => (fault === undefined ? resolve() : reject(fault));
  });
  ended.catch(() => undefined);
  const server = await startHttpServer({
    ...setup,
    answer: witnessRoutes(witness, (hash) => origins.get(hash)),
    onFault: (fault) => {
      tell({ event: 'fault', code: codeOf(fault) });
      if (fault instanceof StateLost) void server.close().then(() => end(fault));
    },
  });
  const close = async (): Promise<void> => {
    await server.close();
    end();
  };
  return { url: server.url, vkey: formatVkey(cosigner.key), ended, close };
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
