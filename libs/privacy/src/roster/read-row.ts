import type { HeaderRow, RosterField } from './headers.js';
import { readIdentityNumber, type IdentityDocumentType, type IdentityFault } from './identity-number.js';
import { joinIdeographs, normaliseCell } from './normalise-cell.js';
import { readPhoneNumber } from './phone-number.js';
import { rosterProblem, type RosterNote, type RosterProblem, type RosterProblemCode } from './problems.js';
import type { TableRecord } from './read-table.js';

/** A household's line, normalised. Personal: it never leaves the registry unsealed. */
export interface RosterRow {
  readonly line: number;
  readonly name: string;
  readonly idType: IdentityDocumentType;
  readonly idNumber: string;
  readonly community: string;
  /** Code of the target group. */
  readonly group: string;
  readonly phone?: string;
  readonly county?: string;
  readonly township?: string;
  readonly address?: string;
  readonly household?: string;
  readonly note?: string;
}

export interface RowRules {
  readonly header: HeaderRow;
  readonly today: string;
  readonly readGroup: (cell: string) => string | undefined;
  /** For the sentence about an unknown group. */
  readonly groupNames: string;
  readonly defaults: { readonly community?: string; readonly county?: string; readonly group?: string };
}

export interface RowReading {
  readonly row: RosterRow | undefined;
  readonly problems: readonly RosterProblem[];
  readonly notes: readonly RosterNote[];
}

const maximumLength: Readonly<Partial<Record<RosterField, number>>> = {
  name: 60,
  community: 100,
  county: 60,
  township: 60,
  address: 200,
  household: 60,
  note: 500,
};

/** Checks one data row; all of its problems are found, not only the first. */
export function readRow(record: TableRecord, rules: RowRules): RowReading {
  const { header } = rules;
  const problems: RosterProblem[] = [];
  const notes: RosterNote[] = [];
  const cell = (field: RosterField): string => {
    const column = header.columns.get(field);
    return column === undefined ? '' : normaliseCell(record.cells[column.index] ?? '');
  };
  const report = (code: RosterProblemCode, field: RosterField, extra: { valueHint?: string; detail?: string } = {}) => {
    problems.push(
      rosterProblem(code, { line: record.line, column: header.columns.get(field)?.header ?? '', ...extra }),
    );
  };

  if (record.cells.slice(header.width).some((extra) => extra.trim() !== '')) {
    problems.push(rosterProblem('extra_cells', { line: record.line }));
  }
  const name = joinIdeographs(cell('name'));
  const nameFault = faultOfName(name);
  if (nameFault !== undefined) report(nameFault, 'name');

  const identity = readIdentityNumber(cell('idNumber'), cell('idType'), rules.today);
  if ('fault' in identity) reportIdentity(identity, report);
  else if (identity.upgraded) notes.push({ line: record.line, code: 'old_id_number_upgraded' });
  else if (identity.endsInZeros) notes.push({ line: record.line, code: 'id_ends_in_zeros' });

  const phone = readPhoneNumber(cell('phone'));
  if ('fault' in phone) report(phone.fault, 'phone', { valueHint: lengthHint(cell('phone').length) });

  const groupCell = joinIdeographs(cell('group'));
  const group = groupCell === '' ? rules.defaults.group : rules.readGroup(groupCell);
  if (groupCell === '' && group === undefined) report('missing_target_group', 'group');
  else if (groupCell.includes('\ufffd')) report('unreadable_characters', 'group');
  else if (group === undefined) report('unknown_target_group', 'group', { detail: rules.groupNames });

  const community = joinIdeographs(cell('community')) || rules.defaults.community || '';
  if (community === '') report('missing_community', 'community');

  const optional = {
    county: joinIdeographs(cell('county')) || rules.defaults.county || '',
    township: joinIdeographs(cell('township')),
    address: cell('address'),
    household: joinIdeographs(cell('household')),
    note: cell('note'),
  };
  checkTexts({ name, community, ...optional }, report);
  if (problems.length > 0 || 'fault' in identity || 'fault' in phone || group === undefined) {
    return { row: undefined, problems, notes: [] };
  }
  const row: RosterRow = {
    line: record.line,
    name,
    idType: identity.type,
    idNumber: identity.number,
    community,
    group,
    ...(phone.number === undefined ? {} : { phone: phone.number }),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== '')),
  };
  return { row, problems, notes };
}

type Report = (code: RosterProblemCode, field: RosterField, extra?: { valueHint?: string; detail?: string }) => void;

/** What people write where they know no name. */
const noName = /^(?:无|没有|不详|未知|none|unknown|n\/?a|[\p{P}\p{S} ]+)$/iu;

function faultOfName(name: string): RosterProblemCode | undefined {
  if (name === '') return 'missing_name';
  // Saving to GBK writes a question mark for a character that it does not have.
  if (name.includes('?')) return 'unreadable_characters';
  // Reported with the other texts.
  if (name.includes('\ufffd')) return undefined;
  if (noName.test(name)) return 'missing_name';
  return /[\d"]/.test(name) || /^[=+\-@|%*#]/.test(name) ? 'name_implausible' : undefined;
}

function reportIdentity(identity: { fault: IdentityFault; length: number }, report: Report): void {
  const field = identity.fault === 'document_type_unknown' ? 'idType' : 'idNumber';
  const needsHint = identity.fault === 'id_malformed' || identity.fault === 'excel_lost_digits';
  report(identity.fault, field, needsHint ? { valueHint: lengthHint(identity.length) } : {});
}

function checkTexts(texts: Readonly<Partial<Record<RosterField, string>>>, report: Report): void {
  for (const field of Object.keys(texts) as RosterField[]) {
    const value = texts[field] ?? '';
    const limit = maximumLength[field] ?? 0;
    if (value.includes('\ufffd')) report('unreadable_characters', field);
    if (value.length > limit) {
      report('value_too_long', field, { valueHint: lengthHint(value.length), detail: String(limit) });
    }
  }
}

function lengthHint(length: number): string {
  return `${length} characters`;
}
