import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { changesBetween } from './changes.js';
import { csvOf } from './csv.js';
import { readDisclosed, readFigures, withDisclosed, type ShownDisclosed, type ShownFigures } from './read-figures.js';

const fileOf = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8')) as Record<string, unknown>;

/** A publication with cells, totals and settlements that are not told, and the second document of the same cut. */
const publishedFigures = await fileOf('fixtures/published-figures.json');
const disclosedFigures = await fileOf('fixtures/disclosed-figures.json');

describe('published figures', () => {
  it('are read as they were published, and what is not told stays untold', () => {
    const figures = readFigures(publishedFigures);
    const toldOf = (key: string) => figures?.totals.find((total) => total.key === key)?.told;
    expect(toldOf('receivedMinor')).toEqual({ value: 40_324_370 });
    expect(toldOf('reversedCount')).toEqual({ suppressed: 'k' });
    const byCounty = figures?.tables.find(({ name }) => name === 'redeemed-by-county');
    expect(byCounty?.cells[2]).toMatchObject({ count: { suppressed: 'k' }, amount: { suppressed: 'k' } });
    expect(byCounty?.notToldApart).toEqual({ count: 158, amountMinor: 1_000_000 });
    expect(figures?.settlements.ageing[2]).toMatchObject({ fromDays: 31, toDays: undefined, net: { suppressed: 'k' } });
    expect(figures?.privacy).toMatchObject({ singledOut: { value: 41 } });
    expect(figures?.corrections[0]?.zh).toContain('更正');
  });

  it('are shown with those of the second document, if it is of the same cut', () => {
    const figures = readFigures(publishedFigures) as ShownFigures;
    const disclosed = readDisclosed(disclosedFigures) as ShownDisclosed;
    const both = withDisclosed(figures, disclosed);
    expect(both.tables.map(({ name }) => name)).toContain('redeemed-by-category');
    expect(both.totals.map(({ key }) => key)).toContain('erasureCount');
    expect(withDisclosed(figures, { ...disclosed, treeSize: 1 })).toBe(figures);
    expect(readDisclosed(publishedFigures)).toBeUndefined();
  });

  it('are compared number by number: what is another now is found, and nothing else', () => {
    const before = readFigures(publishedFigures) as ShownFigures;
    const after = structuredClone(publishedFigures) as unknown as {
      totals: { key: string; value?: number; suppressed?: string }[];
      breakdowns: { cells: { count?: number; suppressed?: string }[] }[];
    };
    const total = (key: string) => after.totals.find((one) => one.key === key) as (typeof after.totals)[number];
    total('receivedMinor').value = 40_324_371;
    delete total('reversedCount').suppressed;
    total('reversedCount').value = 12;
    delete total('paidMinor').value;
    total('paidMinor').suppressed = 'k';
    (after.breakdowns[0] as (typeof after.breakdowns)[number]).cells[0] = {
      ...after.breakdowns[0]?.cells[0],
      count: 1_703,
    };
    const cell = before.tables[0]?.cells[0]?.cell as string;
    expect([...changesBetween(before, readFigures(after) as ShownFigures)].sort()).toEqual(
      [`redeemed-by-campaign/${cell}/count`, 'total/receivedMinor', 'total/reversedCount'].sort(),
    );
    expect(changesBetween(before, before).size).toBe(0);
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
