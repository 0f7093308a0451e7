import type { Balances } from '@aidtrail/domain';
import type { CheckTools, LeafCheck } from '../audit/leaf-check.js';
import { MoneyCheck } from '../money/money-check.js';
import { fundsOf, type FundTotals } from '../money/fund-totals.js';
import type { SettlementWindow } from '../money/settlement-windows.js';
import { EffectCheck } from './effect-check.js';

/** Where the money is at the end of a log, in minor units, and what is still on its way. */
export interface MoneySummary {
  /** Gross of all gifts. */
  readonly intakeMinor: number;
  /** By state: free, in_transit, committed, redeemed, recoverable, refund_reserved, refunded, administration_spent. They sum to the intake. */
  readonly states: Readonly<Record<string, number>>;
  /** Of what is committed: what can still be spent of vouchers. */
  readonly outstandingMinor: number;
  /** Paid to merchants by bank, less what came back. */
  readonly paidMinor: number;
  readonly funds: readonly FundTotals[];
  /** Debit is positive. */
  readonly balances: Balances;
  readonly windows: readonly SettlementWindow[];
  /** By policy, how many events still wait for others that must follow from them. */
  readonly pendingEffects: Readonly<Record<string, number>>;
}

/**
 * The checks of effects and money. They share what they know of each leaf, so both must be given every leaf, in this order.
 */
export function createEffectChecks(tools: CheckTools): {
  readonly checks: readonly LeafCheck[];
  summary(): MoneySummary;
} {
  const money = new MoneyCheck(tools);
  const effects = new EffectCheck(tools, {
    windows: money.windows,
    outstandingOf: (batch) => money.outstandingOf(batch),
  });
  return {
    checks: [money, effects],
    summary: () => {
      const { sweep } = money.books;
      const { outstanding: outstandingMinor, ...states } = sweep.totals();
      return {
        intakeMinor: sweep.intakeMinor,
        states,
        outstandingMinor,
        paidMinor: sweep.paidMinor,
        funds: fundsOf(sweep),
        balances: money.books.balances(),
        windows: money.windows.all,
        pendingEffects: effects.pending(),
      };
    },
  };
}
