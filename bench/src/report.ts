import { targetOf, type Measurement } from './result.js';

/** The ratio to the limit where there is one, else to the target. */
function ratioOf({ name, value }: Measurement): number | undefined {
  const { limit, target } = targetOf(name);
  const against = limit ?? target;
  return against === undefined ? undefined : value / against;
}

function isMet({ name, value }: Measurement): boolean | undefined {
  const { target, lowerIsBetter } = targetOf(name);
  if (target === undefined) return undefined;
  return lowerIsBetter === true ? value <= target : value >= target;
}

export function toJson(measurements: readonly Measurement[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    measurements.map((measurement) => {
      const { unit, target, limit } = targetOf(measurement.name);
      const { value, notes } = measurement;
      const ratio = ratioOf(measurement);
      return [measurement.name, { value, unit, target, limit, ratio, notes }];
    }),
  );
}

export function toTable(measurements: readonly Measurement[]): string {
  const head = ['name', 'value', 'unit', 'target', 'limit', 'ratio', ''];
  const rows = measurements.map((measurement) => {
    const { unit, target, limit, lowerIsBetter } = targetOf(measurement.name);
    const ratio = ratioOf(measurement);
    const met = isMet(measurement);
    return [
      measurement.name,
      number(measurement.value),
      unit,
      target === undefined ? '-' : `${lowerIsBetter === true ? '<' : '≥'} ${number(target)}`,
      limit === undefined ? '-' : number(limit),
      ratio === undefined ? '-' : ratio.toFixed(2),
      met === undefined ? '' : met ? 'met' : 'missed',
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 || i === 6 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  const notes = measurements.flatMap(({ name, notes: own }) => own.map((note) => `  ${name}: ${note}`));
  return [line(head), ...rows.map(line), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
