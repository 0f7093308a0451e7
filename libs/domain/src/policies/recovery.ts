import type { FundCommand } from '../fund/fund.commands.js';
import type { Recorded } from '../kernel/decider.js';
import { chunkSegments, listed, type Interval } from '../kernel/segments.js';
import type { OfType } from '../kernel/table.js';
import type { SettlementEvent } from '../settlement/settlement.events.js';
import type { VoucherEvent } from '../voucher/voucher.events.js';
import type { Effect } from './effect.js';

export interface Recovery {
  readonly cause: Recorded<OfType<SettlementEvent, 'SettlementPaid'>>;
  readonly settlement: string;
  readonly merchant: string;
  /** All reversals of this merchant before the cause that made fen recoverable, in log order. */
  readonly reversals: readonly Recorded<OfType<VoucherEvent, 'RedemptionReversed'>>[];
  /**
   * What the payments to the merchant before the cause recovered already: so many fen at the head of `reversals` are
   * home. Payments need not come in the order of their windows, so neither count goes by windows.
   */
  readonly recoveredBeforeMinor: number;
}

/**
 * `SettlementPaid` → the fen whose debt the payment netted come home, oldest reversal first, one effect per fund and
 * batch, in order of first appearance, and per 500 segments. Debt that was carried out waits for a later settlement.
 *
 * A crash leaves fen recoverable although the merchant's debt is netted. Repeating is harmless: which fen they are follows
 * from the log alone, and each effect's event id exists once.
 */
export function reactToPayment(recovery: Recovery): readonly Effect<FundCommand>[] {
  const { cause, settlement, merchant } = recovery;
  const homes = new Map<string, { readonly fund: string; readonly batch: string; readonly segments: Interval[] }>();
  let skip = recovery.recoveredBeforeMinor;
  let missing = cause.data.recoveredMinor;
  for (const { data } of recovery.reversals) {
    if (data.to !== 'recoverable') continue;
    for (const [start, length] of data.segments) {
      const skipped = Math.min(skip, length);
      const taken = Math.min(missing, length - skipped);
      skip -= skipped;
      missing -= taken;
      if (taken === 0) continue;
      const key = `${data.fund} ${data.batch}`;
      const home = homes.get(key) ?? { fund: data.fund, batch: data.batch, segments: [] };
      home.segments.push([start + skipped, taken]);
      homes.set(key, home);
    }
  }
  const chunks = [...homes.values()].flatMap(({ fund, batch, segments }) =>
    chunkSegments(segments).map((chunk) => ({ fund, batch, segments: listed(chunk) })),
  );
  return chunks.map((data, index) => ({
    index,
    stream: `fund-${data.fund}`,
    command: { type: 'RecoverFunds', data: { ...data, settlement }, private: { merchant } },
  }));
}
