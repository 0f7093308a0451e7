import { setTimeout as pause } from 'node:timers/promises';
import { newestFigures, type ReadDatabase, type StoredFigures } from '@aidtrail/read-models';
import { BehaviorSubject, filter, type Observable } from 'rxjs';

const LOOK_EVERY_MILLISECONDS = 250;

/** The newest public figures of which the ledger's commitment stands in the published log. */
export interface PublishedFigures {
  /** Undefined before the first. */
  newest(): StoredFigures | undefined;
  /** Asks what is published by now. */
  look(): Promise<void>;
  /** The newest at once, if there are any, and each that follows. */
  readonly changes: Observable<StoredFigures | undefined>;
  /** How far the log was published when the read models had last counted all of that; 0 before. */
  countedSize(): number;
  /** The same, at once and whenever it grows. */
  readonly sizes: Observable<number>;
}

/** Keeps the newest figures in memory, in each process: most questions are for them, and they change once a slot. */
export class FiguresWatch implements PublishedFigures {
  private readonly subject = new BehaviorSubject<StoredFigures | undefined>(undefined);
  /** The published size up to which everything was seen. */
  private seen = 0;
  readonly changes = this.subject.asObservable();
  private readonly counted = new BehaviorSubject(0);
  readonly sizes = this.counted.pipe(filter((size) => size > 0));

  constructor(private readonly parts: { readonly reads: ReadDatabase; readonly publishedSize: () => number }) {}

  newest(): StoredFigures | undefined {
    return this.subject.value;
  }

  countedSize(): number {
    return this.counted.value;
  }

  async look(): Promise<void> {
    const size = this.parts.publishedSize();
    if (size <= this.seen) return;
    const { figures, nextPosition } = await newestFigures(this.parts.reads, size);
    if (figures !== undefined && figures.cut !== this.newest()?.cut) this.subject.next(figures);
    // The read models may lag behind the log: then there may be more below this size.
    this.seen = Math.min(size, nextPosition);
    if (this.seen === size) this.counted.next(size);
  }

  /** Looks until the signal aborts; then whoever listens is told that nothing more comes. */
  async run(signal: AbortSignal, onFault: (fault: unknown) => void): Promise<void> {
    while (!signal.aborted) {
      await this.look().catch((fault: unknown) => {
        if (!signal.aborted) onFault(fault);
      });
      // An abort rejects, and ends the loop.
      await pause(LOOK_EVERY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
    this.subject.complete();
    this.counted.complete();
  }
}
