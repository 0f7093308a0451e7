const MS_PER_DAY = 86_400_000;

/** The day `days` whole days after `day` (both YYYY-MM-DD, proleptic Gregorian). Reads no clock. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 10);
}
