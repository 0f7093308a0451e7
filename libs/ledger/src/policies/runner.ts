import { setTimeout as pause } from 'node:timers/promises';
import { unhurried, type EventStore, type StoredEvent } from '@aidtrail/event-store';
import type { PassedOver } from '../passed-over.js';
import type { LedgerObserver, PolicyMemory } from '../ports.js';
import type { AnyRecorded, Streams } from '../streams.js';

/** What a policy is given: the event that happened, and the stream in which it did. */
export interface Cause {
  readonly event: AnyRecorded;
  readonly stream: string;
}

/**
 * One durable policy: does everything that must follow from an event, and resolves when all of it is on disk. It may be
 * cut off anywhere and run again from the start.
 */
export interface DurablePolicy {
  readonly name: string;
  readonly on: readonly string[];
  handle(cause: Cause): Promise<void>;
}

/**
 * Runs the durable policies over all events in order, each event at least once. The position is saved after the event
 * has been handled: a crash in between means that the policy runs again, and meets its own effects.
 */
export class PolicyRunner {
  private readonly byType = new Map<string, DurablePolicy[]>();
  /** Every event from some position to this one has reached the cached streams; undefined before the first. */
  private observed: number | undefined;
  private readonly passedOver: PassedOver;

  constructor(
    private readonly dependencies: {
      readonly store: EventStore;
      readonly streams: Streams;
      readonly memory: PolicyMemory;
      readonly observer?: LedgerObserver;
      readonly onFault?: (fault: unknown) => void;
    },
    policies: readonly DurablePolicy[],
  ) {
    for (const policy of policies) {
      for (const type of policy.on) this.byType.set(type, [...(this.byType.get(type) ?? []), policy]);
    }
    this.passedOver = dependencies.streams.follower((type) => this.byType.has(type));
  }

  /** Follows the store until the signal aborts. After a fault it waits and goes on from the last position saved. */
  async run(signal: AbortSignal): Promise<void> {
    for (let faults = 0; !signal.aborted;) {
      try {
        const from = await this.dependencies.memory.nextPosition();
        const handle = async (events: readonly StoredEvent[]): Promise<void> => {
          await this.handleBatch(events, signal);
          faults = 0;
        };
        await this.dependencies.store.subscribe({
          from,
          handle,
          signal,
          // Most events have no policy; what comes in meanwhile shares one reading and one saved position.
          lingerMilliseconds: unhurried,
          nextNeeded: (position) => this.passOver(position),
        });
      } catch (fault) {
        if (signal.aborted) return;
        faults += 1;
        this.dependencies.onFault?.(fault);
        this.dependencies.observer?.policyFault?.('runner', fault instanceof Error ? fault.name : 'unknown');
        const milliseconds = Math.min(100 * 2 ** faults, MAX_BACK_OFF_MILLISECONDS);
        await pause(milliseconds, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Handles what is there until nothing new came of it. */
  async settle(): Promise<void> {
    const { store, memory } = this.dependencies;
    for (;;) {
      const from = await memory.nextPosition();
      const head = await store.head();
      if (from >= head) return;
      for await (const batch of store.readAll({ from, before: head })) await this.handleBatch(batch);
    }
  }

  /** What this process has appended and no policy waits for is done as soon as it is there. */
  private async passOver(position: number): Promise<number> {
    const next = this.passedOver.from(position);
    if (next === position) return position;
    await this.dependencies.memory.saveNextPosition(next);
    if (this.observed === position) this.observed = next;
    return next;
  }

  private async handleBatch(events: readonly StoredEvent[], signal?: AbortSignal): Promise<void> {
    const { memory, streams } = this.dependencies;
    const last = events[events.length - 1];
    if (last === undefined) return;
    // A policy must not decide on facts older than its cause. What comes next may have come from another process; what was
    // left out, another one has handled, and it is not known which streams it changed.
    if (events[0]?.position !== this.observed) await streams.forget();
    await streams.observe(events);
    this.observed = last.position + 1;
    for (const stored of events) {
      const policies = this.byType.get(typeIn(stored));
      if (policies === undefined) continue;
      if (signal?.aborted === true) return;
      const [event] = await streams.recorded([stored]);
      for (const policy of policies) await policy.handle({ event: event as AnyRecorded, stream: stored.stream });
      await memory.saveNextPosition(stored.position + 1);
    }
    await memory.saveNextPosition(last.position + 1);
  }
}

const MAX_BACK_OFF_MILLISECONDS = 5_000;
const decoder = new TextDecoder();

/**
 * The leaf's type, without parsing the leaf: in canonical form `"type":"…","v":1,"version":n}` are its last members, so
 * the last occurrence is the leaf's own, whatever a command inside it says.
 */
export function typeIn(stored: StoredEvent): string {
  const tail = decoder.decode(stored.bytes.subarray(Math.max(0, stored.bytes.length - TAIL_BYTES)));
  const start = tail.lastIndexOf('"type":"');
  return start < 0 ? '' : tail.slice(start + 8, tail.indexOf('"', start + 8));
}

const TAIL_BYTES = 160;
