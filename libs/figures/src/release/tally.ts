/**
 * What a set of leaves adds to a figure, and whether it may be told: how many different vouchers are behind it is known
 * exactly up to k, and how large the two largest are is never underestimated. Plain JSON, of one shape; at most k vouchers
 * are listed, so that looking through them costs next to nothing.
 */
export interface Tally {
  count: number;
  amountMinor: number;
  /** The beginnings of the vouchers' ids. Two ids that begin alike count as one, the safe side. */
  vouchers: string[];
  /** At least what each of them adds, in the same order. */
  added: number[];
  /** Whether k different vouchers were seen. */
  enough: boolean;
  /** At most this is what a voucher adds that is not listed any more. */
  unlistedMinor: number;
}

/** What one leaf adds. */
export interface Increment {
  readonly voucher: string;
  readonly count: number;
  readonly amountMinor: number;
}

export interface ReleaseRules {
  /** Fewest different vouchers behind anything that is told. */
  readonly k: number;
  /** p-percent rule: the sum without its two largest vouchers is at least p % of the largest. 0: no such rule. */
  readonly dominancePercent: number;
}

export function emptyTally(): Tally {
  return { count: 0, amountMinor: 0, vouchers: [], added: [], enough: false, unlistedMinor: 0 };
}

export function copyOf(tally: Tally): Tally {
  return { ...tally, vouchers: [...tally.vouchers], added: [...tally.added] };
}

export function isEmpty(tally: Tally): boolean {
  return tally.count === 0 && tally.amountMinor === 0;
}

export function addTo(tally: Tally, { voucher, count, amountMinor }: Increment, k: number): void {
  tally.count += count;
  tally.amountMinor += amountMinor;
  const { added, vouchers } = tally;
  const at = vouchers.indexOf(voucher);
  if (at >= 0) added[at] = (added[at] ?? 0) + amountMinor;
  else if (!tally.enough) {
    vouchers.push(voucher);
    added.push(amountMinor);
    tally.enough = vouchers.length >= k;
  } else if (amountMinor > 0) replaceSmallest(tally, voucher, amountMinor);
}

/** The list is full: the smallest makes room, and whoever is not listed may have added as much as it. */
function replaceSmallest(tally: Tally, voucher: string, amountMinor: number): void {
  const { added } = tally;
  let at = 0;
  let least = Infinity;
  for (let i = 0; i < added.length; i += 1) {
    const each = added[i] as number;
    if (each >= least) continue;
    at = i;
    least = each;
  }
  tally.unlistedMinor = Math.max(tally.unlistedMinor, least);
  tally.vouchers[at] = voucher;
  added[at] = tally.unlistedMinor + amountMinor;
}

/** As if the leaves of all of them had been added to one. Vouchers that are in several count once. */
export function unionOf(tallies: readonly Tally[], k: number): Tally {
  const union = emptyTally();
  const listed = new Map<string, number>();
  for (const tally of tallies) {
    union.count += tally.count;
    union.amountMinor += tally.amountMinor;
    union.enough ||= tally.enough;
    for (const [i, id] of tally.vouchers.entries())
      listed.set(id, (listed.get(id) ?? 0) + (tally.added[i] as number) - tally.unlistedMinor);
    union.unlistedMinor += tally.unlistedMinor;
  }
  // What is listed in one may have added to each of the others without being listed there.
  for (const [id, added] of listed) {
    union.vouchers.push(id);
    union.added.push(added + union.unlistedMinor);
  }
  union.enough ||= listed.size >= k;
  return union;
}

/** Why it may not be told; undefined if it may, for which it must not be empty. */
export function objectionTo(tally: Tally, { k, dominancePercent }: ReleaseRules): 'k' | 'dominance' | undefined {
  if (!tally.enough && tally.vouchers.length < k) return 'k';
  return isDominated(tally, dominancePercent) ? 'dominance' : undefined;
}

/** Nothing at all may be told as well: that nothing happened says nothing of anybody. */
export function mayBeTold(tally: Tally, rules: ReleaseRules): boolean {
  return isEmpty(tally) || objectionTo(tally, rules) === undefined;
}

/** Who knows the second largest must not come within p % of the largest by subtracting it. */
function isDominated({ added, amountMinor, unlistedMinor }: Tally, dominancePercent: number): boolean {
  if (amountMinor === 0 || dominancePercent === 0) return false;
  let [largest, second] = [unlistedMinor, unlistedMinor];
  for (const each of added) {
    if (each > largest) [largest, second] = [each, largest];
    else if (each > second) second = each;
  }
  return BigInt(amountMinor - largest - second) * 100n < BigInt(dominancePercent) * BigInt(largest);
}
