import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecordTable } from './record-table.js';

const keyOf = (n: number): Uint32Array => Uint32Array.of(n, 0, 0, n * 7);
const bodyOf = (seed: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (seed + i) % 256);

function contents(table: RecordTable): Map<string, string> {
  const found = new Map<string, string>();
  for (const [cell, key] of table.entries()) found.set(key.join(), readIn(table, cell));
  return found;
}

/** The number and the first bytes of the body, whose first says how many more there are. */
function readIn(table: RecordTable, cell: number): string {
  const { memory, at } = table.bodyIn(cell);
  const length = (memory[at] as number) + 256 * (memory[at + 1] as number);
  return `${table.numberIn(cell)}: ${memory.slice(at, at + 2 + length).join()}`;
}

function put(table: RecordTable, model: Map<string, string>, record: { n: number; number: number; length: number }) {
  const { n, number, length } = record;
  const key = keyOf(n);
  const body = Uint8Array.of(length % 256, length >> 8, ...bodyOf(n + number, length));
  table.put(table.find(key), key, number, body);
  model.set(key.join(), `${number}: ${body.join()}`);
}

describe('a record table', () => {
  it('holds what was put last under each key, of any size, while records grow and shrink', () => {
    const puts = fc.array(
      fc.record({
        n: fc.nat(40),
        number: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        length: fc.oneof(fc.nat(120), fc.constantFrom(5, 6, 7, 37, 38, 480, 486, 487, 990, 2_000, 60_000)),
      }),
      { maxLength: 150 },
    );
    fc.assert(
      fc.property(puts, (records) => {
        const table = new RecordTable();
        const model = new Map<string, string>();
        for (const record of records) put(table, model, record);
        expect(contents(table)).toEqual(model);
      }),
      { numRuns: 60 },
    );
  });

  it('finds each of many keys again, and no other', () => {
    const table = new RecordTable();
    const model = new Map<string, string>();
    for (let n = 0; n < 20_000; n += 1) put(table, model, { n, number: n + 1, length: n % 50 });
    expect(contents(table)).toEqual(model);
    for (let n = 0; n < 20_000; n += 999) expect(table.numberIn(table.find(keyOf(n)))).toBe(n + 1);
    expect(table.has(table.find(keyOf(20_000)))).toBe(false);
    expect(table.has(table.find(Uint32Array.of(1, 0, 1, 7)))).toBe(false);
  });

  it('takes bodies of the largest size, more than fit in one page', () => {
    const table = new RecordTable();
    const bodies = Array.from({ length: 40 }, (_, n) => bodyOf(n, RecordTable.largestBody));
    for (const [n, body] of bodies.entries()) table.put(table.find(keyOf(n)), keyOf(n), 1, body);
    for (const [n, body] of bodies.entries()) {
      const { memory, at } = table.bodyIn(table.find(keyOf(n)));
      expect(Buffer.compare(memory.subarray(at, at + body.length), body)).toBe(0);
    }
  });
});
