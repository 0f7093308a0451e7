import type { Campaigns } from './campaigns.js';
import type { CampaignPrivacy, SingledOut } from './privacy-summary.js';
import {
  FOUND_BY_AMOUNT,
  FOUND_BY_COUNTY,
  FOUND_BY_TILL,
  HAS_MONEY_LEFT,
  HELPED,
  type VoucherRow,
} from './voucher-book.js';

/** Sums up what is known of each voucher. */
export function summaryOfVouchers(
  rows: Iterable<VoucherRow>,
  campaigns: Campaigns,
): {
  readonly redemptions: number;
  readonly vouchers: number;
  readonly singledOut: { readonly byAmount: SingledOut; readonly byCounty: SingledOut; readonly byTill: SingledOut };
  readonly campaigns: readonly CampaignPrivacy[];
} {
  const [byAmount, byCounty, byTill] = [none(), none(), none()];
  const byCampaign: CampaignSums[] = [];
  let [redemptions, vouchers] = [0, 0];
  for (const row of rows) {
    if (row.redemptions === 0) continue;
    redemptions += row.redemptions;
    vouchers += 1;
    const campaign = (byCampaign[row.campaign] ??= {
      redemptions: 0,
      vouchers: 0,
      byAmount: 0,
      byCounty: 0,
      byTill: 0,
    });
    campaign.redemptions += row.redemptions;
    campaign.vouchers += 1;
    const count = (flag: number, of: Mutable<SingledOut>, view: 'byAmount' | 'byCounty' | 'byTill'): void => {
      if ((row.flags & flag) === 0) return;
      add(of, row);
      campaign[view] += 1;
    };
    count(FOUND_BY_AMOUNT, byAmount, 'byAmount');
    count(FOUND_BY_COUNTY, byCounty, 'byCounty');
    count(FOUND_BY_TILL, byTill, 'byTill');
  }
  const told = byCampaign.flatMap((sums, number) => {
    const { campaign, name, region } = campaigns.describe(number);
    return [{ campaign, name, county: region, ...sums }];
  });
  return { redemptions, vouchers, singledOut: { byAmount, byCounty, byTill }, campaigns: told };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type CampaignSums = Mutable<Omit<CampaignPrivacy, 'campaign' | 'name' | 'county'>>;

function none(): Mutable<SingledOut> {
  return {
    ...{ vouchers: 0, otherRedemptions: 0, withOtherRedemptions: 0, onSeveralDays: 0, mostRedemptions: 0 },
    ...{ helped: 0, withMoneyLeft: 0 },
  };
}

function add(sum: Mutable<SingledOut>, { redemptions, days, flags }: VoucherRow): void {
  sum.vouchers += 1;
  sum.otherRedemptions += redemptions - 1;
  if (redemptions > 1) sum.withOtherRedemptions += 1;
  if (days > 1) sum.onSeveralDays += 1;
  sum.mostRedemptions = Math.max(sum.mostRedemptions, redemptions);
  if ((flags & HELPED) !== 0) sum.helped += 1;
  if ((flags & HAS_MONEY_LEFT) !== 0) sum.withMoneyLeft += 1;
}
