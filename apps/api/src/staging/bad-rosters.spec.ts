import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Signer } from '@aidtrail/envelope';
import { identityNumberOf, startRegistryApi, type RegistryApi } from '../testing/registry-api.js';

const id = (n: number): string => identityNumberOf(`52263219600101${String(n).padStart(3, '0')}`);
const wrongCheck = (number: string): string => number.slice(0, 17) + (number.endsWith('1') ? '2' : '1');

/** The rows of one file from line 2 on, and what is wrong with each: the header of the column, and why. */
const ROWS: readonly (readonly [string, ...(readonly [column: string, reason: string])[]])[] = [
  [`石小禾,${id(1)},13800000001,上坝村,老人`],
  [`,${id(2)},13800000002,上坝村,老人`, ['姓名', 'missing_name']],
  [`12345,${id(3)},13800000003,上坝村,老人`, ['姓名', 'name_implausible']],
  [`石青?,${id(4)},13800000004,上坝村,老人`, ['姓名', 'unreadable_characters']],
  ['石云舟,,13800000005,上坝村,老人', ['身份证号', 'missing_id_number']],
  [`石岭月,${wrongCheck(id(6))},13800000006,上坝村,老人`, ['身份证号', 'id_check_digit']],
  ['石竹枫,4.30102E+17,13800000007,上坝村,老人', ['身份证号', 'excel_lost_digits']],
  ['石溪青,5226,13800000008,上坝村,老人', ['身份证号', 'id_malformed']],
  [`石禾溪,${id(9)},12345,上坝村,老人`, ['电话', 'phone_impossible']],
  [`石月石,${id(10)},13800000010,,老人`, ['社区', 'missing_community']],
  [`石舟竹,${id(11)},13800000011,上坝村,`, ['类别', 'missing_target_group']],
  [`石枫禾,${id(12)},13800000012,上坝村,外星人`, ['类别', 'unknown_target_group']],
  [`石石青,${id(1)},13800000013,上坝村,老人`, ['身份证号', 'duplicate_in_file']],
  [`石青云,${id(14)},13800000014,上坝村,老人,多余`, ['', 'extra_cells']],
  [
    `,${wrongCheck(id(15))},1,上坝村,老人`,
    ['姓名', 'missing_name'],
    ['身份证号', 'id_check_digit'],
    ['电话', 'phone_impossible'],
  ],
  [`${'石'.repeat(61)},${id(16)},13800000016,上坝村,老人`, ['姓名', 'value_too_long']],
  [`石云溪,${id(17)},13800000017,上坝村,老人`],
];

describe('a roster with many bad rows', () => {
  let of: RegistryApi;
  let registrar: Signer;
  beforeAll(async () => {
    of = await startRegistryApi();
    registrar = await of.api.enroll('registrar', 'registrar-1');
  });
  afterAll(() => of.close());

  const send = async (query = '') => {
    const file = ['姓名,身份证号,电话,社区,类别', ...ROWS.map(([row]) => row)].join('\n');
    const path = `/rosters?programme=${of.programme}&campaign=${of.campaign}${query}`;
    const response = await of.post(path, file, registrar);
    return { status: response.status, answer: (await response.json()) as { problems: Problem[] } };
  };

  it('has each row’s line, column and reason in the one answer, and no row without a fault', async () => {
    const { status, answer } = await send();
    expect([status, answer]).toMatchObject([422, { code: 'roster_has_problems' }]);
    const expected = ROWS.flatMap(([, ...faults], row) =>
      faults.map(([column, code]) => ({ line: row + 2, column, code })),
    );
    expect(answer.problems.map(({ line, column, code }) => ({ line, column, code }))).toStrictEqual(expected);
  });

  it('says of each in Chinese and English what to do, and repeats nothing that stands in it', async () => {
    const { answer } = await send();
    for (const { sentenceZh, sentenceEn } of answer.problems) {
      expect(sentenceZh).toMatch(/\p{Script=Han}/u);
      expect(sentenceEn).toMatch(/[a-z]{3}/);
    }
    const cells = ROWS.flatMap(([row]) => row.split(',')).filter((cell) => cell.length > 4 || cell.startsWith('石'));
    const text = JSON.stringify(answer);
    expect(cells.filter((cell) => text.includes(cell))).toStrictEqual([]);
  });

  it('is imported once the lines that the answer names are left out', async () => {
    const { answer } = await send();
    const lines = [...new Set(answer.problems.map(({ line }) => line))];
    const { status, answer: imported } = await send(`&exclude=${lines.join(',')}`);
    expect([status, imported]).toMatchObject([200, { status: 'imported', summary: { acceptableCount: 2 } }]);
  });
});

interface Problem {
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly sentenceZh: string;
  readonly sentenceEn: string;
}
