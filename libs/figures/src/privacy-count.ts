/** A purchase as the public leaf of its redemption shows it. */
export interface SeenPurchase {
  /** Anything that tells vouchers apart; two that are told apart by nothing count as one, the safe side. */
  readonly voucher: string;
  readonly amountMinor: number;
}

/**
 * For how many redemptions day and amount fit the purchases of one voucher alone. Plain JSON, of a bounded size: of the day
 * that has not ended one entry for each amount, of the others two numbers.
 */
export interface PrivacyCounter {
  /** Of the days that have ended. */
  ended: PrivacyCounts;
  /** What was published last, which is as old as `asOf`. */
  told: PrivacyCounts & { readonly asOf: number };
  /** The voucher that paid this amount, or '' if several did, and how many redemptions there were. */
  amounts: Record<string, [voucher: string, redemptions: number]>;
  distinct: number;
  /** Redemptions of the day whose amount came when the table was full. */
  uncompared: number;
}

export interface PrivacyCounts {
  readonly redemptionCount: number;
  readonly singledOutCount: number;
}

/** More amounts than this on one day are not compared any more: then the count may be too high, and never too low. */
export const MOST_AMOUNTS = 4_096;

const NONE: PrivacyCounts = { redemptionCount: 0, singledOutCount: 0 };

export function openPrivacyCounter(): PrivacyCounter {
  return { ended: NONE, told: { ...NONE, asOf: 0 }, amounts: {}, distinct: 0, uncompared: 0 };
}

/** Purchases of one voucher do not hide each other. It reads what is public only. */
export function countPurchase(counter: PrivacyCounter, { amountMinor, voucher }: SeenPurchase): void {
  const seen = counter.amounts[amountMinor];
  if (seen !== undefined) {
    seen[1] += 1;
    if (seen[0] !== voucher) seen[0] = '';
  } else if (counter.distinct < MOST_AMOUNTS) {
    counter.amounts[amountMinor] = [voucher, 1];
    counter.distinct += 1;
  } else counter.uncompared += 1;
}

/** The day has ended: nothing can hide its purchases any more. */
export function endPrivacyDay(counter: PrivacyCounter): void {
  let { redemptionCount, singledOutCount } = counter.ended;
  redemptionCount += counter.uncompared;
  singledOutCount += counter.uncompared;
  for (const [voucher, redemptions] of Object.values(counter.amounts)) {
    redemptionCount += redemptions;
    if (voucher !== '') singledOutCount += redemptions;
  }
  counter.ended = { redemptionCount, singledOutCount };
  counter.amounts = {};
  counter.distinct = 0;
  counter.uncompared = 0;
}

/** At a cut: what is told, once at least k redemptions were added to what was told before. Undefined below k. */
export function tellPrivacy(
  counter: PrivacyCounter,
  { asOf, k }: { readonly asOf: number; readonly k: number },
): PrivacyCounter['told'] | undefined {
  const added = counter.ended.redemptionCount - counter.told.redemptionCount;
  if (added >= k) counter.told = { ...counter.ended, asOf };
  return counter.told.redemptionCount === 0 ? undefined : counter.told;
}
