import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { csvOf } from './csv.js';
import { readFigures } from './read-figures.js';

/** A small publication, with a cell, a total and a settlement that are not told. */
const file = await readFile(new URL('published-figures.json', import.meta.url), 'utf8');
const publishedFigures = JSON.parse(file) as object;

describe('published figures', () => {
  it('are read as they were published, and what is not told stays untold', () => {
    const figures = readFigures(publishedFigures);
    expect(figures?.totals.map(({ key, told }) => [key, told])).toEqual([
      ['receivedMinor', { value: 40_324_370 }],
      ['redeemedMinor', { value: 24_271_018 }],
      ['reversedCount', { suppressed: 'k' }],
      ['erasureCount', { value: 0 }],
    ]);
    expect(figures?.tables[0]?.cells[1]).toMatchObject({ count: { suppressed: 'k' }, amount: { suppressed: 'k' } });
    expect(figures?.tables[0]?.notToldApart).toEqual({ count: 4, amountMinor: 50_000 });
    expect(figures?.corrections[0]?.zh).toContain('更正');
  });

  it.each([
    ['another version', { ...publishedFigures, v: 2 }],
    ['an amount beyond what JSON carries exactly', { ...publishedFigures, treeSize: 2 ** 60 }],
    ['a part that is missing', { ...publishedFigures, totals: undefined }],
    ['no object', 'figures'],
  ])('are not understood if they are %s', (_name, value) => expect(readFigures(value)).toBeUndefined());
});

describe('a table as CSV', () => {
  it('quotes what would end a cell, and begins none with what a spreadsheet would compute', () => {
    expect(
      csvOf([
        ['名称', 'a"b'],
        ['=1+1', 'x,y'],
        ['−5', '12'],
      ]),
    ).toBe('\uFEFF"名称","a""b"\r\n"\'=1+1","x,y"\r\n"−5","12"\r\n');
  });
});
