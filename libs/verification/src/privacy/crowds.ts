/** Redemptions by the number of different vouchers that fit what was seen of them. */
export interface CrowdSizes {
  readonly one: number;
  readonly twoToFour: number;
  readonly fiveToNine: number;
  readonly tenOrMore: number;
}

/** The purchases of a day, by place: which voucher, and what is seen of it. Where `seen` is the same, they look the same. */
export interface SeenDay {
  readonly vouchers: Uint32Array;
  readonly seen: readonly (Uint32Array | Float64Array)[];
}

/**
 * Counts how many vouchers a purchase hides among: the crowd of a redemption is the number of different vouchers with a
 * redemption on the same day that looks the same. For a day of n redemptions it takes 4 n bytes, and the time to sort them.
 */
export class Crowds {
  private readonly counts = { one: 0, twoToFour: 0, fiveToNine: 0, tenOrMore: 0 };

  /** A whole day; tells each voucher that a redemption of it fits alone. */
  takeDay(day: SeenDay, onAlone: (voucher: number) => void): void {
    const { vouchers } = day;
    const order = inOrder(day);
    for (let start = 0; start < order.length;) {
      const first = order[start] as number;
      let crowd = 1;
      let end = start + 1;
      for (; end < order.length; end += 1) {
        const place = order[end] as number;
        if (day.seen.some((column) => column[place] !== column[first])) break;
        if (vouchers[place] !== vouchers[order[end - 1] as number]) crowd += 1;
      }
      this.counts[sizeOf(crowd)] += end - start;
      if (crowd === 1) onAlone(vouchers[first] as number);
      start = end;
    }
  }

  sizes(): CrowdSizes {
    return { ...this.counts };
  }
}

/** Places by what is seen, and within it by voucher. */
function inOrder({ vouchers, seen }: SeenDay): Uint32Array {
  const columns = [...seen, vouchers];
  return Uint32Array.from(vouchers.keys()).sort((a, b) => {
    for (const column of columns) {
      const difference = (column[a] as number) - (column[b] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

function sizeOf(crowd: number): keyof CrowdSizes {
  if (crowd === 1) return 'one';
  if (crowd < 5) return 'twoToFour';
  return crowd < 10 ? 'fiveToNine' : 'tenOrMore';
}
