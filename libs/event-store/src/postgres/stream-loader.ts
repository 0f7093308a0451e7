import type { StoredEvent } from '../port.js';
import type { Reader } from './reader.js';

interface Wanted {
  readonly stream: string;
  readonly fromVersion: number;
  readonly events: StoredEvent[];
  readonly resolve: (events: readonly StoredEvent[]) => void;
  readonly reject: (fault: unknown) => void;
}

const streamsPerQuery = 200;
const eventsPerStream = 1_000;
/** One: what is asked for meanwhile makes one larger query, which costs the server less than two small ones. */
const queriesAtOnce = 1;

/**
 * Reads streams for many callers at once: what is asked for in one turn of the event loop, or while the queries that may
 * run at once are out, goes in one query. A long stream comes in parts, so that no statement runs long.
 */
export class StreamLoader {
  private wanted: Wanted[] = [];
  private running = 0;
  private scheduled = false;

  constructor(private readonly reader: Reader) {}

  load(stream: string, fromVersion: number): Promise<readonly StoredEvent[]> {
    return new Promise((resolve, reject) => {
      this.wanted.push({ stream, fromVersion, events: [], resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.running >= queriesAtOnce || this.wanted.length === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.query(this.wanted.splice(0, streamsPerQuery));
      this.schedule();
    });
  }

  private async query(batch: readonly Wanted[]): Promise<void> {
    this.running += 1;
    try {
      const found = await this.reader.streams(
        batch.map(({ stream, fromVersion, events }) => ({ stream, fromVersion: fromVersion + events.length })),
        eventsPerStream,
      );
      batch.forEach((wanted, i) => this.take(wanted, found[i] ?? []));
    } catch (fault) {
      for (const wanted of batch) wanted.reject(fault);
    }
    this.running -= 1;
    this.schedule();
  }

  private take(wanted: Wanted, found: readonly StoredEvent[]): void {
    wanted.events.push(...found);
    if (found.length < eventsPerStream) wanted.resolve(wanted.events);
    else this.wanted.push(wanted);
  }
}
