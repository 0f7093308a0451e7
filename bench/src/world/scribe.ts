import { CryptoPool } from '@aidtrail/crypto-node';
import type { LeafJob } from '@aidtrail/envelope';
import type { EventStore } from '@aidtrail/event-store';

const EVENTS_A_CHUNK = 4_000;
const MAX_CHUNKS_UNDER_WAY = 3;

/**
 * Writes leaves that were decided elsewhere, in the order given, as fast as the store takes them: the pool prepares one
 * chunk while the database stores another and the caller decides a third. Leaves carry the ledger's real signature.
 * Nobody else may append meanwhile.
 */
export class Scribe {
  private readonly pool: CryptoPool;
  private jobs: LeafJob[] = [];
  private readonly streams = new Set<string>();
  private readonly underWay: Promise<void>[] = [];
  private last: Promise<void> = Promise.resolve();
  private next: number;

  private constructor(
    private readonly store: EventStore,
    eventSeed: Uint8Array,
    head: number,
  ) {
    this.pool = new CryptoPool({ workers: 1, seed: eventSeed });
    this.next = head;
  }

  static async open(store: EventStore, eventSeed: Uint8Array): Promise<Scribe> {
    return new Scribe(store, eventSeed, await store.head());
  }

  /** The leaf index that the next event gets. */
  get position(): number {
    return this.next;
  }

  async write(job: LeafJob): Promise<void> {
    // One call of appendMany takes a stream once only.
    if (this.jobs.length >= EVENTS_A_CHUNK || this.streams.has(job.stream)) await this.sendOff();
    this.jobs.push(job);
    this.streams.add(job.stream);
    this.next += 1;
  }

  /** Resolves when all that was written is on disk. */
  async flush(): Promise<void> {
    await this.sendOff();
    await this.last;
  }

  /** After somebody else has appended. */
  async resume(): Promise<void> {
    this.next = await this.store.head();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.pool.close();
  }

  private async sendOff(): Promise<void> {
    if (this.jobs.length === 0) return;
    const { jobs } = this;
    this.jobs = [];
    this.streams.clear();
    const prepared = this.pool.prepareLeaves(jobs);
    const before = this.last;
    this.last = (async () => {
      const leaves = await prepared;
      await before;
      const outcomes = await this.store.appendMany(
        leaves.map(({ bytes, sealed }, i) => {
          const { stream, version, id } = jobs[i] as LeafJob;
          const event = { id, bytes, ...(sealed === undefined ? {} : { sealed }) };
          return { stream, expectedVersion: version - 1, events: [event] };
        }),
      );
      const other = outcomes.find(({ status }) => status !== 'appended');
      if (other !== undefined) throw new Error(`A synthetic event was not stored: ${other.status}`);
    })();
    // It is awaited below or by flush; until then a failure must not count as unhandled.
    this.last.catch(() => undefined);
    this.underWay.push(this.last);
    if (this.underWay.length > MAX_CHUNKS_UNDER_WAY) await this.underWay.shift();
  }
}
