const DAY = 86_400_000;

/** The number of the week, Monday to Sunday, that a day `YYYY-MM-DD` of the ledger falls into. */
export function weekOf(day: string): number {
  // 1970-01-01 was a Thursday.
  return Math.floor((Date.parse(`${day}T00:00:00Z`) / DAY + 3) / 7);
}

/** The Monday of a week, `YYYY-MM-DD`. */
export function mondayOf(week: number): string {
  return new Date((week * 7 - 3) * DAY).toISOString().slice(0, 10);
}
