import type { CalendarEvent } from '../calendar/calendar.events.js';
import type { Recorded } from '../kernel/decider.js';
import type { OfType } from '../kernel/table.js';
import type { VoucherCommand } from '../voucher/voucher.commands.js';
import type { Effect } from './effect.js';

/**
 * Consecutive vouchers of one batch that was funded before the cause. Batches come in the order of their funding; `base`
 * is the count of the vouchers of the batches before it.
 */
export interface ExpiryChunk {
  readonly cause: Recorded<OfType<CalendarEvent, 'DayStarted'>>;
  readonly base: number;
  /** Last day of the batch's campaign as it is: an extension after the cause keeps what has not expired yet. */
  readonly lastDay: string;
  readonly vouchers: readonly { readonly number: number; readonly voucher: string }[];
}

/**
 * `DayStarted` → every voucher whose last day has passed expires (index = base + number). The index counts all vouchers
 * ever issued, expired or not, so that it depends on nothing but the log before the cause.
 *
 * A crash leaves vouchers that nobody can spend (redemption compares days itself) but whose money has not come home yet.
 * Repeating is harmless: an ended or empty voucher answers "already so". On later days the effect is the same, so one that
 * was missed is made up for.
 */
export function reactToDay({ cause, base, lastDay, vouchers }: ExpiryChunk): readonly Effect<VoucherCommand>[] {
  if (cause.data.day <= lastDay) return [];
  return vouchers.map(({ number, voucher }) => ({
    index: base + number,
    stream: `voucher-${voucher}`,
    command: { type: 'ExpireVoucher', data: { voucher } },
  }));
}
