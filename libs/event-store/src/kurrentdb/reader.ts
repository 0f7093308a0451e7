import { StoreUnavailable } from '../port.js';
import type { CommandOutcome, StoredEvent } from '../port.js';
import type { Connection, Recorded } from './connection.js';
import type { AllPosition } from './ledger-state.js';
import type { Names } from './names.js';
import { PartsReader } from './parts.js';
import { acceptedOf, RecordUnreadable, loneOutcomeOf } from './records.js';
import { isAfter, type Sequencer } from './sequencer.js';

/** About so many bytes are read in one go, however large the events are. */
const readBytes = 8 * 1_048_576;
export const firstRead = 250;
const largestRead = 4_000;
const streamRead = 1_000;
const streamsAtOnce = 32;

export class Reader {
  constructor(
    private readonly connection: Connection,
    private readonly sequencer: Sequencer,
    private readonly names: Names,
  ) {}

  async head(): Promise<number> {
    await this.sequencer.catchUp();
    return this.sequencer.state.head;
  }

  /** From a position on, in order; positions below the head only. */
  cursor(from: number): Cursor {
    return new Cursor(this.connection, this.sequencer, this.names, from);
  }

  async stream(name: string, fromVersion: number): Promise<StoredEvent[]> {
    await this.sequencer.ready();
    const { state } = this.sequencer;
    const stream = this.names.streamOf(name);
    const recorded: Recorded[] = [];
    // With void revisions the version lies further on; what is read too much is dropped below.
    for (let from = fromVersion - 1; ; from += streamRead) {
      const page = await this.connection.readStream(stream, from, streamRead);
      for (const event of page) recorded.push(event);
      if (page.length < streamRead) break;
    }
    const last = recorded.at(-1);
    if (!last) return [];
    if (!state.knows(stream, Number(last.revision), last.id)) await this.sequencer.catchUp();
    const parts = new PartsReader(this.connection, this.names);
    const events: StoredEvent[] = [];
    for (const event of recorded) {
      const revision = Number(event.revision);
      if (!this.names.isEvent(event.type) || state.isVoid(stream, revision)) continue;
      const version = revision + 1 - state.voidsBelow(stream, revision);
      if (version < fromVersion) continue;
      const content = parts.contentOf(event);
      const { bytes, sealed } = content instanceof Promise ? await content : content;
      const position = state.ids.find(event.id);
      if (position < 0) throw new StoreUnavailable('KurrentDB gave an event that $all does not show yet');
      events.push({ position, stream: name, version, id: event.id, bytes, ...(sealed && { sealed }) });
    }
    return events;
  }

  streams(names: readonly string[]): Promise<StoredEvent[][]> {
    return mapAtMost(streamsAtOnce, names, (name) => this.stream(name, 1));
  }

  versionsOf(names: readonly string[]): Promise<number[]> {
    return mapAtMost(streamsAtOnce, names, (name) => this.versionOf(name));
  }

  async event(id: string): Promise<StoredEvent | undefined> {
    await this.sequencer.ready();
    const { ids } = this.sequencer.state;
    if (!ids.has(id)) await this.sequencer.catchUp();
    const position = ids.find(id);
    if (position < 0) return undefined;
    const [event] = await this.cursor(position).take(position + 1, 1);
    return event;
  }

  async outcomeOf(commandId: string): Promise<CommandOutcome | undefined> {
    await this.sequencer.ready();
    const { state } = this.sequencer;
    if (!state.commands.has(commandId)) await this.sequencer.catchUp();
    const place = state.outcomePlace(commandId);
    if (place === undefined) return undefined;
    if (place === 'alone') {
      const [outcome] = await this.connection.readStream(this.names.refusalStream(commandId), 0, 1);
      if (!outcome) throw new RecordUnreadable('it is gone');
      return loneOutcomeOf(outcome.data).outcome;
    }
    const recorded = await this.cursor(place.acceptedAt).recorded(place.acceptedAt + 1);
    return acceptedOf(recorded.metadata);
  }

  private async versionOf(name: string): Promise<number> {
    await this.sequencer.ready();
    const { state } = this.sequencer;
    const stream = this.names.streamOf(name);
    const last = await this.connection.lastOfStream(stream);
    if (!last) return 0;
    const revision = Number(last.revision);
    if (!state.knows(stream, revision, last.id)) await this.sequencer.catchUp();
    return revision + 1 - state.voidsBelow(stream, revision + 1);
  }
}

/** Reads on in `$all` and counts. What it has read and not given is kept for the next time. */
export class Cursor {
  private page: Recorded[] = [];
  private index = 0;
  /** The last event that was read. */
  private after: AllPosition | undefined;
  private position: number;
  private nextRead = firstRead;
  /** How many times more than needed is read, after pages without an event of the ledger. */
  private stretch = 1;
  private positionBefore = -1;
  private ahead: Promise<Recorded[]> | undefined;
  private readonly parts: PartsReader;

  constructor(
    private readonly connection: Connection,
    private readonly sequencer: Sequencer,
    private readonly names: Names,
    private from: number,
  ) {
    this.parts = new PartsReader(connection, names);
    const mark = sequencer.state.markFor(from);
    this.position = mark.position;
    this.after = mark.after;
  }

  /** The position that comes next. */
  get next(): number {
    return this.from;
  }

  /** The next events before a position, at most so many and at least one; `before` is not beyond the head. */
  async take(before: number, most: number): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    let size = 0;
    while (events.length < most && this.from < before && size < readBytes) {
      const recorded = this.nextKept(before);
      if (!recorded) {
        if (events.length > 0 && this.ahead === undefined) break;
        await this.readOn(before);
        continue;
      }
      const content = this.parts.contentOf(recorded);
      const { bytes, sealed } = content instanceof Promise ? await content : content;
      size += bytes.length + (sealed?.length ?? 0);
      events.push(this.eventOf(recorded, { bytes, ...(sealed && { sealed }) }));
      this.from += 1;
    }
    return events;
  }

  /** The next event as KurrentDB keeps it. */
  async recorded(before: number): Promise<Recorded> {
    for (;;) {
      const recorded = this.nextKept(before);
      if (recorded) return recorded;
      await this.readOn(before);
    }
  }

  /** Begins to read what comes next, for who is going to work on what was given. */
  prefetch(before: number): void {
    if (this.index < this.page.length || this.ahead !== undefined || this.from >= before) return;
    this.ahead = this.connection.readAll(this.after, this.readSize(before));
    this.ahead.catch(() => undefined);
  }

  /** The next event of the ledger in what was read; those that are not asked for are counted only. */
  private nextKept(before: number): Recorded | undefined {
    const { state } = this.sequencer;
    while (this.index < this.page.length && this.position < before) {
      const event = this.page[this.index] as Recorded;
      this.index += 1;
      if (!this.names.isEvent(event.type)) continue;
      if (state.voids.size > 0 && state.isVoid(event.streamId, Number(event.revision))) continue;
      if (state.ids.find(event.id) !== this.position) {
        throw new RecordUnreadable(`$all does not have at position ${this.position} what was counted there`);
      }
      this.position += 1;
      if (this.position > this.from) return event;
    }
    return undefined;
  }

  private async readOn(before: number): Promise<void> {
    // Where there are none of the ledger's the next page is larger, so that passing many others takes few trips.
    this.stretch = this.position === this.positionBefore ? Math.min(this.stretch * 2, largestRead) : 1;
    this.positionBefore = this.position;
    const count = this.readSize(before);
    const reading = this.ahead ?? this.connection.readAll(this.after, count);
    this.ahead = undefined;
    const page = await reading;
    const { after } = this;
    // The event at the position itself was read before.
    const fresh = after ? page.filter(({ position }) => position && isAfter(position, after)) : page;
    if (fresh.length === 0) throw new StoreUnavailable('KurrentDB does not show all that it has stored');
    this.page = fresh;
    this.index = 0;
    this.after = fresh.at(-1)?.position ?? this.after;
    this.nextRead = nextReadAfter(fresh);
  }

  /** One more than needed: the event at the position is read again. */
  private readSize(before: number): number {
    return Math.min(this.nextRead, (before - this.position + 1) * this.stretch);
  }

  private eventOf(recorded: Recorded, content: { bytes: Uint8Array; sealed?: Uint8Array }): StoredEvent {
    const { state } = this.sequencer;
    const { streamId, id } = recorded;
    const revision = Number(recorded.revision);
    const voids = state.voids.size > 0 ? state.voidsBelow(streamId, revision) : 0;
    const stream = this.names.ledgerStreamOf(streamId);
    return { position: this.from, stream, version: revision + 1 - voids, id, ...content };
  }
}

/** How many events like these, of which there is one at least, are read in one go. */
export function nextReadAfter(page: readonly Recorded[]): number {
  const size = page.reduce((sum, { data, metadata }) => sum + lengthOf(data) + lengthOf(metadata) + 200, 0);
  return Math.max(2, Math.min(largestRead, Math.floor((readBytes * page.length) / size)));
}

function lengthOf(part: unknown): number {
  return part instanceof Uint8Array ? part.length : 0;
}

async function mapAtMost<T, R>(most: number, items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await map(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
