import { expect } from '@jest/globals';
import type { DomainEvent, Recorded } from './decider.js';
import { PackReader, PackWriter, SharedNames, type Packing } from './packing.js';

/**
 * Folds the events and requires that the state after each of them comes back from its packed form, equal in every field.
 * For specs only: it needs jest, and `index.ts` does not export it.
 */
export function expectToPack<S, E extends DomainEvent>(
  concept: {
    readonly decider: { readonly initial: S; evolve(state: S, event: Recorded<E>): S };
    readonly packing: Packing<S>;
  },
  events: readonly E[],
): void {
  const names = new SharedNames();
  const writer = new PackWriter(names);
  const reader = new PackReader(names);
  const ids = events.map((_, position) => `00000000-0000-4000-8000-${position.toString(16).padStart(12, '0')}`);
  let state = concept.decider.initial;
  for (const [position, event] of [undefined, ...events].entries()) {
    if (event !== undefined)
      state = concept.decider.evolve(state, { ...event, id: ids[position - 1] ?? '', position, day: '2026-11-01' });
    writer.begin();
    concept.packing.pack(state, writer);
    expect(writer.fits).toBe(true);
    reader.begin(writer.written().slice(), 0);
    expect(concept.packing.unpack(reader)).toStrictEqual(state);
  }
}
