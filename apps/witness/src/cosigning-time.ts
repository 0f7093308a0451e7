/** How far the clock may be behind the newest cosignature of a log: an adjustment, and not a clock that is wrong. */
const TOLERATED_SECONDS = 60;

/**
 * The time of the next cosignature for a log, POSIX seconds. A cosignature says "as of this time, the largest tree", so a
 * later one never has an earlier time than `last`. A clock (milliseconds) that is a little behind waits at the last time;
 * undefined for one that is further behind, or that stands at 1970: then nothing may be cosigned.
 */
export function cosigningTime(clock: number, last = 1): number | undefined {
  const now = Math.floor(clock / 1_000);
  return now < last - TOLERATED_SECONDS || now < 1 ? undefined : Math.max(now, last);
}
