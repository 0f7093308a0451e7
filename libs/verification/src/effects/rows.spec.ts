import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base64DecodeOrThrow, base64Encode, sha256 } from '@aidtrail/envelope';
import { createTreeHasher, rootOf } from '@aidtrail/public-log';
import { Rows } from './rows.js';

const hasher = createTreeHasher(sha256);
const commitment = (number: number): string => base64Encode(sha256(new Uint8Array([number])));
const rootOfFirst = (count: number): string => {
  const leaves = Array.from({ length: count }, (_, i) => hasher.leafHash(base64DecodeOrThrow(commitment(i))));
  return base64Encode(rootOf(leaves, hasher));
};
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('the rows of a roster', () => {
  it('make the root of RFC 6962 over their commitments, in whatever order they come', () => {
    const orders = fc
      .integer({ min: 1, max: 20 })
      .chain((count) => fc.shuffledSubarray(numbers(count), { minLength: count }));
    fc.assert(
      fc.property(orders, (order) => {
        const rows = new Rows(order.length, hasher);
        for (const [i, number] of order.entries()) {
          expect([rows.isComplete, rows.size]).toStrictEqual([false, i]);
          expect(rows.take(number, commitment(number))).toBe(true);
        }
        expect([rows.isComplete, rows.size, rows.root()]).toStrictEqual([
          true,
          order.length,
          rootOfFirst(order.length),
        ]);
      }),
    );
  });

  it('come once each, and none beyond the last', () => {
    const rows = new Rows(4, hasher);
    expect([0, 0, 2, 2, 4, 5].map((number) => rows.take(number, commitment(number)))).toStrictEqual(
      [true, false, true, false, false, false], // prettier-ignore
    );
    expect([rows.size, rows.isComplete]).toStrictEqual([2, false]);
  });
});
