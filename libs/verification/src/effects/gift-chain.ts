import { amountMinorOrThrow, feeOf, type Interval } from '@aidtrail/domain';
import type { eventAs } from './policy-watch.js';

type IntakeData = ReturnType<typeof eventAs<'IntakeReceived'>>['data'];

/**
 * The gifts of an intake in order of their numbers, as far as all of them are disclosed: each one's fee and interval
 * follow from the sum of those before it. A gift that is not disclosed (its donor was erased, say) ends the chain.
 */
export class GiftChain<Gift extends { readonly amountMinor: number }> {
  /** Sum of the gifts so far. */
  grossMinor = 0;
  private next = 0;
  private isBroken = false;
  private early = new Map<number, Gift>();

  /** `visit` is called for each gift that is known to come next, with the sum before it. */
  constructor(
    private readonly largestMinor: number,
    private readonly visit: (gift: Gift, beforeMinor: number) => void,
  ) {}

  /** False if the chain has ended, so that only the gift itself can be looked at. */
  take(number: number, gift: Gift | undefined): boolean {
    if (this.isBroken || gift === undefined || number < this.next) {
      this.isBroken ||= number === this.next;
      return false;
    }
    this.early.set(number, gift);
    for (let one = this.early.get(this.next); one !== undefined; one = this.early.get(this.next)) {
      this.early.delete(this.next);
      this.next += 1;
      this.step(one);
    }
    return true;
  }

  /** Whether the chain has so many gifts. */
  isWhole(count: number): boolean {
    return !this.isBroken && this.next === count;
  }

  /** More than the intake brought in cannot be right, and might be more than can be counted. */
  private step(gift: Gift): void {
    const before = this.grossMinor;
    if (before + gift.amountMinor > this.largestMinor) {
      this.grossMinor = Infinity;
      return;
    }
    this.grossMinor += gift.amountMinor;
    this.visit(gift, before);
  }
}

/**
 * Whether a gift fits its intake as far as one can tell without knowing the others: it lies in the intake's interval, and
 * its fee is its share, rounded down or up.
 */
export function fitsIntake(
  gift: { readonly amountMinor: number; readonly interval: Interval },
  { interval, feeBasisPoints }: IntakeData,
): boolean {
  const [start, length] = gift.interval;
  const least = feeOf(amountMinorOrThrow(gift.amountMinor), feeBasisPoints);
  const feeMinor = gift.amountMinor - length;
  const isInside = start >= interval[0] && start + length <= interval[0] + interval[1];
  return isInside && (feeMinor === least || feeMinor === least + 1);
}
