import { refusalText } from '@aidtrail/domain';
import type { AuditReport, ToldFinding } from './audit-report.js';
import { privacyTitle } from './privacy-wording.js';
import { privacyLines } from './text-privacy.js';
import { count, counted, findingsIn, meaningOf, moneyRows, verdictOf } from './wording.js';

/** Findings that a person reads before it is enough; `--json` has more. */
const MOST_SHOWN = 50;

/** The report for people, in English. */
export function textReport(report: AuditReport): string {
  return [
    `Audit of ${report.origin ?? 'a log without a checkpoint that is signed'}`,
    '',
    verdictOf(report).en,
    '',
    ...section(
      'What this means',
      meaningOf(report).map(({ en }) => en),
    ),
    ...section('Witnesses', witnessLines(report)),
    ...section('What was checked', countLines(report)),
    ...section(
      'Where the money is',
      moneyRows(report).map(([{ en }, value]) => `${value} ${en}`),
    ),
    ...section(privacyTitle.en, privacyLines(report)),
    ...section('Still to follow, which is no finding', pendingLines(report)),
    ...section('Not checked: these rules need disclosures', notCheckedLines(report)),
    ...section('Findings', findingLines(report)),
    ...section('Evidence that others can check with the policy alone', report.fraudProofs),
  ]
    .join('\n')
    .trimEnd();
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
}

function witnessLines({ witnessed: { by } }: AuditReport): readonly string[] {
  return by.map(
    ({ name, at, loopback }) =>
      `${name}, ${at}${loopback ? ' (not independent: no address outside the log’s own machines)' : ''}`,
  );
}

function countLines(report: AuditReport): readonly string[] {
  const { counts, checkpoint, scope } = report;
  const { signatures, entries, files, bytes } = counts;
  const lines = [
    ...(checkpoint === undefined ? [] : [`size ${count(checkpoint.size)}, root ${checkpoint.root}`]),
    `${counted(entries, 'entry', 'entries')} in ${counted(files, 'file')}, ${count(bytes)} bytes`,
  ];
  if (scope === 'merkle') return lines;
  return [
    ...lines,
    `signatures: ${count(signatures.ledger)} of the ledger, ${count(signatures.actor)} of whoever acted, ${count(signatures.second)} of second parties`,
    `${counted(counts.streams, 'stream')}, ${counted(counts.vouchers, 'voucher')}, ${counted(counts.days, 'day')}`,
    ...figuresLines(report),
    `${counted(counts.anchors, 'checkpoint')} named in commands, each compared with the tree`,
  ];
}

function figuresLines({ figures }: AuditReport): readonly string[] {
  if (figures === undefined) return [];
  const { newest, notChecked, publications } = figures;
  const second =
    notChecked === 0 ? '' : `; of ${count(notChecked)} the second document not, as disclosures are missing`;
  return [
    `public figures: ${counted(publications, 'publication')} recomputed${second}`,
    `the newest counts the leaves before ${count(newest.cut)}; SHA-256 of its document ${newest.digest}`,
  ];
}

function pendingLines({ pendingEffects }: AuditReport): readonly string[] {
  return Object.entries(pendingEffects)
    .filter(([, number]) => number > 0)
    .map(([policy, number]) => `${policy}: ${counted(number, 'event')}`);
}

function notCheckedLines({ notChecked }: AuditReport): readonly string[] {
  return Object.entries(notChecked).map(([code, number]) => {
    const said = refusalText(code);
    return `${code}, ${counted(number, 'entry', 'entries')}${said === undefined ? '' : `: ${said.en}`}`;
  });
}

function findingLines(report: AuditReport): readonly string[] {
  const shown = report.findings.slice(0, MOST_SHOWN).flatMap(linesOf);
  const rest = findingsIn(report) - Math.min(report.findings.length, MOST_SHOWN);
  if (rest === 0) return shown;
  const byCode = Object.entries(report.findingCounts).map(([code, number]) => `${code}: ${count(number)}`);
  return [...shown, `and ${count(rest)} more; all of them by code:`, ...byCode];
}

function linesOf({ code, leaf, subject, expected, actual, en }: ToldFinding): readonly string[] {
  const where = [leaf === undefined ? '' : `leaf ${leaf}`, subject ?? ''].filter((part) => part !== '').join(', ');
  const values = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(actual === undefined ? [] : [`found ${actual}`]),
  ];
  return [`${code}${where === '' ? '' : ` (${where})`}`, `  ${en}`, ...values.map((value) => `  ${value}`)];
}
