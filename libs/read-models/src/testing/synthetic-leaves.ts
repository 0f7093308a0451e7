import type { EventStore, StoredEvent } from '@aidtrail/event-store';
import type { DisclosureReader } from '../projected-event.js';
import { seededNumbers } from './seeded.js';

export type Fields = Readonly<Record<string, unknown>>;

/** Writes unsigned leaves in order: ids, versions and days, and what their disclosures would say. */
export class SyntheticLeaves {
  readonly events: StoredEvent[] = [];
  private readonly disclosed: (Fields | undefined)[] = [];
  private readonly versions = new Map<string, number>();
  protected readonly random;
  day = '2026-11-01';

  constructor(seed = 1) {
    this.random = seededNumbers(seed);
  }

  uuid(): string {
    const hex = Array.from({ length: 4 }, () => this.random().toString(16).padStart(8, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  emit(
    type: string,
    stream: string,
    data: Fields,
    disclosed?: Fields,
  ): { readonly id: string; readonly position: number } {
    const position = this.events.length;
    const id = this.uuid();
    const version = (this.versions.get(stream) ?? 0) + 1;
    this.versions.set(stream, version);
    const command = { ref: id };
    const sig = { key: 'none', sig: 'none' };
    // In the order of a canonical leaf's members.
    const leaf = { command, data, day: this.day, id, log: 'test', sig, stream, type, v: 1, version };
    this.events.push({ position, id, stream, version, bytes: Buffer.from(JSON.stringify(leaf)) });
    this.disclosed.push(disclosed);
    return { id, position };
  }

  /** `erased` tells whose disclosures can no longer be opened. */
  disclosures(erased: (event: StoredEvent) => boolean = () => false): DisclosureReader {
    return {
      privateOf: async (events) => events.map((event) => (erased(event) ? undefined : this.disclosed[event.position])),
    };
  }

  /** Appends what the store does not have yet. */
  async appendTo(store: EventStore): Promise<void> {
    for (const event of this.events.slice(await store.head())) {
      const { bytes, id, stream, version } = event;
      const outcome = await store.append({ stream, expectedVersion: version - 1, events: [{ id, bytes }] });
      if (outcome.status !== 'appended') throw new Error(`Could not append: ${outcome.status}`);
    }
  }

  nextDay(): void {
    const next = new Date(Date.parse(this.day) + 86_400_000);
    this.day = next.toISOString().slice(0, 10);
    this.emit('DayStarted', 'calendar-main', { day: this.day });
  }
}
