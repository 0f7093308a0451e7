import { describe, expect, it } from '@jest/globals';
import type { Packing } from '@aidtrail/domain';
import fc from 'fast-check';
import { PackedStates } from './packed-states.js';
import { WholeStates, type FoldedStream } from './states.js';

/** A concept whose states are lists of numbers; those with a negative one have no packed form. */
const packing: Packing<readonly number[]> = {
  pack: (state, writer) => writer.list(state, (to, n) => to.number(n)),
  unpack: (reader) => reader.list((from) => from.number()),
};
const concept = { category: 'thing', decider: { initial: [] }, packing: packing as Packing<unknown> };
const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const names = [
  ...Array.from({ length: 20 }, (_, n) => `thing-${uuid(n)}`),
  'thing-main',
  `thing-${uuid(1)}x`,
  `thing-${uuid(1).toUpperCase().replace('4', 'A')}`,
  `thing-${uuid(1).replace('-', '_')}`,
  'thing-',
];
const added =
  (n: number) =>
  ({ version, state }: FoldedStream): FoldedStream => ({
    version: version + 1,
    state: [...(state as readonly number[]), n],
  });

describe('packed states', () => {
  it('are what whole states are, also where a state has no packed form or a name no UUID', () => {
    const step = fc.tuple(fc.constantFrom(...names), fc.integer({ min: -2, max: 2 ** 35 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const packed = new PackedStates(concept);
        const whole = new WholeStates([]);
        for (const [name, n] of steps) {
          packed.update(name, added(n));
          whole.update(name, added(n));
        }
        expect(new Map(packed.entries())).toStrictEqual(new Map(whole.entries()));
        expect(packed.size).toBe(whole.size);
        for (const name of names) expect(packed.get(name)).toStrictEqual(whole.get(name));
      }),
    );
  });

  it('keep a state as it is that is too large to pack, and go on with it', () => {
    const packed = new PackedStates(concept);
    const large = Array.from({ length: 70_000 }, (_, i) => i % 100);
    packed.update(`thing-${uuid(1)}`, () => ({ version: 1, state: [1] }));
    packed.update(`thing-${uuid(1)}`, () => ({ version: 2, state: large }));
    packed.update(`thing-${uuid(1)}`, added(5));
    expect(packed.get(`thing-${uuid(1)}`)).toStrictEqual({ version: 3, state: [...large, 5] });
    expect(packed.size).toBe(1);
  });

  it('stay as they were when the step to the next state throws', () => {
    const packed = new PackedStates(concept);
    const fail = (): never => {
      throw new Error('no');
    };
    packed.update(`thing-${uuid(1)}`, added(4));
    for (const name of [`thing-${uuid(1)}`, `thing-${uuid(2)}`]) expect(() => packed.update(name, fail)).toThrow('no');
    expect([...packed.entries()]).toStrictEqual([[`thing-${uuid(1)}`, { version: 1, state: [4] }]]);
  });
});
