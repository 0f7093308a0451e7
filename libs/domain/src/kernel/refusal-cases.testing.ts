import { describe, expect, it } from '@jest/globals';
import type { Context } from './concept.js';
import type { Decider, DomainEvent } from './decider.js';
import { spec, type Given } from './testing.js';

/** A command in a situation in which it is accepted. */
export interface Setup<C, F, E extends DomainEvent> {
  readonly given: readonly Given<E>[];
  readonly when: C;
  readonly facts: F;
}

/** What is changed in a setup, so that it is refused. `given` replaces the history, `also` adds to it. */
export interface Change<E extends DomainEvent> {
  readonly given?: readonly Given<E>[];
  readonly also?: readonly Given<E>[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly private?: Readonly<Record<string, unknown>>;
  readonly context?: Partial<Context>;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** `notWith`: the next code on the same setup cannot apply together with this one, or only hides it. */
export interface RefusalCase<C, F, E extends DomainEvent> {
  readonly of: Setup<C, F, E>;
  readonly change: Change<E>;
  readonly notWith?: readonly string[];
}

interface Tested<S, C, F, E extends DomainEvent, R extends string> {
  readonly decider: Decider<S, C, F, E, R>;
  readonly refusals: Readonly<Record<R, unknown>>;
}

/**
 * Tests every refusal of a concept and their precedence: each setup is accepted as it is; each change alone gives its
 * code; of two neighbouring changes of one setup the one that stands first in the refusals' record wins.
 */
export function testRefusals<
  S,
  C extends { readonly data: object; readonly private?: object },
  F extends { readonly context: Context },
  E extends DomainEvent,
  R extends string,
>(concept: Tested<S, C, F, E, R>, cases: Readonly<Record<R, RefusalCase<C, F, E>>>): void {
  const codes = Object.keys(concept.refusals) as R[];
  const ask = ({ given, when, facts }: Setup<C, F, E>) => spec(concept).given(given).when(when, facts);

  describe('refusals', () => {
    it('are listed in the order of precedence', () => expect(Object.keys(cases)).toStrictEqual(codes));

    it('do not apply to the setups themselves', () => {
      for (const setup of new Set(codes.map((code) => cases[code].of))) ask(setup).accepted();
    });

    it.each(codes)('%s', (code) => ask(changed(cases[code].of, cases[code].change)).thenRefused(code));

    const neighbours = codes.flatMap((first, index) => {
      const second = codes.slice(index + 1).find((code) => cases[code].of === cases[first].of);
      return second === undefined || cases[first].notWith?.includes(second) === true ? [] : [[first, second] as const];
    });
    for (const [first, second] of neighbours)
      it(`${first} comes before ${second}`, () =>
        ask(changed(changed(cases[second].of, cases[second].change), cases[first].change)).thenRefused(first));
  });
}

function changed<
  C extends { readonly data: object; readonly private?: object },
  F extends { readonly context: Context },
  E extends DomainEvent,
>(setup: Setup<C, F, E>, change: Change<E>): Setup<C, F, E> {
  const { when, facts } = setup;
  return {
    given: [...(change.given ?? setup.given), ...(change.also ?? [])],
    when: {
      ...when,
      data: { ...when.data, ...change.data },
      ...(when.private === undefined ? {} : { private: { ...when.private, ...change.private } }),
    },
    facts: { ...facts, ...change.facts, context: { ...facts.context, ...change.context } },
  };
}
