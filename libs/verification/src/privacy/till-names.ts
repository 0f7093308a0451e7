import { Numbers } from '../effects/numbers.js';

/** A redemption as it counts towards a settlement. */
export interface SettledPurchase {
  readonly index: number;
  readonly till: number;
  readonly amountMinor: number;
  readonly isPrepaid: boolean;
}

/** What a settlement says in public of the redemptions that it covers. */
export interface PublicSums {
  readonly cutoff: number;
  readonly isPrepaid: boolean;
  readonly count: number;
  readonly grossMinor: number;
}

/** Several tills, or several settlements. */
const SEVERAL = -1;

/** Sums of one window that a till, a settlement or both of them have. */
interface Pair {
  till?: number;
  settlement?: number;
}

const WIDTH = 4;

/**
 * Whose shop a till's key stands in, as far as sums give it away: a till whose redemptions of a window are as many and sum
 * to as much as one settlement, and no other till's do, is taken for the only till of that merchant. A settlement
 * of k redemptions or more shows its merchant's name. It takes 32 bytes for each redemption since the last cut-off. Sums of
 * several tills are not tried, so somebody with patience may find more.
 */
export class TillNames {
  private readonly sinceCutoff = new Numbers();
  /** By cut-off and sums. */
  private readonly pairs = new Map<string, Pair>();
  private readonly settlements = new Map<string, number>();
  private readonly namedSettlements = new Set<number>();

  redeemed({ index, till, amountMinor, isPrepaid }: SettledPurchase): void {
    this.sinceCutoff.push(index);
    this.sinceCutoff.push(till);
    this.sinceCutoff.push(amountMinor);
    this.sinceCutoff.push(isPrepaid ? 1 : 0);
  }

  /** The window of this number ends before the leaf `to`. */
  cutOff({ number, to }: { readonly number: number; readonly to: number }): void {
    const { sinceCutoff: purchases } = this;
    const sums = new Map<string, Omit<PublicSums, 'cutoff'> & { readonly till: number }>();
    let at = 0;
    for (; at < purchases.length && purchases.at(at) < to; at += WIDTH) {
      const till = purchases.at(at + 1);
      const isPrepaid = purchases.at(at + 3) === 1;
      const { count, grossMinor } = sums.get(`${till} ${isPrepaid}`) ?? { count: 0, grossMinor: 0 };
      const more = { count: count + 1, grossMinor: grossMinor + purchases.at(at + 2) };
      sums.set(`${till} ${isPrepaid}`, { till, isPrepaid, ...more });
    }
    purchases.dropFirst(at);
    for (const { till, ...of } of sums.values()) {
      const pair = this.pairOf({ cutoff: number, ...of });
      pair.till = pair.till === undefined ? till : SEVERAL;
    }
  }

  proposed(settlement: string, sums: PublicSums): void {
    const pair = this.pairOf(sums);
    pair.settlement = pair.settlement === undefined ? this.numberOf(settlement) : SEVERAL;
  }

  named(settlement: string): void {
    this.namedSettlements.add(this.numberOf(settlement));
  }

  /** Tills that fit one settlement, and those of them for which it gives the merchant away. */
  found(): { readonly fitting: ReadonlySet<number>; readonly named: ReadonlySet<number> } {
    const fitting = new Set<number>();
    const named = new Set<number>();
    for (const { till = SEVERAL, settlement = SEVERAL } of this.pairs.values()) {
      if (till === SEVERAL || settlement === SEVERAL) continue;
      fitting.add(till);
      if (this.namedSettlements.has(settlement)) named.add(till);
    }
    return { fitting, named };
  }

  private pairOf({ cutoff, isPrepaid, count, grossMinor }: PublicSums): Pair {
    const key = `${cutoff} ${isPrepaid} ${count} ${grossMinor}`;
    const pair = this.pairs.get(key) ?? {};
    this.pairs.set(key, pair);
    return pair;
  }

  private numberOf(settlement: string): number {
    const number = this.settlements.get(settlement) ?? this.settlements.size;
    this.settlements.set(settlement, number);
    return number;
  }
}
