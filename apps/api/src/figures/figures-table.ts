import { stringify } from 'csv-stringify/sync';
import type { Breakdown, DisclosedFigures, PublicFigures } from '@aidtrail/figures';

type Row = readonly (string | number | undefined)[];

/**
 * One table as CSV; undefined if there is none of that name. A number that is not told is empty, with the reason in
 * `suppressed`. Names that a spreadsheet would take for a formula are made harmless.
 */
export function figuresTable(name: string, figures: PublicFigures, disclosed?: DisclosedFigures): string | undefined {
  const rows = rowsOf(name, figures, disclosed);
  return (
    rows &&
    stringify(rows as (string | number | undefined)[][], {
      bom: true,
      escape_formulas: true,
      record_delimiter: 'windows',
    })
  );
}

function rowsOf(name: string, figures: PublicFigures, disclosed?: DisclosedFigures): readonly Row[] | undefined {
  switch (name) {
    case 'totals':
      return [
        ['key', 'level', 'unit', 'value', 'as_of', 'suppressed'],
        ...[...figures.totals, ...(disclosed?.totals ?? [])].map((one): Row => {
          const told = 'value' in one ? [one.value, one.asOf, undefined] : [undefined, undefined, one.suppressed];
          return [one.key, one.level, one.unit, ...told];
        }),
      ];
    case 'settlements':
      return [
        ['status', 'count', 'redemption_count', 'net_minor', 'as_of', 'suppressed'],
        ...figures.settlements.byStatus.map((one): Row => {
          if ('suppressed' in one) return [one.status, undefined, undefined, undefined, undefined, one.suppressed];
          return [one.status, one.count, one.redemptionCount, one.netMinor, one.asOf, undefined];
        }),
      ];
    case 'corrections':
      return [
        ['leaf', 'day', 'period', 'subject', 'officer', 'note_zh', 'note_en'],
        ...figures.corrections.map((one): Row => {
          return [one.index, one.day, one.period, one.subject, one.officer, one.noteZh, one.noteEn];
        }),
      ];
    default: {
      const found = [...figures.breakdowns, ...(disclosed?.breakdowns ?? [])].find((one) => one.name === name);
      return found && breakdownRows(found);
    }
  }
}

function breakdownRows({ cells, dimension, notToldApart, total }: Breakdown): readonly Row[] {
  const rest: Row[] =
    notToldApart === undefined
      ? []
      : [['not_told_apart', undefined, notToldApart.count, notToldApart.amountMinor, undefined, undefined]];
  const whole: Row =
    'suppressed' in total
      ? ['total', undefined, undefined, undefined, undefined, total.suppressed]
      : ['total', undefined, total.count, total.amountMinor, total.asOf, undefined];
  return [
    [dimension, 'name', 'count', 'amount_minor', 'as_of', 'suppressed'],
    ...cells.map((one): Row => {
      if ('suppressed' in one) return [one.cell, one.label, undefined, undefined, undefined, one.suppressed];
      return [one.cell, one.label, one.count, one.amountMinor, one.asOf, undefined];
    }),
    ...rest,
    whole,
  ];
}
