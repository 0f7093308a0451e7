import { leafRunOf, MalformedInput } from '@aidtrail/envelope';
import type { AcceptanceJob, LeafJob, PreparedAcceptance, PreparedLeaf, VerifyJob } from '@aidtrail/envelope';
import { Piscina } from 'piscina';
import { Gathering } from './gathering.js';
import {
  hasFixedSizes,
  packAcceptanceJobs,
  packLeafJobs,
  packLeafRun,
  packVerifyJobs,
  unpackAcceptances,
  unpackPreparedLeaves,
} from './packing.js';
import type { Acceptances, MalformedJob, WorkerSetup, WorkerTask } from './worker.js';

export interface CryptoPoolOptions {
  /** Threads; default 1. */
  readonly workers?: number;
  /** The event key's seed (32 bytes), sent to each worker once. Needed for `prepareLeaves` only. */
  readonly seed?: Uint8Array;
}

interface SignedJob {
  readonly signatures: readonly VerifyJob[];
  readonly job: AcceptanceJob;
}

/** A chunk keeps a thread busy for about 10 ms, which is what a single verification may have to wait for. */
const LEAVES_A_CHUNK = 250;
/** Leaves die as soon as they are handed over; with less room many would be copied about first. */
const YOUNG_GENERATION_MB = 96;
const VERIFICATIONS_A_CHUNK = 256;
const ACCEPTANCES_A_CHUNK = 8;

/**
 * Ed25519 and leaf preparation off the main thread. Bulk work is handed out a chunk at a time, so that a single
 * verification (a till is waiting) stands behind a few chunks at most, never behind a whole batch of vouchers.
 */
export class CryptoPool {
  private readonly piscina: Piscina;
  private readonly workers: number;
  private readonly verifications: Gathering<VerifyJob, boolean>;
  private readonly acceptances: Gathering<SignedJob, PreparedAcceptance | undefined>;
  private closed = false;
  private readonly pending = new Set<Promise<unknown>>();
  /** Chunks of bulk work in the workers, and who waits for their turn. */
  private bulkRunning = 0;
  private readonly bulkQueue: (() => void)[] = [];

  constructor(options: CryptoPoolOptions = {}) {
    this.workers = options.workers ?? 1;
    const setup: WorkerSetup = options.seed === undefined ? {} : { seed: options.seed };
    this.piscina = new Piscina({
      // Built JavaScript also when this module itself runs from src, as in tests.
      filename: new URL('../dist/worker.js', import.meta.url).href,
      minThreads: this.workers,
      maxThreads: this.workers,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: setup,
      recordTiming: false,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      concurrentTasksPerWorker: 2,
    });
    this.verifications = new Gathering({
      atOnce: this.workers,
      most: VERIFICATIONS_A_CHUNK,
      run: (jobs) => this.verifyChunk(jobs),
    });
    this.acceptances = new Gathering({
      atOnce: 2 * this.workers,
      most: ACCEPTANCES_A_CHUNK,
      run: (jobs) => this.acceptChunk(jobs),
    });
  }

  /** Verified together with what else comes in at about the same time. The shared acceptance rule applies. */
  verify(job: VerifyJob): Promise<boolean> {
    if (this.closed) return Promise.reject(closedPool());
    return this.track(this.verifications.submit(job));
  }

  /**
   * `prepareAcceptance` if every signature holds, else undefined; done together with what else comes in at about the
   * same time. Rejects with the job's own `MalformedInput`. The results are views of one buffer.
   */
  acceptIfSigned(signatures: readonly VerifyJob[], job: AcceptanceJob): Promise<PreparedAcceptance | undefined> {
    if (this.closed) return Promise.reject(closedPool());
    if (!signatures.every(hasFixedSizes)) return Promise.resolve(undefined);
    return this.track(this.acceptances.submit({ signatures, job }));
  }

  /** Many at once, for audits and bulk import; the answers stand in the order of the jobs. */
  async verifyMany(jobs: readonly VerifyJob[]): Promise<boolean[]> {
    const chunks = chunksOf(jobs, VERIFICATIONS_A_CHUNK);
    return (await Promise.all(chunks.map((chunk) => this.track(this.inBulk(() => this.verifyChunk(chunk)))))).flat();
  }

  /**
   * `prepareLeaf` for many jobs, in their order. Rejects with the `MalformedInput` of a job that cannot become a leaf;
   * preparing stores nothing, so nothing is half done then. The results of a chunk are views of one buffer.
   */
  async prepareLeaves(jobs: readonly LeafJob[]): Promise<PreparedLeaf[]> {
    const chunks = chunksOf(jobs, LEAVES_A_CHUNK);
    return (await Promise.all(chunks.map((chunk) => this.track(this.inBulk(() => this.prepareChunk(chunk)))))).flat();
  }

  /** Finishes what was handed over, then ends the threads. Later calls reject. */
  async close(): Promise<void> {
    this.closed = true;
    this.verifications.flush();
    this.acceptances.flush();
    // Piscina would abort what it has queued; and a chunk that waits for its turn has not even reached it.
    await Promise.allSettled(this.pending);
    // A thread that is ended while it still loads its code takes the whole process with it (seen on Node 20.20).
    await this.verifyChunk([]).catch(() => undefined);
    await this.piscina.close();
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.pending.add(work);
    const done = (): boolean => this.pending.delete(work);
    work.then(done, done);
    return work;
  }

  private async verifyChunk(jobs: readonly VerifyJob[]): Promise<boolean[]> {
    const packed = packVerifyJobs(jobs.filter(hasFixedSizes));
    const task: WorkerTask = { kind: 'verify', packed };
    const valid = (await this.piscina.run(task, { transferList: [packed.buffer as ArrayBuffer] })) as Uint8Array;
    // Keys and signatures of a wrong size were not sent; they take their places among the answers here.
    let next = 0;
    return jobs.map((job) => hasFixedSizes(job) && valid[next++] === 1);
  }

  private async acceptChunk(jobs: readonly SignedJob[]): Promise<(PreparedAcceptance | Error | undefined)[]> {
    const task: WorkerTask = {
      kind: 'accept',
      signatures: packVerifyJobs(jobs.flatMap(({ signatures }) => signatures)),
      counts: jobs.map(({ signatures }) => signatures.length),
      jobs: packAcceptanceJobs(jobs.map(({ job }) => job)),
    };
    const { packed, failures } = (await this.piscina.run(task)) as Acceptances;
    const results: (PreparedAcceptance | Error | undefined)[] = unpackAcceptances(packed);
    for (const { index, malformed } of failures)
      results.splice(index, 0, malformed && new MalformedInput(malformed.code, malformed.message));
    return results;
  }

  private async prepareChunk(jobs: readonly LeafJob[]): Promise<PreparedLeaf[]> {
    const run = leafRunOf(jobs);
    const task: WorkerTask =
      run === undefined
        ? { kind: 'prepare', jobs: packLeafJobs(jobs) }
        : { kind: 'prepare-run', run: packLeafRun(run, jobs) };
    const result = (await this.piscina.run(task)) as Uint8Array | MalformedJob;
    if (result instanceof Uint8Array) return unpackPreparedLeaves(result);
    throw new MalformedInput(result.code, result.message);
  }

  /** Runs with at most one chunk more than there are threads, so that no thread waits for the main one. */
  private async inBulk<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw closedPool();
    if (this.bulkRunning > this.workers) await new Promise<void>((resolve) => this.bulkQueue.push(resolve));
    else this.bulkRunning += 1;
    try {
      return await work();
    } finally {
      // The turn passes on directly, without being given back in between.
      const next = this.bulkQueue.shift();
      if (next === undefined) this.bulkRunning -= 1;
      else next();
    }
  }
}

function closedPool(): Error {
  return new Error('The crypto pool is closed.');
}

function chunksOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size));
  return chunks;
}
