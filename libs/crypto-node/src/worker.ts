import { MalformedInput, prepareLeaf } from '@aidtrail/envelope';
import type { LeafTools, MalformedCode } from '@aidtrail/envelope';
import { move, Piscina } from 'piscina';
import { sodiumSigner, sodiumVerifier } from './ed25519.js';
import { nodeHmacSha256, nodeSha256 } from './hashes.js';
import { packPreparedLeaves, unpackLeafJobs, unpackVerifyJobs } from './packing.js';
import { sealDisclosures } from './seal.js';

/** Given to each worker once, when it starts. */
export interface WorkerSetup {
  readonly seed?: Uint8Array;
}

export type WorkerTask =
  { readonly kind: 'verify'; readonly packed: Uint8Array } | { readonly kind: 'prepare'; readonly jobs: string };

/** Classes do not survive the way between threads, so a malformed job comes back as data. */
export interface MalformedJob {
  readonly code: MalformedCode;
  readonly message: string;
}

/**
 * The body of `CryptoPool`'s threads. Verifying gives one byte a job, 1 or 0;
 * preparing gives packed leaves, or the fault of the first malformed job.
 */
export default function run(task: WorkerTask): unknown {
  switch (task.kind) {
    case 'verify':
      return Uint8Array.from(unpackVerifyJobs(task.packed), (job) => (sodiumVerifier.verify(job) ? 1 : 0));
    case 'prepare':
      return prepare(task.jobs);
  }
}

function prepare(jobs: string): unknown {
  try {
    const tools = leafTools();
    return move(packPreparedLeaves(unpackLeafJobs(jobs).map((job) => prepareLeaf(job, tools))));
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    return { code: error.code, message: error.message } satisfies MalformedJob;
  }
}

let tools: LeafTools | undefined;

/** Made at the first use and kept: expanding a seed costs as much as a signature. */
function leafTools(): LeafTools {
  const { seed } = Piscina.workerData as WorkerSetup;
  if (seed === undefined) throw new Error('The crypto pool was opened without a signing seed.');
  tools ??= { signer: sodiumSigner(seed), seal: sealDisclosures, sha256: nodeSha256, hmac: nodeHmacSha256 };
  return tools;
}
