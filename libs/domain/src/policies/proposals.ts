import type { CutoffEvent } from '../cutoff/cutoff.events.js';
import type { Recorded } from '../kernel/decider.js';
import type { FundingMode } from '../kernel/fields.js';
import type { SettlementCommand } from '../settlement/settlement.commands.js';
import type { VoucherEvent } from '../voucher/voucher.events.js';
import type { Effect } from './effect.js';

/** A leaf of the window that moved money at a merchant. */
export interface Movement {
  readonly merchant: string;
  readonly event: Recorded<Extract<VoucherEvent, { type: 'VoucherRedeemed' | 'RedemptionReversed' }>>;
}

export interface Window {
  readonly cause: Recorded<CutoffEvent>;
  /** Those of the cause's window; others are ignored. */
  readonly movements: readonly Movement[];
  settlementIdOf(merchant: string, fundingMode: FundingMode, cutoff: number): string;
  /** Settlements of this window that an earlier attempt has proposed. */
  readonly proposed: ReadonlySet<string>;
  /** The merchant's latest settlement of an earlier window, if there is one. */
  previousOf(merchant: string, fundingMode: FundingMode): string | undefined;
}

/**
 * `CutoffSet` → a settlement is proposed for each merchant whose redemptions or reversals lie in the window and whom the
 * ledger pays (merchant-funded; the others were paid by the wallet provider at the till). A merchant with an open debt and no
 * movement gets none; the debt waits for its next one.
 *
 * In the order of the settlements' ids, which only the ledger can compute. The order of leaves is public and so are the
 * merchants' ids: in their order, each settlement would say whose it is.
 *
 * The index is the number of settlements that were proposed for the window before. So it does not depend on which merchants
 * are known at an attempt: one that can no longer be read, or is read again, moves nobody to an index that is taken.
 *
 * A crash leaves some merchants of the window without their proposal; the window's leaves do not change, so the rest
 * follows later. Repeating is harmless: what was proposed is passed over.
 */
export function reactToCutoff(window: Window): readonly Effect<SettlementCommand>[] {
  const { number, from, to } = window.cause.data;
  const fundingMode = 'merchant-funded';
  const sums = new Map<string, Sums>();
  for (const { merchant, event } of window.movements) {
    if (event.position < from || event.position >= to || event.data.fundingMode !== fundingMode) continue;
    const sum = sums.get(merchant) ?? { count: 0, grossMinor: 0, reversalsMinor: 0, recoverableMinor: 0 };
    add(sum, event);
    sums.set(merchant, sum);
  }
  const due = [...sums]
    .map(([merchant, figures]) => ({ merchant, figures, id: window.settlementIdOf(merchant, fundingMode, number) }))
    .filter(({ id }) => !window.proposed.has(id))
    .sort((a, b) => Number(a.id > b.id) - Number(a.id < b.id));
  return due.map(({ merchant, figures, id: settlement }, i) => {
    const previous = window.previousOf(merchant, fundingMode);
    return {
      index: window.proposed.size + i,
      stream: `settlement-${settlement}`,
      command: {
        type: 'ProposeSettlement',
        data: { settlement, cutoff: number, window: [from, to], fundingMode, ...figures },
        private: { merchant, ...(previous === undefined ? {} : { previous }) },
      },
    };
  });
}

interface Sums {
  count: number;
  grossMinor: number;
  reversalsMinor: number;
  recoverableMinor: number;
}

function add(sum: Sums, { type, data }: Movement['event']): void {
  if (type === 'VoucherRedeemed') {
    sum.count += 1;
    sum.grossMinor += data.amountMinor;
    return;
  }
  sum.reversalsMinor += data.amountMinor;
  if (data.to === 'recoverable') sum.recoverableMinor += data.amountMinor;
}
