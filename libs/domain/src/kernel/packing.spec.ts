import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PackReader, PackWriter, SharedNames } from './packing.js';
import type { Interval } from './segments.js';

const names = new SharedNames();
const writer = new PackWriter(names);
const reader = new PackReader(names);

/** What the reader finds, after some other bytes, of what was written; undefined if it did not fit. */
function throughBytes<T>(write: (to: PackWriter) => void, read: (from: PackReader) => T): T | undefined {
  writer.begin();
  write(writer);
  if (!writer.fits) return undefined;
  const memory = Uint8Array.of(255, 255, ...writer.written());
  reader.begin(memory, 2);
  return read(reader);
}
const number = fc.oneof(
  fc.nat(300),
  fc.constantFrom(127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 49, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 255 });

describe('packing', () => {
  it('gives numbers, texts, names and intervals back, one after the other', () => {
    const values = fc.array(
      fc.tuple(number, ascii, fc.string(), fc.array(fc.tuple(number, number), { maxLength: 20 })),
    );
    fc.assert(
      fc.property(values, (rows) => {
        const read = throughBytes(
          (to) =>
            to.list(rows, (_, [a, b, c, d]) => {
              to.number(a);
              to.text(b);
              to.name(c);
              to.segments(d);
            }),
          (from) => from.list(() => [from.number(), from.text(), from.name(), from.segments()]),
        );
        expect(read).toStrictEqual(rows);
      }),
    );
  });

  it('takes one of a few values by its place', () => {
    const colours = ['red', 'green'] as const;
    for (const colour of colours)
      expect(throughBytes((to) => to.choice(colours, colour), (from) => from.choice(colours))).toBe(colour); // prettier-ignore
  });

  it.each<[string, (to: PackWriter) => void]>([
    ['a fraction', (to) => to.number(0.5)],
    ['a negative number', (to) => to.number(-1)],
    ['a number that is not safe', (to) => to.number(2 ** 53)],
    ['no number', (to) => to.number('1' as unknown as number)],
    ['a text of 256 characters', (to) => to.text('x'.repeat(256))],
    ['a text beyond ASCII', (to) => to.text('\u00e9')],
    ['no text', (to) => to.text(undefined as unknown as string)],
    ['a name that is no text', (to) => to.name(7 as unknown as string)],
    ['a value that is not among the few', (to) => to.choice(['a'], 'b')],
    ['an interval of three', (to) => to.interval([1, 2, 3] as unknown as Interval)],
    ['no list', (to) => to.segments(undefined as unknown as Interval[])],
  ])('says that %s does not fit, and is ready for the next state', (_, write) => {
    expect(throughBytes(write, () => 'read')).toBeUndefined();
    expect(throughBytes((to) => to.number(5), (from) => from.number())).toBe(5); // prettier-ignore
  });
});
