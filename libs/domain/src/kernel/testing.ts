import { expect } from '@jest/globals';
import { isRefusal, type Decider, type DomainEvent, type Fact, type Recorded } from './decider.js';

/**
 * Given / when / then for deciders. Events may be given bare; they then get the position of their place in the list, an
 * id made of it and the day `GIVEN_DAY`. For specs only: it needs jest, and `index.ts` does not export it.
 */
const GIVEN_DAY = '2026-11-01';

export type Given<E extends DomainEvent> = E & Partial<Pick<Recorded<E>, 'id' | 'position' | 'day'>>;

interface Decides<S, C, F, E extends DomainEvent, R extends string> {
  readonly decider: Decider<S, C, F, E, R>;
}

export function spec<S, C, F, E extends DomainEvent, R extends string>(concept: Decides<S, C, F, E, R>) {
  return {
    given: (events: readonly Given<E>[]) => ({
      /** The state after the given events. */
      state: (): S => fold(concept, events),
      when: (command: C, facts: F) => {
        const outcome = concept.decider.decide(command, fold(concept, events), facts);
        return {
          outcome,
          /** Exactly these events, with exactly these fields; none means "already so". */
          then: (expected: readonly E[]) => expect(outcome).toStrictEqual(expected),
          thenRefused: (code: R) => expect(outcome).toStrictEqual({ refused: code }),
          /** Folds the decided events as well, so that a further command can be asked. */
          accepted: () => {
            if (isRefusal<R>(outcome)) throw new Error(`Expected to be accepted, but refused: ${outcome.refused}`);
            return spec(concept).given([...events, ...outcome]);
          },
        };
      },
    }),
  };
}

/** The folded state of another stream, as a decision is given it. */
export function factOf<S, E extends DomainEvent>(
  concept: Decides<S, never, never, E, string>,
  stream: string,
  events: readonly Given<E>[],
): Fact<S> {
  return { stream, version: events.length, state: fold(concept, events) };
}

function fold<S, E extends DomainEvent>(concept: Decides<S, never, never, E, string>, events: readonly Given<E>[]): S {
  return events.reduce<S>((state, event, position) => {
    const id = `00000000-0000-4000-8000-${position.toString(16).padStart(12, '0')}`;
    return concept.decider.evolve(state, { id, position, day: GIVEN_DAY, ...event });
  }, concept.decider.initial);
}
