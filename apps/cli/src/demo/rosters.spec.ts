import { parseRoster, readIdentityNumber } from '@aidtrail/privacy';
import { basketOf } from './baskets.js';
import { inventHouseholds, inventIdNumber } from './people.js';
import { seededRandom } from './random.js';
import { floodedRoster, tidyRoster } from './rosters.js';

const TODAY = '2026-06-04';

describe('invented people', () => {
  it('have identity numbers that the register accepts, from divisions that do not exist', () => {
    const random = seededRandom('ids');
    for (let i = 0; i < 200; i += 1) {
      const number = inventIdNumber('07', random);
      expect(number).toMatch(/^439907/);
      expect(readIdentityNumber(number, '', TODAY)).toMatchObject({ type: 'resident_id', number });
    }
  });
});

describe('roster files', () => {
  const households = inventHouseholds(
    { count: 600, communities: ['上坝村', '河口社区'], division: '03' },
    seededRandom('flood'),
  );

  it('from a tidy office read without a problem', () => {
    const { bytes } = tidyRoster('a.csv', households);
    const parsed = parseRoster(bytes, { today: TODAY });
    expect(parsed.encoding).toBe('utf-8-bom');
    expect(parsed.problems).toEqual([]);
    expect(parsed.rows.map((row) => row.idNumber)).toEqual(households.map((household) => household.idNumber));
  });

  it('from the flooded county read in GBK, but for four lines', () => {
    const parsed = parseRoster(floodedRoster('b.csv', households).bytes, { today: TODAY });
    expect(parsed.encoding).toBe('gb18030');
    expect(parsed.dialect?.headerLine).toBe(2);
    expect(parsed.notes.map((note) => note.code)).toEqual(['total_row_ignored']);
    expect(parsed.problems.map((problem) => problem.code).sort()).toEqual([
      'duplicate_in_file',
      'excel_lost_digits',
      'excel_lost_digits',
      'id_check_digit',
    ]);
    expect(new Set(parsed.problems.map((problem) => problem.column))).toEqual(new Set(['身份证号码', '联系电话']));
  });

  it('from the flooded county are clean once those lines are left out, with every household in them', () => {
    const { bytes } = floodedRoster('b.csv', households);
    const excludeLines = [...new Set(parseRoster(bytes, { today: TODAY }).problems.map((problem) => problem.line))];
    expect(excludeLines).toHaveLength(4);
    const parsed = parseRoster(bytes, { today: TODAY, excludeLines });
    expect(parsed.problems).toEqual([]);
    expect(parsed.unknownExcludedLines).toEqual([]);
    expect(new Set(parsed.rows.map((row) => row.idNumber))).toEqual(new Set(households.map((h) => h.idNumber)));
  });
});

describe('baskets', () => {
  it('cost exactly what they are meant to, in lines of more than nothing', () => {
    const random = seededRandom('baskets');
    for (const amountMinor of [1, 50, 1_999, 2_000, 12_345, 50_000]) {
      const basket = basketOf(amountMinor, random);
      expect(basket.reduce((total, line) => total + line.amountMinor, 0)).toBe(amountMinor);
      expect(basket.every((line) => line.amountMinor > 0 && line.quantity > 0)).toBe(true);
    }
  });
});
