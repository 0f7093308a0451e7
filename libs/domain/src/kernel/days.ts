/** True for a day that the Gregorian calendar has; the field type lets 2026-02-31 pass. Reads no clock. */
export function isCalendarDay(day: string): boolean {
  const instant = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(`${day}T`);
}
