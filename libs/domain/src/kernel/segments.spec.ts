import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  chunkSegments,
  includes,
  intersect,
  isNormal,
  mapThrough,
  MAX_SEGMENTS_PER_EVENT,
  normalise,
  subtract,
  takeLeftmost,
  totalOf,
  union,
  type Interval,
  type SegmentList,
} from './segments.js';

/** The model: a set of single fen on a short line, in order. */
const LINE = 64;
const fens = fc.uniqueArray(fc.nat(LINE - 1)).map((list) => [...list].sort((a, b) => a - b));
const lists = fens.map(listOf);
const places = fc.nat(1_000_000);

function listOf(fen: readonly number[]): SegmentList {
  const list: [number, number][] = [];
  for (const address of fen) {
    const last = list[list.length - 1];
    if (last !== undefined && last[0] + last[1] === address) last[1] += 1;
    else list.push([address, 1]);
  }
  return list;
}

function fenOf(list: SegmentList): number[] {
  return list.flatMap(([start, length]) => Array.from({ length }, (_, i) => start + i));
}

describe('segment lists are sets of fen', () => {
  it('union', () => {
    fc.assert(
      fc.property(fens, fens, (a, b) => {
        const model = [...new Set([...a, ...b])].sort((x, y) => x - y);
        expect(union(listOf(a), listOf(b))).toStrictEqual(listOf(model));
      }),
    );
  });

  it('intersect', () => {
    fc.assert(
      fc.property(fens, fens, (a, b) => {
        expect(intersect(listOf(a), listOf(b))).toStrictEqual(listOf(a.filter((fen) => b.includes(fen))));
      }),
    );
  });

  it('subtract', () => {
    fc.assert(
      fc.property(fens, fens, (a, b) => {
        expect(subtract(listOf(a), listOf(b))).toStrictEqual(listOf(a.filter((fen) => !b.includes(fen))));
      }),
    );
  });

  it('includes', () => {
    fc.assert(
      fc.property(fens, fens, (a, b) => {
        expect(includes(listOf(a), listOf(b))).toBe(b.every((fen) => a.includes(fen)));
        expect(includes(union(listOf(a), listOf(b)), listOf(b))).toBe(true);
      }),
    );
  });

  it('totalOf', () => {
    fc.assert(fc.property(fens, (a) => expect(totalOf(listOf(a))).toBe(a.length)));
  });

  it('normalise puts disjoint pieces in order and merges them, however they are cut and shuffled', () => {
    fc.assert(
      fc.property(
        fens.chain((fen) => fc.tuple(fc.constant(fen), fc.shuffledSubarray(fen, { minLength: fen.length }))),
        ([fen, shuffled]) => {
          const single = shuffled.map((address): Interval => [address, 1]);
          expect(normalise(single)).toStrictEqual(listOf(fen));
        },
      ),
    );
  });

  it('stay normal: what was taken apart and put together again is the same list', () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const both = union(subtract(a, b), intersect(a, b));
        expect(both).toStrictEqual(a);
        expect(isNormal(both)).toBe(true);
      }),
    );
  });
});

describe('isNormal', () => {
  it.each<[string, SegmentList, boolean]>([
    ['nothing', [], true],
    ['a line from 0', [[0, 5]], true],
    ['the longest line', [[0, Number.MAX_SAFE_INTEGER]], true],
    [
      'a gap of one fen',
      [
        [0, 5],
        [6, 1],
      ],
      true,
    ],
    [
      'intervals that touch',
      [
        [0, 5],
        [5, 1],
      ],
      false,
    ],
    [
      'intervals that overlap',
      [
        [0, 5],
        [4, 3],
      ],
      false,
    ],
    [
      'intervals out of order',
      [
        [6, 1],
        [0, 5],
      ],
      false,
    ],
    ['an empty interval', [[0, 0]], false],
    ['a negative start', [[-1, 5]], false],
    ['a fraction', [[0.5, 1]], false],
    ['an end beyond the safe integers', [[1, Number.MAX_SAFE_INTEGER]], false],
  ])('%s: %j is %p', (_what, list, expected) => {
    expect(isNormal(list)).toBe(expected);
  });
});

describe('takeLeftmost', () => {
  it('takes exactly the first fen and leaves the others', () => {
    fc.assert(
      fc.property(fens, fc.nat(LINE), (fen, amount) => {
        const outcome = takeLeftmost(listOf(fen), amount);
        if (amount > fen.length) return expect(outcome).toBeUndefined();
        return expect(outcome).toStrictEqual({
          taken: listOf(fen.slice(0, amount)),
          rest: listOf(fen.slice(amount)),
        });
      }),
    );
  });
});

describe('mapThrough', () => {
  it('moves the k-th fen of a list to the k-th fen of its new place', () => {
    fc.assert(
      fc.property(fens, fens, places, (from, part, toStart) => {
        const model = from.flatMap((fen, k) => (part.includes(fen) ? [toStart + k] : []));
        expect(fenOf(mapThrough(listOf(from), toStart, listOf(part)))).toStrictEqual(model);
      }),
    );
  });

  it('keeps the order of a list that is not in order of addresses', () => {
    const from: SegmentList = [
      [40, 10],
      [0, 10],
    ];
    expect(mapThrough(from, 100, [[45, 5]])).toStrictEqual([[105, 5]]);
    expect(mapThrough(from, 100, [[0, 5]])).toStrictEqual([[110, 5]]);
    expect(
      mapThrough(from, 100, [
        [0, 5],
        [45, 5],
      ]),
    ).toStrictEqual([[105, 10]]);
  });

  it('loses nothing and adds nothing', () => {
    fc.assert(
      fc.property(lists, lists, places, (from, part, toStart) => {
        const mapped = mapThrough(from, toStart, part);
        expect(isNormal(mapped)).toBe(true);
        expect(totalOf(mapped)).toBe(totalOf(intersect(from, part)));
        expect(includes([[toStart, LINE]], mapped)).toBe(true);
      }),
    );
  });
});

describe('chunkSegments', () => {
  const scattered = (count: number): SegmentList => Array.from({ length: count }, (_, i): Interval => [2 * i, 1]);

  it.each([
    [0, []],
    [1, [1]],
    [MAX_SEGMENTS_PER_EVENT, [500]],
    [MAX_SEGMENTS_PER_EVENT + 1, [500, 1]],
    [3 * MAX_SEGMENTS_PER_EVENT, [500, 500, 500]],
  ])('spreads %d segments over events of at most 500', (count, sizes) => {
    const chunks = chunkSegments(scattered(count));
    expect(chunks.map(({ length }) => length)).toStrictEqual(sizes);
    expect(chunks.flat()).toStrictEqual(scattered(count));
  });
});
