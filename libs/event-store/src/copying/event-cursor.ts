import type { EventStore, StoredEvent } from '../port.js';

/** Reads on through a window of a store, in pieces of whatever length is asked for. */
export class EventCursor {
  private readonly batches: AsyncIterator<readonly StoredEvent[]>;
  private batch: readonly StoredEvent[] = [];
  private index = 0;

  constructor(store: EventStore, window: { readonly from: number; readonly before: number }) {
    this.batches = store.readAll(window)[Symbol.asyncIterator]();
  }

  /** The next events, fewer than asked for only at the end. */
  async take(count: number): Promise<StoredEvent[]> {
    const taken: StoredEvent[] = [];
    while (taken.length < count) {
      if (this.index === this.batch.length) {
        const next = await this.batches.next();
        if (next.done === true) break;
        this.batch = next.value;
        this.index = 0;
      }
      const end = Math.min(this.batch.length, this.index + count - taken.length);
      for (; this.index < end; this.index += 1) taken.push(this.batch[this.index] as StoredEvent);
    }
    return taken;
  }

  /** Lets go of what was read ahead. */
  async close(): Promise<void> {
    await this.batches.return?.();
  }
}
