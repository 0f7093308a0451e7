import iconv from 'iconv-lite';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import {
  campaignId,
  openTestRegister,
  otherCampaignId,
  peppers,
  programmeId,
  type TestRegister,
} from '../registry.examples.js';
import type { RosterProblemCode } from '../roster/problems.js';
import { chineseHeader, chineseRoster, inventedId, inventedPeople } from '../roster/roster.examples.js';
import type { RosterImportRequest } from './import-roster.js';
import { createPeopleRegistry, type PeopleRegistry } from './people-registry.js';

/** Name of the fault, the file, and where it is found: line and column. */
type Case = readonly [string, string | Uint8Array, number, string];

const id = inventedId('522632', '19700101', 2);
const good = `石小禾,${id},13800000011,上坝村,老人`;
const [listed, another] = inventedPeople;
/** The row with the fault stands on line 3, below a good one. */
const withRow = (...lines: readonly string[]) => chineseRoster([good, ...lines]);
const withId = (cell: string) => withRow(`杨溪月,${cell},,上坝村,老人`);
const otherId = inventedId('522632', '19700101', 3);
const withName = (cell: string) => withRow(`${cell},${otherId},,上坝村,老人`);
const withPhone = (cell: string) => withRow(`杨溪月,${otherId},${cell},上坝村,老人`);

const fullWidth = (text: string) =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

/** A GBK file in which the second byte of one character was lost. */
function brokenGbk(text: string, character: string): Uint8Array {
  const bytes = iconv.encode(text, 'gbk');
  const at = bytes.indexOf(iconv.encode(character, 'gbk'));
  return Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at + 2)]);
}

/** A UTF-8 file in which the last byte of one character is another. */
function brokenUtf8(text: string, character: string): Uint8Array {
  const bytes = Buffer.from(text);
  bytes[bytes.indexOf(Buffer.from(character)) + 2] = 0x41;
  return bytes;
}

/** Each code has its cases: a new one does not compile without. */
const cases: Readonly<Record<RosterProblemCode, readonly Case[]>> = {
  file_too_large: [['more than 10 MB', new Uint8Array(10 * 1024 * 1024 + 1), 1, '']],
  too_many_rows: [['200,001 rows', `${chineseHeader}\n${'a,1,,,\n'.repeat(200_001)}`, 200_002, '']],
  excel_workbook: [['an .xlsx file', Uint8Array.of(0x50, 0x4b, 3, 4), 1, '']],
  binary_file: [['UTF-16 without its mark', iconv.encode(withRow(), 'utf-16le', { addBOM: false }), 1, '']],
  unclosed_quote: [
    ['a quote that is never closed', withRow(`"杨溪月,${otherId},,上坝村,老人`, good), 3, ''],
    [
      'a quote that one below closes',
      withRow(`"杨溪月,${otherId},,上坝村,老人`, good, `"吴云岭",1,,上坝村,老人`),
      3,
      '',
    ],
    ['rows inside the last cell', withRow(`杨溪月,${otherId},,上坝村,"老人`, good, `吴云岭,1,,上坝村,老人"`), 3, ''],
  ],
  no_header_row: [['no header', `${good}\n`, 1, '']],
  missing_column: [['no column of groups', `姓名,身份证号,村\n石小禾,${id},上坝村\n`, 1, '类别 / target group']],
  ambiguous_column: [['two columns of phones', `${chineseHeader},联系电话\n`, 1, '联系电话']],
  no_rows: [['a header alone', `${chineseHeader}\n`, 1, '']],
  missing_name: [
    ['an empty name', withName(''), 3, '姓名'],
    ['a name of spaces', withName('\u00a0\u3000'), 3, '姓名'],
    ['a name that says that there is none', withName('不详'), 3, '姓名'],
    ['a name of dots', withName('……'), 3, '姓名'],
  ],
  name_implausible: [
    ['a number for a name', withName('13800000011'), 3, '姓名'],
    ['a formula for a name', withName('=HYPERLINK(A1)'), 3, '姓名'],
    ['a quote closed too early', withName('"杨溪"月'), 3, '姓名'],
    ['a quote inside', withName('杨"溪月'), 3, '姓名'],
  ],
  unreadable_characters: [
    ['a rare character lost in saving', withName('杨?'), 3, '姓名'],
    ['all characters lost in saving', withName('???'), 3, '姓名'],
    ['a broken GBK name', brokenGbk(withRow(`杨溪,${otherId},,河口社区,母婴`), '溪'), 3, '姓名'],
    ['a broken GBK village', brokenGbk(withRow(`杨溪,${otherId},,河湾,母婴`), '湾'), 3, '村/社区'],
    ['a broken GBK group', brokenGbk(withRow(`杨溪,${otherId},,河口社区,母婴`), '婴'), 3, '类别'],
    ['a broken UTF-8 name', brokenUtf8(withRow(`杨溪,${otherId},,河口社区,母婴`), '溪'), 3, '姓名'],
    ['a broken UTF-8 name, with a mark', brokenUtf8(`\ufeff${withRow(`杨溪,${otherId},,,母婴`)}`, '溪'), 3, '姓名'],
  ],
  value_too_long: [['a name of 61 characters', withName('石'.repeat(61)), 3, '姓名']],
  extra_cells: [['two cells more than the header', withRow(`杨溪月,${otherId},,上坝村,老人,一,二`), 3, '']],
  missing_id_number: [['no identity number', withId(''), 3, '身份证号']],
  excel_lost_digits: [
    ['scientific notation', withId('1.10101E+17'), 3, '身份证号'],
    ['zeros at the end', withId(`${id.slice(0, 15)}000`), 3, '身份证号'],
    ['a telephone in scientific notation', withPhone('1.38E+10'), 3, '手机'],
  ],
  id_malformed: [
    ['17 digits', withId(id.slice(0, 17)), 3, '身份证号'],
    ['36 digits', withId(id + id), 3, '身份证号'],
    ['a decimal', withId('110105194912310.5'), 3, '身份证号'],
    ['letters', withId('A1010519491231002X'), 3, '身份证号'],
    ['digits of another script', withId('١١٠١٠٥١٩٤٩١٢٣١٠٠٢٥'), 3, '身份证号'],
  ],
  id_check_digit: [['the check digit', withId('440524198001010014'), 3, '身份证号']],
  id_birth_date: [
    ['the 30th of February', withId(inventedId('522632', '19700230', 1)), 3, '身份证号'],
    ['born tomorrow', withId(inventedId('522632', '20261124', 1)), 3, '身份证号'],
  ],
  id_unknown_region: [['no such province', withId(inventedId('992632', '19700101', 1)), 3, '身份证号']],
  document_type_unknown: [
    ['a season ticket', `姓名,证件类型,证件号码,村,类别\n杨溪月,月票,E7654321,上坝村,老人\n`, 2, '证件类型'],
  ],
  phone_impossible: [
    ['ten digits', withPhone('1380000001'), 3, '手机'],
    ['a negative number', withPhone('-1'), 3, '手机'],
    ['words', withPhone('打村里电话'), 3, '手机'],
  ],
  missing_target_group: [['no group', withRow(`杨溪月,${otherId},,上坝村,`), 3, '类别']],
  unknown_target_group: [['astronauts', withRow(`杨溪月,${otherId},,上坝村,宇航员`), 3, '类别']],
  missing_community: [['no village', withRow(`杨溪月,${otherId},,,老人`), 3, '村/社区']],
  duplicate_in_file: [['the line above again', withRow(good), 3, '身份证号']],
  person_already_listed: [
    ['somebody of an earlier roster', withRow(`${listed.name},${listed.id},,上坝村,老人`), 3, '身份证号'],
  ],
  name_differs_from_registry: [['another name than before', withRow(`吴云,${another.id},,上坝村,老人`), 3, '姓名']],
};

const table = Object.entries(cases).flatMap(([code, rows]) => rows.map((row) => [code, ...row] as const));

describe('what can be wrong with a roster', () => {
  let database: TestDatabase;
  let register: TestRegister;
  let registry: PeopleRegistry;
  beforeAll(async () => {
    database = await testDatabase();
    register = await openTestRegister(database.connectionString);
    registry = await createPeopleRegistry({ ...register.options('faults'), peppers });
    const people = inventedPeople.slice(0, 2).map(({ name, id: number }) => `${name},${number},,上坝村,老人`);
    expect(await importFile(chineseRoster(people.slice(0, 1)), campaignId)).toMatchObject({ status: 'imported' });
    expect(await importFile(chineseRoster(people.slice(1)), otherCampaignId)).toMatchObject({ status: 'imported' });
  });
  afterAll(async () => {
    await register.end();
    await database.drop();
  });

  const requestFor = (file: string | Uint8Array, campaign: string): RosterImportRequest => ({
    bytes: typeof file === 'string' ? new TextEncoder().encode(file) : file,
    programmeId,
    campaignId: campaign,
    importedBy: 'officer-one',
  });
  const importFile = (file: string, campaign: string) => registry.importRoster(requestFor(file, campaign));
  const look = async (file: string | Uint8Array) => {
    const result = await registry.importRoster({ ...requestFor(file, campaignId), dryRun: true });
    if (result.status !== 'dry_run') throw new Error(`A dry run answered ${result.status}.`);
    return result;
  };

  it.each(table)('%s: %s', async (code, _, file, line, column) => {
    const { problems: found, ...result } = await look(file);
    expect(result).toMatchObject({ status: 'dry_run', refusal: { code: 'roster_has_problems' } });
    const places = found.filter((problem) => problem.code === code);
    expect(places.map((problem) => [problem.line, problem.column])).toEqual([[line, column]]);
    for (const { sentenceZh, sentenceEn } of places) expect([sentenceZh, sentenceEn]).not.toContain('');
    // More may follow from it on its line; no other line is blamed.
    expect(new Set(found.map((problem) => problem.line))).toEqual(new Set([line]));
  });

  it.each([
    ['full-width digits', withId(fullWidth(otherId))],
    ['a number as text', withId(`'${otherId}`)],
    ['no telephone', withPhone('无')],
    ['a note of two lines', `${chineseHeader},备注\n${good},"一\n二"\n`],
  ])('has nothing against %s', async (_, file) => {
    expect(await look(file)).toMatchObject({ status: 'dry_run', refusal: undefined, problems: [] });
  });
});
