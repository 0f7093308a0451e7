import { MalformedInput } from '@aidtrail/envelope';
import type { LeafJob, PreparedLeaf, VerifyJob } from '@aidtrail/envelope';
import { Piscina } from 'piscina';
import { hasFixedSizes, packLeafJobs, packVerifyJobs, unpackPreparedLeaves } from './packing.js';
import type { MalformedJob, WorkerSetup, WorkerTask } from './worker.js';

export interface CryptoPoolOptions {
  /** Threads; default 1. */
  readonly workers?: number;
  /** The event key's seed (32 bytes), sent to each worker once. Needed for `prepareLeaves` only. */
  readonly seed?: Uint8Array;
}

interface WaitingVerification {
  readonly job: VerifyJob;
  readonly resolve: (valid: boolean) => void;
  readonly reject: (reason: unknown) => void;
}

/** A chunk keeps a thread busy for about 10 ms, which is what a single verification may have to wait for. */
const LEAVES_A_CHUNK = 250;
const VERIFICATIONS_A_CHUNK = 256;

/**
 * Ed25519 and leaf preparation off the main thread. Bulk work is handed out a chunk at a time, so that a single
 * verification (a till is waiting) stands behind a few chunks at most, never behind a whole batch of vouchers.
 */
export class CryptoPool {
  private readonly piscina: Piscina;
  private readonly workers: number;
  private waiting: WaitingVerification[] = [];
  private flushScheduled = false;
  /** Verification messages that are out; while each thread has one, what comes in waits and makes a larger one. */
  private verifying = 0;
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
    });
  }

  /**
   * Collects the calls of one turn of the event loop, or of the time that the message before takes, into one message. The
   * shared acceptance rule applies.
   */
  verify(job: VerifyJob): Promise<boolean> {
    if (this.closed) return Promise.reject(new Error('The crypto pool is closed.'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, resolve, reject });
      this.scheduleFlush();
    });
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
    this.flush();
    // Piscina would abort what it has queued; and a chunk that waits for its turn has not even reached it.
    await Promise.allSettled(this.pending);
    await this.piscina.close();
  }

  private scheduleFlush(): void {
    if (this.flushScheduled || this.waiting.length === 0 || this.verifying >= this.workers) return;
    this.flushScheduled = true;
    setImmediate(() => this.flush());
  }

  private flush(): void {
    this.flushScheduled = false;
    const batch = this.waiting;
    if (batch.length === 0) return;
    this.waiting = [];
    // Spread over the threads: a burst must not wait for one of them.
    const share = Math.ceil(batch.length / this.workers);
    for (const part of chunksOf(batch, Math.min(share, VERIFICATIONS_A_CHUNK))) {
      this.verifying += 1;
      void this.track(this.verifyChunk(part.map(({ job }) => job)))
        .then(
          (valid) => part.forEach(({ resolve }, i) => resolve(valid[i] as boolean)),
          (error: unknown) => part.forEach(({ reject }) => reject(error)),
        )
        .finally(() => {
          this.verifying -= 1;
          this.scheduleFlush();
        });
    }
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

  private async prepareChunk(jobs: readonly LeafJob[]): Promise<PreparedLeaf[]> {
    const task: WorkerTask = { kind: 'prepare', jobs: packLeafJobs(jobs) };
    const result = (await this.piscina.run(task)) as Uint8Array | MalformedJob;
    if (result instanceof Uint8Array) return unpackPreparedLeaves(result);
    throw new MalformedInput(result.code, result.message);
  }

  /** Runs with at most one chunk more than there are threads, so that no thread waits for the main one. */
  private async inBulk<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('The crypto pool is closed.');
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

function chunksOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size));
  return chunks;
}
