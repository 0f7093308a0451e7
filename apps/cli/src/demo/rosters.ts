import iconv from 'iconv-lite';
import { checkCharacter, type Household } from './people.js';

/** A roster file as a partner sends it. */
export interface RosterFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A tidy file from a tidy office: UTF-8 with the mark that Excel wants. */
export function tidyRoster(name: string, households: readonly Household[]): RosterFile {
  const lines = households.map(({ name: person, idNumber, phone, community, group }) =>
    [person, idNumber, phone, community, group].join(','),
  );
  const text = ['姓名,身份证号,手机号,社区,人群类别', ...lines].join('\r\n');
  return { name, bytes: new Uint8Array(Buffer.from(`\ufeff${text}\r\n`, 'utf8')) };
}

/**
 * A file that has been through a flooded county's hands: GBK, a title above the header, full-width digits, padded names,
 * blanks inside numbers, a total at the end. Four of its lines are beyond reading by rules: a number that a spreadsheet
 * shortened, a household entered twice, a mistyped check digit, a telephone number of which two digits are left.
 */
export function floodedRoster(name: string, households: readonly Household[]): RosterFile {
  const rows = households.map((household, i) => wornRow(household, i));
  const [first, second, third, fourth] = households;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new RangeError('The flooded roster needs at least four households.');
  insertAt(rows, 40, { ...first, name: '石小满', idNumber: '4.39903E+17' });
  insertAt(rows, 120, second);
  insertAt(rows, 260, { ...third, name: '杨初晴', idNumber: withWrongCheckDigit(third.idNumber) });
  insertAt(rows, 410, { ...fourth, name: '龙知秋', idNumber: UNUSED_NUMBER, phone: '1.38E+10' });
  const numbered = rows.map((row, i) => [i + 1, ...row].join(','));
  const text = [
    '青溪县受灾家庭名单（第一批）,,,,,',
    '序号,姓名,身份证号码,联系电话,村（社区）,人群类别',
    ...numbered,
    `合计,${rows.length}户,,,,`,
  ].join('\r\n');
  return { name, bytes: new Uint8Array(iconv.encode(`${text}\r\n`, 'gbk')) };
}

function wornRow(household: Household, i: number): string[] {
  const { name, idNumber, phone, community, group } = household;
  return [
    i % 9 === 4 && name.length === 2 ? `${name.charAt(0)}\u3000${name.charAt(1)}` : name,
    i % 7 === 3 ? fullWidth(idNumber) : i % 11 === 5 ? `${idNumber.slice(0, 6)} ${idNumber.slice(6)}` : `'${idNumber}`,
    i % 13 === 6 ? fullWidth(phone) : phone,
    i % 17 === 8 ? ` ${community} ` : community,
    group,
  ];
}

function insertAt(rows: string[][], position: number, household: Household): void {
  const { name, idNumber, phone, community, group } = household;
  rows.splice(Math.min(position, rows.length), 0, [name, idNumber, phone, community, group]);
}

function withWrongCheckDigit(idNumber: string): string {
  const last = idNumber.charAt(17);
  return idNumber.slice(0, 17) + (last === '5' ? '6' : '5');
}

/** Right in itself, but of no household in the list. */
const UNUSED_FIRST_17 = '43990319300101011';
const UNUSED_NUMBER = UNUSED_FIRST_17 + checkCharacter(UNUSED_FIRST_17);

function fullWidth(text: string): string {
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
}
