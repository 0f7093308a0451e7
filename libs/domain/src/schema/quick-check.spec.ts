import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import * as f from '../kernel/fields.js';
import { quickCheckOf } from './quick-check.js';

/** Every field type of the vocabulary, and what they are put together by. */
const types: readonly z.ZodType[] = [
  ...Object.values(f).filter((entry): entry is z.ZodType & typeof entry => entry instanceof z.ZodType),
  f.listOf(f.uuid, { min: 1, max: 3 }),
  f.listOf(f.record({ category: f.code, verdict: f.oneOf('allow', 'deny') }), { min: 0, max: 2 }),
  f.record({ a: f.amountMinor, b: f.optional(f.flag) }),
  f.tuple(f.index, f.index),
];

const texts = fc.constantFrom(
  ...[
    '',
    'CNY',
    'rice',
    'Rice',
    'a\nb',
    'a\u0001',
    '<b>',
    '522632',
    '2026-11-02',
    '2026-13-02',
    '2026-11',
    'till',
    'deny',
  ],
  ...[
    '10000000-0000-4000-8000-00000000000a',
    '10000000-0000-7000-8000-00000000000a',
    '2026-11-02T03:04:05Z',
    'prepaid',
  ],
  ...[`${'A'.repeat(43)}=`, `${'A'.repeat(42)}B=`, '0'.repeat(64), 'x'.repeat(121), 'x'.repeat(2_001), 'officer-1'],
);
const numbers = fc.constantFrom(
  -721,
  -1,
  0,
  1,
  5,
  60,
  61,
  840,
  1_001,
  10_001,
  10_000_001,
  0.5,
  NaN,
  2 ** 53,
  2 ** 53 - 1,
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    texts,
    numbers,
    fc.constantFrom(true, false, null, undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.record(
      { a: tie('value'), b: tie('value'), c: tie('value'), category: texts, verdict: texts },
      { requiredKeys: [] },
    ),
  ),
})).value;

describe('a quick check', () => {
  it('says of every value what the library says', () => {
    const checks = types.map((type) => [type, quickCheckOf(type)] as const);
    fc.assert(
      fc.property(values, (value) => {
        for (const [type, check] of checks) expect(check(value)).toBe(type.safeParse(value).success);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is not made of a schema that it does not know', () => {
    expect(() => quickCheckOf(z.date())).toThrow(RangeError);
    expect(() => quickCheckOf(z.string().endsWith('x').refine(Boolean))).toThrow(RangeError);
  });
});
