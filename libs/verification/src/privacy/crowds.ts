import type { Purchases } from './open-days.js';

/** Redemptions by the number of different vouchers that fit what was seen of them. */
export interface CrowdSizes {
  readonly one: number;
  readonly twoToFour: number;
  readonly fiveToNine: number;
  readonly tenOrMore: number;
}

/** What is seen of a purchase: negative or positive where two differ in it, 0 where they look the same. */
export type Look = (purchases: Purchases, one: number, other: number) => number;

/**
 * Counts how many vouchers a purchase hides among: the crowd of a redemption is the number of different vouchers with a
 * redemption on the same day that looks the same. For a day of n redemptions it takes 4 n bytes, and the time to sort them.
 */
export class Crowds {
  private readonly counts = { one: 0, twoToFour: 0, fiveToNine: 0, tenOrMore: 0 };

  constructor(private readonly look: Look) {}

  /** A whole day; tells each voucher that a redemption of it fits alone. */
  takeDay(purchases: Purchases, onAlone: (voucher: number) => void): void {
    const order = this.inOrder(purchases);
    for (let start = 0; start < order.length;) {
      const first = order[start] as number;
      let vouchers = 1;
      let end = start + 1;
      for (; end < order.length; end += 1) {
        const place = order[end] as number;
        if (this.look(purchases, first, place) !== 0) break;
        if (purchases.voucherAt(place) !== purchases.voucherAt(order[end - 1] as number)) vouchers += 1;
      }
      this.counts[sizeOf(vouchers)] += end - start;
      if (vouchers === 1) onAlone(purchases.voucherAt(first));
      start = end;
    }
  }

  sizes(): CrowdSizes {
    return { ...this.counts };
  }

  /** By look, and within it by voucher. */
  private inOrder(purchases: Purchases): Uint32Array {
    const order = Uint32Array.from({ length: purchases.length }, (_, place) => place);
    return order.sort((a, b) => this.look(purchases, a, b) || purchases.voucherAt(a) - purchases.voucherAt(b));
  }
}

function sizeOf(vouchers: number): keyof CrowdSizes {
  if (vouchers === 1) return 'one';
  if (vouchers < 5) return 'twoToFour';
  return vouchers < 10 ? 'fiveToNine' : 'tenOrMore';
}
