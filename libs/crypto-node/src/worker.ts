import { MalformedInput, prepareAcceptance, prepareLeaf, prepareLeafRun } from '@aidtrail/envelope';
import type { LeafTools, MalformedCode, PreparedAcceptance, PreparedLeaf } from '@aidtrail/envelope';
import { move, Piscina } from 'piscina';
import { sodiumSigner, sodiumVerifier } from './ed25519.js';
import { nodeHmacSha256, nodeSha256 } from './hashes.js';
import {
  packAcceptances,
  packPreparedLeaves,
  unpackAcceptanceJobs,
  unpackLeafJobs,
  unpackLeafRun,
  unpackVerifyJobs,
} from './packing.js';
import type { PackedAcceptanceJobs, PackedLeafRun } from './packing.js';
import { sealDisclosures } from './seal.js';

/** Given to each worker once, when it starts. */
export interface WorkerSetup {
  readonly seed?: Uint8Array;
}

export type WorkerTask =
  | { readonly kind: 'verify'; readonly packed: Uint8Array }
  | { readonly kind: 'prepare'; readonly jobs: string }
  | { readonly kind: 'prepare-run'; readonly run: PackedLeafRun }
  | {
      readonly kind: 'accept';
      /** The signatures of all commands, one after the other, and how many each command has. */
      readonly signatures: Uint8Array;
      readonly counts: readonly number[];
      readonly jobs: PackedAcceptanceJobs;
    };

/** Classes do not survive the way between threads, so a malformed job comes back as data. */
export interface MalformedJob {
  readonly code: MalformedCode;
  readonly message: string;
}

/** What became of a message of acceptances: those that are there, packed in order, and what came of the others. */
export interface Acceptances {
  readonly packed: Uint8Array;
  readonly failures: readonly FailedAcceptance[];
}

/** `index` counts all jobs of the message; ascending. Without a malformed job it was a signature that does not hold. */
interface FailedAcceptance {
  readonly index: number;
  readonly malformed?: MalformedJob;
}

/**
 * The body of `CryptoPool`'s threads. Verifying gives one byte a job, 1 or 0;
 * preparing gives packed leaves, or the fault of the first malformed job; accepting gives `Acceptances`.
 */
export default function run(task: WorkerTask): unknown {
  switch (task.kind) {
    case 'verify':
      return Uint8Array.from(unpackVerifyJobs(task.packed), (job) => (sodiumVerifier.verify(job) ? 1 : 0));
    case 'prepare':
      return prepare(() => unpackLeafJobs(task.jobs).map((job) => prepareLeaf(job, leafTools())));
    case 'prepare-run':
      return prepare(() => prepareLeafRun(unpackLeafRun(task.run), task.run.sealKeys, leafTools()));
    case 'accept':
      return accept(task);
  }
}

function prepare(make: () => readonly PreparedLeaf[]): unknown {
  try {
    return move(packPreparedLeaves(make()));
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    return { code: error.code, message: error.message } satisfies MalformedJob;
  }
}

/** The commands of a message are strangers to each other: what one does wrong must not touch the others. */
function accept(task: Extract<WorkerTask, { kind: 'accept' }>): Acceptances {
  const tools = leafTools();
  const signatures = unpackVerifyJobs(task.signatures);
  const done: PreparedAcceptance[] = [];
  const failures: FailedAcceptance[] = [];
  let next = 0;
  unpackAcceptanceJobs(task.jobs).forEach((job, index) => {
    const own = signatures.slice(next, (next += task.counts[index] as number));
    try {
      if (own.every((signature) => sodiumVerifier.verify(signature))) done.push(prepareAcceptance(job, tools));
      else failures.push({ index });
    } catch (error) {
      if (!(error instanceof MalformedInput)) throw error;
      failures.push({ index, malformed: { code: error.code, message: error.message } });
    }
  });
  return { packed: packAcceptances(done), failures };
}

let tools: LeafTools | undefined;

/** Made at the first use and kept: expanding a seed costs as much as a signature. */
function leafTools(): LeafTools {
  const { seed } = Piscina.workerData as WorkerSetup;
  if (seed === undefined) throw new Error('The crypto pool was opened without a signing seed.');
  tools ??= { signer: sodiumSigner(seed), seal: sealDisclosures, sha256: nodeSha256, hmac: nodeHmacSha256 };
  return tools;
}
