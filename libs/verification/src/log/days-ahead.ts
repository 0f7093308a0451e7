import type { Report } from '../findings/finding.js';
import type { LogCheckpoint } from './log-checkpoint.js';

/** A leaf that starts a day. */
export interface DayStart {
  readonly leaf: number;
  /** YYYY-MM-DD */
  readonly day: string;
}

export interface LedgerDays {
  /** In log order. */
  readonly dayStarts: readonly DayStart[];
  /** Of local time. */
  readonly utcOffsetMinutes: number;
  /** The days of a demo ledger go as fast as it likes, and it says so in its first leaf. */
  readonly isDemo: boolean;
}

/** Clocks of a ledger and its witnesses differ by seconds; half a day early harms nobody, and no clock is trusted more. */
const EARLY_SECONDS = 12 * 3_600;
/** Where the calendar of JavaScript ends. */
const LAST_SECOND = 8_640_000_000_000;

/**
 * The ledger reads no clock, so that whoever starts its days could let vouchers expire early. Its witnesses do: a day in a
 * tree that a quorum had cosigned when that day was still far off is reported, the latest such day of each checkpoint.
 */
export function checkDaysAhead(
  { dayStarts, utcOffsetMinutes, isDemo }: LedgerDays,
  checkpoints: readonly LogCheckpoint[],
  report: Report,
): void {
  if (isDemo) return;
  const reported = new Set<number>();
  for (const { cosigned, meetsQuorum, checkpoint } of checkpoints) {
    if (!meetsQuorum || cosigned.length === 0) continue;
    const seconds = Math.max(...cosigned.map(({ time }) => time)) + utcOffsetMinutes * 60 + EARLY_SECONDS;
    const latest = dayStarts.findLast(({ leaf }) => leaf < checkpoint.size);
    if (latest === undefined || seconds > LAST_SECOND || reported.has(latest.leaf)) continue;
    const expected = new Date(seconds * 1_000).toISOString().slice(0, 'YYYY-MM-DD'.length);
    if (latest.day <= expected) continue;
    reported.add(latest.leaf);
    report({ code: 'day_ahead', leaf: latest.leaf, expected: `at most ${expected}`, actual: latest.day });
  }
}
