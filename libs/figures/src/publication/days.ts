const MS_PER_DAY = 86_400_000;

/** Whole days from one day to another (both YYYY-MM-DD). Reads no clock. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MS_PER_DAY);
}
