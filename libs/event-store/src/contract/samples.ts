/** Events and commands for the contract suite; everything follows from small numbers. */
import type { Append, CommandOutcome, EventStore, NewEvent, StoredEvent } from '../port.js';
import type { StoreUnderTest } from './store-under-test.js';

export type Under = () => StoreUnderTest;

export function sampleId(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** Event n: its bytes hold every value from 0 to 255, so that an adapter that treats them as text is found out. */
export function sampleEvent(n: number): NewEvent {
  return { id: sampleId(n), bytes: sampleBytes(n, 300) };
}

export function sealedEvent(n: number): NewEvent {
  return { ...sampleEvent(n), sealed: sampleBytes(n + 7, 40) };
}

export function sampleEvents(first: number, count: number): NewEvent[] {
  return Array.from({ length: count }, (_, i) => sampleEvent(first + i));
}

export function sampleBytes(seed: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed + i) % 256);
}

export function accepted(n: number): CommandOutcome & { readonly kind: 'accepted' } {
  return {
    kind: 'accepted',
    commandId: sampleId(1_000_000 + n),
    bodyHash: sampleBytes(n, 32),
    answer: sampleBytes(n, 90),
  };
}

export function refused(n: number): CommandOutcome & { readonly kind: 'refused' } {
  return { ...accepted(n), kind: 'refused', answer: sampleBytes(n + 50, 70) };
}

export function appendOf(stream: string, expectedVersion: number, ...numbers: number[]): Append {
  return { stream, expectedVersion, events: numbers.map(sampleEvent) };
}

/** What reading must give back for an event stored there. */
export function storedAs(event: NewEvent, position: number, stream: string, version: number): StoredEvent {
  return plain({ ...event, position, stream, version });
}

/** The event with plain arrays of numbers, so that comparing looks at each field and at nothing else. */
export function plain(event: StoredEvent): StoredEvent {
  const { bytes, sealed } = event;
  return { ...event, bytes: new Uint8Array(bytes), ...(sealed && { sealed: new Uint8Array(sealed) }) };
}

export function plainOutcome(outcome: CommandOutcome | undefined): CommandOutcome | undefined {
  return (
    outcome && {
      ...outcome,
      bodyHash: new Uint8Array(outcome.bodyHash),
      answer: new Uint8Array(outcome.answer),
    }
  );
}

export async function everything(store: EventStore): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const batch of store.readAll()) events.push(...batch.map(plain));
  return events;
}

export function range(from: number, before: number): number[] {
  return Array.from({ length: before - from }, (_, i) => from + i);
}
