import { decodeText, type RosterEncoding } from './decode-text.js';
import { findHeader, repeatsHeader, type HeaderRow, type RosterField } from './headers.js';
import { neutraliseFormula, normaliseCell } from './normalise-cell.js';
import { rosterProblem, type RosterNote, type RosterProblem } from './problems.js';
import { readRow, type RosterRow, type RowRules } from './read-row.js';
import { readTable, type RosterDelimiter, type TableRecord } from './read-table.js';
import { commonTargetGroups, targetGroupReader, type TargetGroup } from './target-groups.js';

export const maximumRosterBytes = 10 * 1024 * 1024;
export const maximumRosterRows = 200_000;

export interface RosterOptions {
  /** Local day `YYYY-MM-DD`, for the plausibility of birth dates. */
  readonly today: string;
  /** Physical lines to leave out as if they were not in the file. */
  readonly excludeLines?: readonly number[];
  readonly targetGroups?: readonly TargetGroup[];
  /** Used where the column is missing or the cell is empty. */
  readonly defaults?: { readonly community?: string; readonly county?: string; readonly group?: string };
}

export interface RosterDialect {
  readonly delimiter: RosterDelimiter;
  readonly headerLine: number;
  /** Field → header as the file has it. */
  readonly columns: Readonly<Partial<Record<RosterField, string>>>;
  /** Headers that mean nothing here; these columns are not stored. */
  readonly ignoredColumns: readonly string[];
}

export interface ParsedRoster {
  /** The rows without a problem, in the order of the file. */
  readonly rows: readonly RosterRow[];
  readonly problems: readonly RosterProblem[];
  readonly notes: readonly RosterNote[];
  /** Data rows seen, clean or not; excluded lines, totals and blank lines are not counted. */
  readonly rowCount: number;
  /** Excluded lines that do not hold a data row: probably a slip of the officer. */
  readonly unknownExcludedLines: readonly number[];
  readonly encoding: RosterEncoding | undefined;
  readonly dialect: RosterDialect | undefined;
}

/**
 * Reads a roster as people send it: CSV with commas, tabs or semicolons; UTF-8, UTF-16 with a mark, or GBK/GB18030;
 * Chinese or English headers, possibly below a title. Pure, and never throws for what is in the file: everything wrong
 * is in `problems`, with its physical line, and no problem or note holds a personal value.
 *
 * Untrusted: every byte. At most {@link maximumRosterBytes} bytes and {@link maximumRosterRows} rows.
 */
export function parseRoster(bytes: Uint8Array, options: RosterOptions): ParsedRoster {
  if (bytes.length > maximumRosterBytes) {
    return failed([rosterProblem('file_too_large', { line: 1, detail: String(maximumRosterBytes) })]);
  }
  const decoded = decodeText(bytes);
  if ('failure' in decoded) return failed([rosterProblem(decoded.failure, { line: 1 })]);
  const { encoding } = decoded;
  const text = decoded.text.replace(/^\ufeff/, '');
  const delimiter = detectDelimiter(text);
  const table = readTable(text, delimiter);
  if ('unclosedQuoteLine' in table) {
    return failed([rosterProblem('unclosed_quote', { line: table.unclosedQuoteLine })], encoding);
  }
  const header = findHeader(table.records);
  if (header === undefined) return failed([rosterProblem('no_header_row', { line: 1 })], encoding);
  const dialect = dialectOf(delimiter, header);
  const columnProblems = checkColumns(header, options);
  if (columnProblems.length > 0) return { ...failed(columnProblems, encoding), dialect };
  const records = table.records.slice(header.position + 1);
  const swallowing = records.find(({ cells }) => cells.some((cell) => holdsRows(cell, delimiter)));
  if (swallowing !== undefined) {
    return { ...failed([rosterProblem('unclosed_quote', { line: swallowing.line })], encoding), dialect };
  }
  return { ...readRows(records, header, options), encoding, dialect };
}

function failed(problems: readonly RosterProblem[], encoding?: RosterEncoding): ParsedRoster {
  const nothing = { rows: [], notes: [], rowCount: 0, unknownExcludedLines: [] };
  return { ...nothing, problems, encoding, dialect: undefined };
}

/**
 * A quote that is left open on one line and met by another further down makes one cell of the rows between: those
 * households would be missing without a word. Cells may have several lines, but none of them is a row with a number.
 */
function holdsRows(cell: string, delimiter: RosterDelimiter): boolean {
  const [, ...further] = cell.split('\n');
  return further.some((line) => line.includes(delimiter) && /\d{15}/.test(line.normalize('NFKC')));
}

/** The delimiter under which most known column names appear; a comma when none helps. */
function detectDelimiter(text: string): RosterDelimiter {
  const start = text.slice(0, 65_536).split(/\r\n?|\n/, 40);
  let best: { delimiter: RosterDelimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of [',', '\t', ';'] as const) {
    // Line by line: a quote left open further down must not hide the header.
    const records = start.flatMap((line) => {
      const table = readTable(line, delimiter);
      return 'records' in table ? [...table.records] : [];
    });
    const score = findHeader(records)?.columns.size ?? 0;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function dialectOf(delimiter: RosterDelimiter, header: HeaderRow): RosterDialect {
  const columns: Partial<Record<RosterField, string>> = {};
  for (const [field, column] of header.columns) columns[field] = neutraliseFormula(column.header);
  return { delimiter, headerLine: header.line, columns, ignoredColumns: header.ignored.map(neutraliseFormula) };
}

function checkColumns(header: HeaderRow, options: RosterOptions): RosterProblem[] {
  const required: [RosterField, string, boolean][] = [
    ['name', '姓名 / name', false],
    ['idNumber', '身份证号 / id number', false],
    ['community', '村（社区） / community', options.defaults?.community !== undefined],
    ['group', '类别 / target group', options.defaults?.group !== undefined],
  ];
  const missing = required.filter(([field, , hasDefault]) => !header.columns.has(field) && !hasDefault);
  return [
    ...missing.map(([, label]) => rosterProblem('missing_column', { line: header.line, column: label, detail: label })),
    ...header.ambiguous.map((column) => rosterProblem('ambiguous_column', { line: header.line, column })),
  ];
}

type Rows = Omit<ParsedRoster, 'encoding' | 'dialect'>;

function readRows(records: readonly TableRecord[], header: HeaderRow, options: RosterOptions): Rows {
  const rules = rowRules(header, options);
  const excluded = new Set(options.excludeLines ?? []);
  const unseenExclusions = new Set(excluded);
  const firstLineOf = new Map<string, number>();
  const rows: RosterRow[] = [];
  const problems: RosterProblem[] = [];
  const notes: RosterNote[] = [];
  let rowCount = 0;
  for (const record of records) {
    if (record.cells.every((cell) => normaliseCell(cell) === '')) continue;
    if (unseenExclusions.delete(record.line)) continue;
    const passedOver = noteForOtherRow(record, header);
    if (passedOver !== undefined) {
      notes.push({ line: record.line, code: passedOver });
      continue;
    }
    rowCount += 1;
    if (rowCount > maximumRosterRows) {
      return { ...failed([rosterProblem('too_many_rows', { line: record.line, detail: String(maximumRosterRows) })]) };
    }
    const reading = readRow(record, rules);
    problems.push(...reading.problems);
    notes.push(...reading.notes);
    if (reading.row === undefined) continue;
    const key = `${reading.row.idType}:${reading.row.idNumber}`;
    const otherLine = firstLineOf.get(key);
    if (otherLine === undefined) {
      firstLineOf.set(key, record.line);
      rows.push(reading.row);
    } else {
      const column = header.columns.get('idNumber')?.header ?? '';
      problems.push(rosterProblem('duplicate_in_file', { line: record.line, column, otherLine }));
    }
  }
  if (rowCount === 0) problems.push(rosterProblem('no_rows', { line: header.line }));
  return { rows, problems, notes, rowCount, unknownExcludedLines: [...unseenExclusions] };
}

function rowRules(header: HeaderRow, options: RosterOptions): RowRules {
  const groups = options.targetGroups ?? commonTargetGroups;
  return {
    header,
    today: options.today,
    readGroup: targetGroupReader(groups),
    groupNames: groups.map(({ code, names }) => names[0] ?? code).join('、'),
    defaults: options.defaults ?? {},
  };
}

const totalWord = /^(?:合计|总计|小计|共计|总数|total|subtotal|sum)\b|^(?:合计|总计|小计|共计|总数)/i;
const footerWord = /^(?:制表|填表|填报|审核|复核|负责人|经办人|联系人|备注|说明|注)\s*(?:人|单位|日期)?\s*:/;

/** Rows that are no household: totals, signature lines, repeated headers. A row with a number on it is never one. */
function noteForOtherRow(record: TableRecord, header: HeaderRow): RosterNote['code'] | undefined {
  if (repeatsHeader(record, header)) return 'repeated_header_ignored';
  const idColumn = header.columns.get('idNumber');
  const idCell = idColumn === undefined ? '' : (record.cells[idColumn.index] ?? '');
  if (/\d{5}/.test(idCell.normalize('NFKC'))) return undefined;
  const filled = record.cells.map((cell) => normaliseCell(cell).replace(/ /g, '')).filter((cell) => cell !== '');
  if (filled.slice(0, 2).some((cell) => totalWord.test(cell))) return 'total_row_ignored';
  return filled.some((cell) => footerWord.test(cell)) ? 'footer_ignored' : undefined;
}
