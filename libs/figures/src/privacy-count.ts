/** A purchase as the public leaf of its redemption shows it. */
export interface SeenPurchase {
  /** The day in the leaf, YYYY-MM-DD. */
  readonly day: string;
  /** Anything that tells vouchers apart: the stream of the leaf, for example. */
  readonly voucher: string;
  readonly amountMinor: number;
}

/** What is kept between two cuts, as JSON: the same purchases make the same state, in whatever order they came. */
export interface PrivacyCountState {
  /** Of the days that have ended. */
  readonly redemptionCount: number;
  readonly singledOutCount: number;
  /** Usually one; the earliest first. */
  readonly openDays: readonly { readonly day: string; readonly amounts: readonly AmountOfDay[] }[];
}

/** How many redemptions of this amount there were on the day, and their voucher; null if they are of several. */
export type AmountOfDay = readonly [amountMinor: number, voucher: string | null, redemptions: number];

export const NOTHING_COUNTED: PrivacyCountState = { redemptionCount: 0, singledOutCount: 0, openDays: [] };

interface Seen {
  voucher: string | null;
  redemptions: number;
}

/**
 * For how many redemptions day and amount fit the purchases of one voucher alone: purchases of one voucher do not hide each
 * other. It reads public leaves only (L1). Only days that have ended are counted, since until then a purchase may find
 * company; of the others it keeps one entry for each amount, and of the ended ones two numbers.
 *
 * A leaf may name an earlier day than the one before it. If that day was ended already, late purchases are compared with
 * each other alone, so the count may be too high by them, and never too low: end days when hardly any can come.
 */
export class PrivacyCount {
  private readonly days = new Map<string, Map<number, Seen>>();
  private redemptionCount: number;
  private singledOutCount: number;

  constructor({ redemptionCount, singledOutCount, openDays }: PrivacyCountState = NOTHING_COUNTED) {
    this.redemptionCount = redemptionCount;
    this.singledOutCount = singledOutCount;
    for (const { day, amounts } of openDays)
      this.days.set(
        day,
        new Map(amounts.map(([amountMinor, voucher, redemptions]) => [amountMinor, { voucher, redemptions }])),
      );
  }

  take({ day, voucher, amountMinor }: SeenPurchase): void {
    const amounts = this.days.get(day) ?? new Map<number, Seen>();
    this.days.set(day, amounts);
    const seen = amounts.get(amountMinor);
    if (seen === undefined) amounts.set(amountMinor, { voucher, redemptions: 1 });
    else {
      seen.redemptions += 1;
      if (seen.voucher !== voucher) seen.voucher = null;
    }
  }

  /** Counts all days before this one, and forgets them. */
  endDaysBefore(day: string): void {
    for (const [ended, amounts] of this.days) {
      if (ended >= day) continue;
      for (const { voucher, redemptions } of amounts.values()) {
        this.redemptionCount += redemptions;
        if (voucher !== null) this.singledOutCount += redemptions;
      }
      this.days.delete(ended);
    }
  }

  /** Of the days that have ended. */
  counts(): { readonly redemptionCount: number; readonly singledOutCount: number } {
    return { redemptionCount: this.redemptionCount, singledOutCount: this.singledOutCount };
  }

  /** To be kept; `new PrivacyCount(state)` goes on from there. */
  state(): PrivacyCountState {
    const openDays = [...this.days]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, amounts]) => ({ day, amounts: amountsOf(amounts) }));
    return { ...this.counts(), openDays };
  }
}

function amountsOf(amounts: ReadonlyMap<number, Seen>): readonly AmountOfDay[] {
  return [...amounts]
    .sort(([a], [b]) => a - b)
    .map(([amountMinor, { voucher, redemptions }]) => [amountMinor, voucher, redemptions]);
}
