import type { BatchPart, FundPart, GiftTrace } from './trace.js';

export function aFund(more: Partial<FundPart> = {}): FundPart {
  return {
    fund: 'fund-1',
    kind: 'campaign',
    name: '洪灾恢复资金',
    freeMinor: 0,
    inTransitMinor: 0,
    refundReservedMinor: 0,
    refundedMinor: 0,
    spentOnAdministrationMinor: 0,
    ...more,
  };
}

export function aBatch(more: Partial<BatchPart> = {}): BatchPart {
  return {
    batch: 'batch-1',
    campaign: 'campaign-1',
    fund: 'fund-1',
    vouchersTouched: 12,
    unissuedMinor: 0,
    unclaimedMinor: 0,
    claimedUnspentMinor: 0,
    redeemedMinor: 0,
    returningMinor: 0,
    returnedMinor: 0,
    recoverableMinor: 0,
    coarsened: false,
    settled: [],
    ...more,
  };
}

/** 1,000.00: 30.00 fee, 100.00 free, the rest in one campaign in every state that there is. */
export const traceOfOneGift: GiftTrace = {
  day: '2026-06-04',
  asOf: 9_000,
  grossMinor: 100_000,
  feeMinor: 3_000,
  feeInTransitMinor: 1_000,
  feeUnlocatedMinor: 0,
  k: 10,
  funds: [
    aFund({ freeMinor: 10_000, refundedMinor: 500 }),
    aFund({ fund: 'fund-2', kind: 'administration', freeMinor: 1_500, spentOnAdministrationMinor: 500 }),
  ],
  batches: [
    aBatch({
      redeemedMinor: 60_000,
      claimedUnspentMinor: 20_000,
      unclaimedMinor: 6_000,
      returningMinor: 400,
      recoverableMinor: 100,
      settled: [
        { name: 'reconciled', amountMinor: 45_000 },
        { name: 'open', amountMinor: 15_000 },
      ],
    }),
  ],
  groups: { level: 'group', cells: [{ name: 'elderly', vouchers: 30 }], restVouchers: 11 },
  goods: {
    level: 'category',
    cells: [
      { name: 'staple-food', amountMinor: 30_000 },
      { name: 'hygiene', amountMinor: 20_000 },
    ],
    restMinor: 10_000,
  },
  weeks: { level: 'week', cells: [{ name: '2026-06-01', amountMinor: 60_000 }], restMinor: 0 },
  merchants: { level: 'none', cells: [], restMinor: 60_000 },
  bankDays: { level: 'month', cells: [{ name: '2026-06', amountMinor: 45_000 }], restMinor: 0 },
  evidence: undefined,
};
