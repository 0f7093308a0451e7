import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { HashedEntries } from '@aidtrail/public-log';
import type { EntryHashing } from '@aidtrail/verification';
import { canBePacked, pack, packedLength, unpack, type Order, type Result, type SignedMessage } from './orders.js';

/** A signature that is to be verified, and what it is about. */
export interface SignatureToVerify extends SignedMessage {
  readonly leaf: number;
  readonly by: 'ledger' | 'actor' | 'second';
}

/** A signature that does not hold. */
export type InvalidSignature = Pick<SignatureToVerify, 'leaf' | 'by' | 'publicKey'>;

export interface WorkPoolOptions {
  /** The module that every thread runs; it serves orders. */
  readonly script: URL;
  /** Called some time before `finish` resolves, in no particular order. */
  readonly onInvalid: (signature: InvalidSignature) => void;
  /** Threads; as many as there are cores unless given. */
  readonly workers?: number;
}

/** Some 200 signatures: 10 ms of a thread, so that hashing does not wait longer than that. */
const BATCH_BYTES = 196_608;
/** Bundles are about as long as those before them. */
const ROOM_TO_GROW = 1.25;
/** What each thread may have before it: one batch to work on, and some that wait. */
const BATCHES_A_WORKER = 3;

interface Waiting {
  readonly resolve: (result: Result) => void;
  readonly reject: (fault: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

type OrderOfWork = Order extends infer O ? (O extends Order ? Omit<O, 'id'> : never) : never;

/**
 * Threads that hash and verify, each busy as long as there is work. Only a few batches wait at a time, in memory that goes
 * round: what is audited may be as long as it likes.
 */
export class WorkPool implements EntryHashing {
  private readonly threads: readonly Thread[];
  private readonly free: Uint8Array[] = [];
  private readonly freeBundles: Uint8Array[] = [];
  private batch: Uint8Array = new Uint8Array(BATCH_BYTES);
  private used = 0;
  private about: Omit<InvalidSignature, 'publicKey'>[] = [];
  private running = 0;
  private lastId = 0;
  private fault: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(private readonly options: WorkPoolOptions) {
    const count = options.workers ?? availableParallelism();
    this.threads = Array.from({ length: count }, () => this.start());
  }

  async hash(bundle: Uint8Array, entries: readonly Uint8Array[]): Promise<HashedEntries> {
    // A copy is handed over to the thread, while this one goes on reading the entries.
    const used = bundle.length;
    let memory = this.freeBundles.pop();
    if (memory === undefined || memory.length < used) memory = new Uint8Array(ROOM_TO_GROW * used);
    memory.set(bundle);
    const result = await this.order({ kind: 'hash', memory, used, width: entries.length });
    if (result.kind !== 'hashed') throw new Error('A thread answered something else than it was asked.');
    this.freeBundles.push(result.memory);
    return result;
  }

  /** Takes a signature to be verified; its bytes are copied. Ask for `room` now and then. */
  verify(signature: SignatureToVerify): void {
    const { leaf, by, publicKey } = signature;
    if (!canBePacked(signature)) return this.options.onInvalid({ leaf, by, publicKey: publicKey.slice() });
    const length = packedLength(signature);
    if (this.used + length > this.batch.length) this.send();
    if (length > this.batch.length) this.batch = new Uint8Array(length);
    this.used = pack(signature, this.batch, this.used);
    this.about.push({ leaf, by });
  }

  /** Resolves when more may come. */
  async room(): Promise<void> {
    await this.until(() => this.running < this.threads.length * BATCHES_A_WORKER);
  }

  /** Resolves when everything is verified. */
  async finish(): Promise<void> {
    if (this.used > 0) this.send();
    await this.until(() => this.running === 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }

  private start(): Thread {
    const worker = new Worker(this.options.script);
    const waiting = new Map<number, Waiting>();
    worker.on('message', (result: Result) => {
      waiting.get(result.id)?.resolve(result);
      waiting.delete(result.id);
    });
    worker.once('error', (fault) => this.fail(fault instanceof Error ? fault : new Error('A thread failed.')));
    return { worker, waiting };
  }

  private order(work: OrderOfWork): Promise<Result> {
    if (this.fault !== undefined) return Promise.reject(this.fault);
    const thread = this.threads.reduce((best, one) => (one.waiting.size < best.waiting.size ? one : best));
    const id = (this.lastId += 1);
    return new Promise((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject });
      thread.worker.postMessage({ ...work, id } satisfies Order, [work.memory.buffer as ArrayBuffer]);
    });
  }

  private send(): void {
    const { batch: memory, used, about } = this;
    this.batch = this.free.pop() ?? new Uint8Array(BATCH_BYTES);
    this.used = 0;
    this.about = [];
    if (about.length === 0) return;
    this.running += 1;
    const done = (): void => {
      this.running -= 1;
      this.wake();
    };
    // A fault is kept, and thrown at whoever waits for room or for the end.
    this.order({ kind: 'verify', memory, used }).then((result) => {
      this.take(result, used, about);
      done();
    }, done);
  }

  private take(result: Result, used: number, about: readonly Omit<InvalidSignature, 'publicKey'>[]): void {
    if (result.kind !== 'verified') return;
    const { invalid, memory } = result;
    if (invalid.length > 0) {
      const signed = [...unpack(memory, used)];
      for (const number of invalid) {
        const [one, what] = [signed[number], about[number]];
        if (one !== undefined && what !== undefined)
          this.options.onInvalid({ ...what, publicKey: one.publicKey.slice() });
      }
    }
    if (memory.length === BATCH_BYTES) this.free.push(memory);
  }

  private async until(isTrue: () => boolean): Promise<void> {
    while (this.fault === undefined && !isTrue()) await new Promise<void>((resolve) => (this.wake = resolve));
    if (this.fault !== undefined) throw this.fault;
  }

  private fail(fault: Error): void {
    this.fault ??= fault;
    for (const { waiting } of this.threads) {
      for (const { reject } of waiting.values()) reject(fault);
      waiting.clear();
    }
    this.wake();
  }
}
