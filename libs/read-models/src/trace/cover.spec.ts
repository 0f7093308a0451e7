import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { subtract, totalOf, union } from '@aidtrail/domain';
import { CHUNKS_PER_BLOCK, VOUCHERS_PER_CHUNK } from '../tables/index.js';
import { coverOf, numbersOf } from './cover.js';

const CHUNK = VOUCHERS_PER_CHUNK;
const BLOCK = CHUNK * CHUNKS_PER_BLOCK;

describe('the cover of addresses on a batch line', () => {
  it('is what is followed: whole chunks, what lies outside of them, and less what lies beyond it, each address once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 * BLOCK + 77 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 4 }),
        (count, voucherLength, cuts) => {
          const end = count * voucherLength;
          const list = cuts
            .map(([a, b]) => [a % end, 1 + (b % (end - (a % end)))] as const)
            .reduce<readonly (readonly [number, number])[]>((all, each) => union(all, [each]), []);
          const { beyond, edges, slices } = coverOf({ count, voucherLength }, list);
          const whole = slices.map(({ block, high, low }) => {
            const first = block * BLOCK + (low - 1) * CHUNK;
            const last = Math.min(count, block * BLOCK + high * CHUNK);
            return [first * voucherLength, (last - first) * voucherLength] as const;
          });
          const together = [...edges, ...whole].reduce<readonly (readonly [number, number])[]>(
            (all, each) => union(all, [each]),
            [],
          );
          expect(subtract(together, beyond)).toEqual(list);
          expect(totalOf(edges) + totalOf(whole) - totalOf(beyond)).toBe(totalOf(list));
          // Halves of two chunks may touch.
          for (const part of [...edges, ...beyond]) expect(part[1]).toBeLessThanOrEqual(CHUNK * voucherLength);
        },
      ),
    );
  });

  it('reads no single voucher where whole chunks are covered, the short last one included', () => {
    const count = BLOCK + 3;
    expect(coverOf({ count, voucherLength: 10 }, [[0, count * 10]])).toEqual({
      slices: [
        { block: 0, low: 1, high: CHUNKS_PER_BLOCK },
        { block: 1, low: 1, high: 1 },
      ],
      edges: [],
      beyond: [],
    });
  });

  it('counts a voucher once that two intervals touch', () => {
    expect(
      numbersOf(
        [
          [5, 2],
          [8, 1],
          [29, 2],
        ],
        10,
      ),
    ).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });
});
