import {
  checkAppendOrThrow,
  checkAppendsOrThrow,
  checkFromVersionOrThrow,
  checkIdOrThrow,
  checkOutcomeOrThrow,
  checkRefusalOrThrow,
  checkStreamOrThrow,
  readWindowOrThrow,
} from '../checks.js';
import type { CopyableStore } from '../copying/copyable-store.js';
import { StoreUnavailable } from '../port.js';
import type { Append, AppendOutcome, CommandOutcome, ReadAllOptions, StoredEvent, SubscribeOptions } from '../port.js';

/** What several memory stores share when they stand for several processes on one database. */
export interface MemoryData {
  readonly events: StoredEvent[];
  readonly streams: Map<string, StoredEvent[]>;
  readonly byId: Map<string, StoredEvent>;
  readonly outcomes: Map<string, CommandOutcome>;
  /** Called after each change of the events. */
  readonly listeners: Set<() => void>;
}

export function createMemoryData(): MemoryData {
  return { events: [], streams: new Map(), byId: new Map(), outcomes: new Map(), listeners: new Set() };
}

/** A store that lives as long as its data object; for fast tests. Two stores on one data object see the same events. */
export function createMemoryEventStore(options: { readonly data?: MemoryData } = {}): CopyableStore {
  return new MemoryEventStore(options.data ?? createMemoryData());
}

const outcomesPerBatch = 500;

class MemoryEventStore implements CopyableStore {
  private closed = false;

  constructor(private readonly data: MemoryData) {}

  async append(append: Append): Promise<AppendOutcome> {
    checkAppendOrThrow(append);
    this.mustBeOpen();
    return this.store(append);
  }

  async appendMany(appends: readonly Append[]): Promise<readonly AppendOutcome[]> {
    checkAppendsOrThrow(appends);
    this.mustBeOpen();
    return appends.map((append) => this.store(append));
  }

  async refuse(refusal: CommandOutcome & { readonly kind: 'refused' }): Promise<CommandOutcome> {
    checkRefusalOrThrow(refusal);
    return this.keepOutcome(refusal);
  }

  async keepOutcome(outcome: CommandOutcome): Promise<CommandOutcome> {
    checkOutcomeOrThrow(outcome);
    this.mustBeOpen();
    const { outcomes } = this.data;
    if (!outcomes.has(outcome.commandId)) outcomes.set(outcome.commandId, copyOfOutcome(outcome));
    return copyOfOutcome(outcomes.get(outcome.commandId) ?? outcome);
  }

  async *readOutcomes(): AsyncIterable<readonly CommandOutcome[]> {
    this.mustBeOpen();
    const outcomes = [...this.data.outcomes.values()];
    for (let from = 0; from < outcomes.length; from += outcomesPerBatch) {
      yield outcomes.slice(from, from + outcomesPerBatch).map(copyOfOutcome);
    }
  }

  async outcomeOf(commandId: string): Promise<CommandOutcome | undefined> {
    checkIdOrThrow('a command id', commandId);
    this.mustBeOpen();
    const outcome = this.data.outcomes.get(commandId);
    return outcome && copyOfOutcome(outcome);
  }

  async readStream(stream: string, options: { readonly fromVersion?: number } = {}): Promise<readonly StoredEvent[]> {
    const { fromVersion = 1 } = options;
    checkStreamOrThrow(stream);
    checkFromVersionOrThrow(fromVersion);
    this.mustBeOpen();
    return (this.data.streams.get(stream) ?? []).slice(fromVersion - 1).map(copyOfEvent);
  }

  async readStreams(streams: readonly string[]): Promise<ReadonlyMap<string, readonly StoredEvent[]>> {
    streams.forEach(checkStreamOrThrow);
    this.mustBeOpen();
    return new Map(streams.map((stream) => [stream, (this.data.streams.get(stream) ?? []).map(copyOfEvent)]));
  }

  async versionsOf(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    streams.forEach(checkStreamOrThrow);
    this.mustBeOpen();
    return new Map(streams.map((stream) => [stream, this.data.streams.get(stream)?.length ?? 0]));
  }

  async readEvent(eventId: string): Promise<StoredEvent | undefined> {
    checkIdOrThrow('an event id', eventId);
    this.mustBeOpen();
    const event = this.data.byId.get(eventId);
    return event && copyOfEvent(event);
  }

  async *readAll(options: ReadAllOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    const window = readWindowOrThrow(options);
    this.mustBeOpen();
    const end = Math.min(window.before, this.data.events.length);
    for (let from = window.from; from < end; from += window.batchSize) {
      this.mustBeOpen();
      yield this.data.events.slice(from, Math.min(from + window.batchSize, end)).map(copyOfEvent);
    }
  }

  async *readLeaves(options?: ReadAllOptions): AsyncIterable<readonly Uint8Array[]> {
    for await (const events of this.readAll(options)) yield events.map(({ bytes }) => bytes);
  }

  async head(): Promise<number> {
    this.mustBeOpen();
    return this.data.events.length;
  }

  async subscribe({ from, handle, signal, batchSize, nextNeeded }: SubscribeOptions): Promise<void> {
    const window = readWindowOrThrow({ from, ...(batchSize !== undefined && { batchSize }) });
    let next = window.from;
    while (!signal.aborted) {
      if (nextNeeded !== undefined) next = await nextNeeded(next);
      if (signal.aborted) return;
      this.mustBeOpen();
      const batch = this.data.events.slice(next, next + window.batchSize).map(copyOfEvent);
      if (batch.length === 0) {
        await this.nextChange(signal);
      } else {
        await handle(batch);
        next += batch.length;
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const wake of [...this.data.listeners]) wake();
  }

  private store({ stream, expectedVersion, events, command }: Append): AppendOutcome {
    const { data } = this;
    const outcome = command && data.outcomes.get(command.commandId);
    if (outcome) return { status: 'command_decided', outcome: copyOfOutcome(outcome) };
    const known = events.find((event) => data.byId.has(event.id));
    if (known) return { status: 'event_exists', eventId: known.id };
    const stored = data.streams.get(stream) ?? [];
    if (stored.length !== expectedVersion) return { status: 'version_conflict', actualVersion: stored.length };

    const firstPosition = data.events.length;
    for (const event of events) {
      const { id, bytes, sealed } = event;
      const position = data.events.length;
      const kept = copyOfEvent({ id, bytes, ...(sealed && { sealed }), position, stream, version: stored.length + 1 });
      data.events.push(kept);
      data.byId.set(id, kept);
      stored.push(kept);
    }
    data.streams.set(stream, stored);
    if (command) data.outcomes.set(command.commandId, copyOfOutcome(command));
    for (const wake of [...data.listeners]) wake();
    return { status: 'appended', firstPosition, version: stored.length };
  }

  private nextChange(signal: AbortSignal): Promise<void> {
    const { listeners } = this.data;
    return new Promise((resolve) => {
      const done = () => {
        listeners.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      listeners.add(done);
      signal.addEventListener('abort', done);
    });
  }

  private mustBeOpen(): void {
    if (this.closed) throw new StoreUnavailable('the event store is closed');
  }
}

/** Readers and writers may change their arrays afterwards; what is stored must not change with them. */
function copyOfEvent({ position, stream, version, id, bytes, sealed }: StoredEvent): StoredEvent {
  return {
    position,
    stream,
    version,
    id,
    bytes: new Uint8Array(bytes),
    ...(sealed && { sealed: new Uint8Array(sealed) }),
  };
}

function copyOfOutcome({ kind, commandId, bodyHash, answer }: CommandOutcome): CommandOutcome {
  return { kind, commandId, bodyHash: new Uint8Array(bodyHash), answer: new Uint8Array(answer) };
}
