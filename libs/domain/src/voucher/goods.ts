import type { OfType } from '../kernel/table.js';
import type { VoucherCommand } from './voucher.commands.js';
import type { VoucherEvent } from './voucher.events.js';

/** A published version of what vouchers may pay for. */
export interface GoodsPolicy {
  readonly policyVersion: number;
  readonly rules: readonly { readonly category: string; readonly verdict: 'allow' | 'deny' }[];
  readonly unknown: 'allow' | 'deny';
}

export type Basket = NonNullable<OfType<VoucherCommand, 'RedeemVoucher'>['private']>['basket'];
export type Verdict = NonNullable<OfType<VoucherEvent, 'VoucherRedeemed'>['private']>['verdicts'][number];

export interface Judgement {
  readonly verdicts: Verdict[];
  readonly totalMinor: number;
  readonly allowedMinor: number;
}

/** A verdict for each line of a basket. Deny wins over allow; a category without a rule gets the unknown outcome. */
export function judgeBasket(policy: GoodsPolicy, basket: Basket): Judgement {
  const verdicts: Verdict[] = [];
  let totalMinor = 0;
  let allowedMinor = 0;
  for (const [line, { category, amountMinor }] of basket.entries()) {
    const rules = policy.rules.filter((rule) => rule.category === category);
    const denied = rules.length === 0 ? policy.unknown === 'deny' : rules.some(({ verdict }) => verdict === 'deny');
    verdicts.push({ line, verdict: denied ? 'denied' : 'allowed', rule: rules.length === 0 ? 'unknown' : category });
    totalMinor += amountMinor;
    if (!denied) allowedMinor += amountMinor;
  }
  return { verdicts, totalMinor, allowedMinor };
}
