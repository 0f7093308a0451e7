/** A purchase as the public leaf of its redemption shows it. */
export interface SeenPurchase {
  /** The ledger's day, YYYY-MM-DD. */
  readonly day: string;
  readonly voucher: string;
  readonly amountMinor: number;
}

/** Several vouchers. */
const SEVERAL = undefined;

/**
 * The purchases of one day by what is seen of them, for example the amount: whoever saw that much of one finds its voucher
 * if no other voucher looks the same. Purchases of one voucher do not hide each other.
 */
export class Lookalikes<Look extends string | number, Voucher extends string | number> {
  private readonly voucherOf = new Map<Look, Voucher | typeof SEVERAL>();
  /** By look, further purchases of its one voucher; there are few. */
  private readonly again = new Map<Look, number>();
  private purchases = 0;

  get size(): number {
    return this.purchases;
  }

  add(look: Look, voucher: Voucher): void {
    const { voucherOf, again } = this;
    this.purchases += 1;
    if (!voucherOf.has(look)) voucherOf.set(look, voucher);
    else if (voucherOf.get(look) === voucher) again.set(look, (again.get(look) ?? 0) + 1);
    else voucherOf.set(look, SEVERAL);
  }

  fitsOneVoucher(look: Look): boolean {
    return this.voucherOf.get(look) !== SEVERAL;
  }

  /** Purchases whose look fits one voucher. */
  singledOut(): number {
    let count = 0;
    for (const [look, voucher] of this.voucherOf) if (voucher !== SEVERAL) count += 1 + (this.again.get(look) ?? 0);
    return count;
  }
}

/**
 * For how many redemptions day and amount fit the purchases of one voucher alone. Only days that have ended are counted, as
 * a purchase may have company until then, and only the others are kept.
 */
export class PrivacyCount {
  private readonly days = new Map<string, Lookalikes<number, string>>();
  private redemptions = 0;
  private singledOut = 0;

  take({ day, voucher, amountMinor }: SeenPurchase): void {
    const seen = this.days.get(day) ?? new Lookalikes();
    this.days.set(day, seen);
    seen.add(amountMinor, voucher);
  }

  /** Counts all days before this one. Call it when nothing more of them can come: leaves may lag behind a DayStarted. */
  endDaysBefore(day: string): void {
    for (const [ended, seen] of this.days) {
      if (ended >= day) continue;
      this.redemptions += seen.size;
      this.singledOut += seen.singledOut();
      this.days.delete(ended);
    }
  }

  /** Of the days that have ended. */
  counts(): { readonly redemptionCount: number; readonly singledOutCount: number } {
    return { redemptionCount: this.redemptions, singledOutCount: this.singledOut };
  }
}
