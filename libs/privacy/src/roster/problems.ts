import { neutraliseFormula } from './normalise-cell.js';

/** What can be wrong with the file as a whole: no exclusion of lines helps. */
export type RosterFileProblemCode =
  | 'file_too_large'
  | 'too_many_rows'
  | 'excel_workbook'
  | 'binary_file'
  | 'unclosed_quote'
  | 'no_header_row'
  | 'missing_column'
  | 'ambiguous_column'
  | 'no_rows';

/** What can be wrong with one line; the line can be mended in the file or excluded by its number. */
export type RosterLineProblemCode =
  | 'missing_name'
  | 'name_implausible'
  | 'unreadable_characters'
  | 'value_too_long'
  | 'extra_cells'
  | 'missing_id_number'
  | 'excel_lost_digits'
  | 'id_malformed'
  | 'id_check_digit'
  | 'id_birth_date'
  | 'id_unknown_region'
  | 'document_type_unknown'
  | 'phone_impossible'
  | 'missing_target_group'
  | 'unknown_target_group'
  | 'missing_community'
  | 'duplicate_in_file'
  | 'person_already_listed'
  | 'name_differs_from_registry';

export type RosterProblemCode = RosterFileProblemCode | RosterLineProblemCode;

export interface RosterProblem {
  readonly scope: 'file' | 'line';
  /** 1-based physical line in the file. */
  readonly line: number;
  /** The header of the column, neutralised against formula injection; '' where the problem has none. */
  readonly column: string;
  readonly code: RosterProblemCode;
  /** The shape of the value (`17 characters`), never the value. */
  readonly valueHint?: string;
  /** The earlier line that a duplicate repeats. */
  readonly otherLine?: number;
  readonly sentenceZh: string;
  readonly sentenceEn: string;
}

/** Something that was passed over or mended and that the officer should know; it does not stop the import. */
export interface RosterNote {
  readonly line: number;
  readonly code:
    'total_row_ignored' | 'footer_ignored' | 'repeated_header_ignored' | 'old_id_number_upgraded' | 'id_ends_in_zeros';
}

export interface ProblemDetails {
  readonly line: number;
  readonly column?: string;
  readonly valueHint?: string;
  readonly otherLine?: number;
  /** A number or a list of known names that the sentence needs; never taken from a data cell. */
  readonly detail?: string;
}

/** Builds a problem with its sentences. A sentence says what is wrong and what to do; it holds no personal value. */
export function rosterProblem(code: RosterProblemCode, details: ProblemDetails): RosterProblem {
  const sentence = sentences[code];
  const filled = { column: details.column ?? '', detail: details.detail ?? '', otherLine: details.otherLine ?? 0 };
  return {
    scope: fileProblems.has(code) ? 'file' : 'line',
    line: details.line,
    column: neutraliseFormula(details.column ?? ''),
    code,
    ...(details.valueHint === undefined ? {} : { valueHint: details.valueHint }),
    ...(details.otherLine === undefined ? {} : { otherLine: details.otherLine }),
    sentenceZh: sentence.zh(filled),
    sentenceEn: sentence.en(filled),
  };
}

const fileProblems: ReadonlySet<RosterProblemCode> = new Set<RosterProblemCode>([
  'file_too_large',
  'too_many_rows',
  'excel_workbook',
  'binary_file',
  'unclosed_quote',
  'no_header_row',
  'missing_column',
  'ambiguous_column',
  'no_rows',
]);

interface Filled {
  readonly column: string;
  readonly detail: string;
  readonly otherLine: number;
}
type Sentence = { readonly zh: (filled: Filled) => string; readonly en: (filled: Filled) => string };

const sentences: Readonly<Record<RosterProblemCode, Sentence>> = {
  file_too_large: {
    zh: ({ detail }) => `文件太大，上限为 ${detail} 字节。请按乡镇拆分后分别导入。`,
    en: ({ detail }) => `The file is larger than ${detail} bytes. Split it, for example by township.`,
  },
  too_many_rows: {
    zh: ({ detail }) => `名册超过 ${detail} 行。请拆分后分别导入。`,
    en: ({ detail }) => `The roster has more than ${detail} rows. Split it.`,
  },
  excel_workbook: {
    zh: () => '这是 Excel 工作簿，不是 CSV 文件。请在 Excel 中“另存为 CSV UTF-8”，并先把证件号列设为“文本”格式。',
    en: () => 'This is an Excel workbook. Set the ID column to “Text” and save the sheet as “CSV UTF-8”.',
  },
  binary_file: {
    zh: () => '这不是文本文件，无法读取。请导出为 CSV 文件。',
    en: () => 'This is not a text file. Export the list as CSV.',
  },
  unclosed_quote: {
    zh: () => '从这一行开始的双引号没有闭合，吞掉了后面的行。请检查该行的引号。',
    en: () => 'A double quote that opens on this line is not closed there and takes in the lines below. Check it.',
  },
  no_header_row: {
    zh: () => '找不到表头行。前 20 行内应有一行写明“姓名”“身份证号”等列名。',
    en: () => 'No header row was found. One of the first 20 lines must name columns such as “name” and “id number”.',
  },
  missing_column: {
    zh: ({ detail }) => `缺少必需的列：${detail}。`,
    en: ({ detail }) => `A required column is missing: ${detail}.`,
  },
  ambiguous_column: {
    zh: () => '有两列含义相同，无法确定用哪一列。请删除或改名其中一列。',
    en: () => 'Two columns mean the same thing. Delete or rename one of them.',
  },
  no_rows: { zh: () => '表头下面没有数据行。', en: () => 'There are no rows below the header.' },
  missing_name: { zh: () => '缺少姓名。', en: () => 'The name is missing.' },
  name_implausible: {
    zh: () => '姓名不像姓名（含数字、引号或以符号开头），可能是列错位或引号有误。',
    en: () => 'This does not look like a name (digits, quotes or a leading symbol): shifted columns or a stray quote.',
  },
  unreadable_characters: {
    zh: () => '含有无法识别的字符（生僻字在保存时丢失）。请用 UTF-8 编码重新保存并核对。',
    en: () => 'Some characters were lost when the file was saved. Save it again as UTF-8 and check them.',
  },
  value_too_long: {
    zh: ({ detail }) => `内容太长，上限为 ${detail} 个字符。`,
    en: ({ detail }) => `The value is longer than ${detail} characters.`,
  },
  extra_cells: {
    zh: () => '这一行的单元格比表头多，可能有未加引号的逗号，导致列错位。',
    en: () => 'This row has more cells than the header, probably because of an unquoted comma.',
  },
  missing_id_number: { zh: () => '缺少证件号码。', en: () => 'The identity number is missing.' },
  excel_lost_digits: {
    zh: () => '号码被 Excel 截断，末尾数字已丢失，无法恢复。请把该列设为“文本”格式，从原始名册重新填写。',
    en: () => 'Excel cut this number and the last digits are lost. Set the column to “Text” and enter it again.',
  },
  id_malformed: {
    zh: () => '证件号码的位数或字符不对（身份证应为 18 位，旧证为 15 位）。其他证件请加“证件类型”列。',
    en: () =>
      'Wrong length or characters for an identity number (18 digits; old ones 15). Other papers need “id type”.',
  },
  id_check_digit: {
    zh: () => '身份证号校验位不符，至少有一位写错。请与证件核对。',
    en: () => 'The check digit does not match: at least one digit is wrong. Compare with the card.',
  },
  id_birth_date: {
    zh: () => '身份证号中的出生日期不可能。请与证件核对。',
    en: () => 'The birth date in the identity number is impossible. Compare with the card.',
  },
  id_unknown_region: {
    zh: () => '身份证号前两位不是任何省份的代码。请与证件核对。',
    en: () => 'The first two digits are no province code. Compare with the card.',
  },
  document_type_unknown: {
    zh: () => '不认识的证件类型。可填：身份证、居住证、护照、回乡证、台胞证、其他。',
    en: () => 'Unknown document type. Use resident id, residence permit, passport or other.',
  },
  phone_impossible: {
    zh: () => '电话号码不可能（手机应为 11 位；座机应带区号）。没有电话可以留空。',
    en: () => 'Impossible telephone number (mobile: 11 digits; land line: with area code). It may be left empty.',
  },
  missing_target_group: { zh: () => '缺少人群类别。', en: () => 'The target group is missing.' },
  unknown_target_group: {
    zh: ({ detail }) => `不认识的人群类别。可填：${detail}。`,
    en: ({ detail }) => `Unknown target group. Use one of: ${detail}.`,
  },
  missing_community: { zh: () => '缺少村（社区）。', en: () => 'The village or community is missing.' },
  duplicate_in_file: {
    zh: ({ otherLine }) => `与第 ${otherLine} 行是同一个证件号码。请删除其中一行。`,
    en: ({ otherLine }) => `Same identity number as line ${otherLine}. Remove one of them.`,
  },
  person_already_listed: {
    zh: () => '此人已在本活动的另一份有效名册上。请删除或排除这一行。',
    en: () => 'This person is on another active roster of the same campaign. Remove or exclude the line.',
  },
  name_differs_from_registry: {
    zh: () => '同一证件号码在本项目中登记的姓名不同。请与证件核对。',
    en: () => 'The same identity number is registered with another name. Compare with the card.',
  },
};
