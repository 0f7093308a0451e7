import { totalOf, type Interval, type SegmentList, type VoucherEvent } from '@aidtrail/domain';
import { idOf } from '../projector/load.js';
import { windowOf, type Work } from '../projector/work.js';
import { weekOf } from '../trace/weeks.js';
import { goodsWithin, type Goods, type Reversed } from './goods.js';
import type { Projected } from './projection.js';
import { campaignOfBatch, count, unspentState } from './voucher-sums.js';

type Reversal = Projected<Extract<VoucherEvent, { readonly type: 'RedemptionReversed' }>>;

/** Fen leave the redemption, in its own window; the reversal counts against the merchant in the window it falls into. */
export function reverseRedemption(event: Reversal, work: Work): void {
  const { data, day, position, stream } = event;
  const voucher = work.vouchers.getOrThrow(idOf(stream));
  const redemption = work.redemptions.getOrThrow(data.redemption);
  const redeemedBy = { item: redemption.merchant, cutoff: windowOf(work, redemption.position) };
  count(work, voucher, 'redeemed', -data.amountMinor, redeemedBy);
  const state = data.to === 'fund' ? 'given_back' : data.to === 'recoverable' ? 'owed' : unspentState(voucher);
  count(work, voucher, state, data.amountMinor);
  const gone = goodsWithin(redemption.segments as SegmentList, redemption.goods as Goods | null, data.segments);
  const goods = { measure: 'goods', cutoff: weekOf(redemption.day) };
  for (const [item, amount] of gone) work.sums.add(voucher.batch, voucher.number, { ...goods, item }, -amount);
  redemption.reversed_minor += totalOf(data.segments);
  redemption.reversed = [
    ...((redemption.reversed ?? []) as Reversed),
    ...data.segments.map(([start, length]: Interval) => [start, length, data.to] as const),
  ];
  work.redemptions.put(redemption);
  work.reversals.put({
    position,
    redemption: data.redemption,
    batch: voucher.batch,
    number: voucher.number,
    merchant: redemption.merchant,
    funding_mode: data.fundingMode,
    amount_minor: data.amountMinor,
    goes_to: data.to,
    reason: data.reason,
    day,
  });
  const campaignDay = work.campaignDays.at(campaignOfBatch(work, voucher.batch), day);
  campaignDay.reversed_count += 1;
  if (data.to === 'voucher') campaignDay.reversed_to_voucher_minor += data.amountMinor;
  else if (data.to === 'fund') campaignDay.reversed_to_fund_minor += data.amountMinor;
  else campaignDay.reversed_recoverable_minor += data.amountMinor;
  const merchantDay = work.merchantDays.at(redemption.merchant, redemption.store, day);
  merchantDay.reversed_count += 1;
  merchantDay.reversed_minor += data.amountMinor;
  const window = work.merchantWindows.at(redemption.merchant, windowOf(work, position), data.fundingMode);
  window.reversals_minor += data.amountMinor;
  if (data.to === 'recoverable') window.recoverable_minor += data.amountMinor;
}
