import { seededRandom, systemRandom } from './random.js';

describe('randomness of the demo', () => {
  it('repeats itself from the same seed, whatever sizes it is asked for in', () => {
    const whole = seededRandom('a').bytes(100);
    const again = seededRandom('a');
    const parts = [7, 33, 60].flatMap((length) => [...again.bytes(length)]);
    expect(parts).toEqual([...whole]);
    expect([...seededRandom('b').bytes(100)]).not.toEqual([...whole]);
  });

  it('stays within its bounds and reaches both ends', () => {
    const random = seededRandom('bounds');
    const seen = new Set(Array.from({ length: 500 }, () => random.between(3, 7)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6, 7]);
    expect(() => random.below(0)).toThrow(RangeError);
    expect(() => random.below(2.5)).toThrow(RangeError);
    expect(() => random.pick([])).toThrow(RangeError);
  });

  it('shuffles without losing anything and leaves the list alone', () => {
    const list = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = seededRandom('shuffle').shuffled(list);
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(list);
    expect(list[0]).toBe(0);
  });

  it('makes ids of version 4', () => {
    for (const random of [seededRandom('ids'), systemRandom()]) {
      expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});
