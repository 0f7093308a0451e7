import { csvField } from './normalise-cell.js';
import type { RosterProblem } from './problems.js';
import type { RosterRow } from './read-row.js';

const rosterHeader = [
  '姓名',
  '证件类型',
  '身份证号',
  '手机',
  '县',
  '乡镇',
  '村/社区',
  '住址',
  '类别',
  '户主',
  '备注',
] as const;

/** Rows as a CSV file (UTF-8 with mark, CR LF) that {@link parseRoster} reads back to the same rows. Personal. */
export function formatRoster(rows: readonly RosterRow[]): string {
  return csvFile(
    rosterHeader,
    rows.map((row) => [
      row.name,
      row.idType,
      row.idNumber,
      row.phone ?? '',
      row.county ?? '',
      row.township ?? '',
      row.community,
      row.address ?? '',
      row.group,
      row.household ?? '',
      row.note ?? '',
    ]),
  );
}

/** The problem list as a CSV file, one message a line, to send back to whoever made the roster. Nothing personal. */
export function formatProblems(problems: readonly RosterProblem[]): string {
  const header = ['行号 line', '列 column', '代码 code', '说明', 'explanation'];
  return csvFile(
    header,
    problems.map(({ line, column, code, sentenceZh, sentenceEn }) => [
      String(line),
      column,
      code,
      sentenceZh,
      sentenceEn,
    ]),
  );
}

function csvFile(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\ufeff${[header, ...rows].map((cells) => cells.map(csvField).join(',')).join('\r\n')}\r\n`;
}
