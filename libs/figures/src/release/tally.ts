/**
 * What a set of leaves adds to a figure, and whether it may be told: how many different vouchers are behind it is known
 * exactly up to k, and how large the two largest are is never underestimated. Plain JSON, at most k entries.
 */
export interface Tally {
  count: number;
  amountMinor: number;
  /** By the beginning of the voucher's id: at least what it adds. Two ids that begin alike count as one, the safe side. */
  vouchers: Record<string, number>;
  /** Absent until k different vouchers were seen. */
  enough?: true;
  /** At most this is what a voucher adds that is not listed any more. */
  unlistedMinor?: number;
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
  return { count: 0, amountMinor: 0, vouchers: {} };
}

export function isEmpty(tally: Tally): boolean {
  return tally.count === 0 && tally.amountMinor === 0;
}

export function addTo(tally: Tally, { voucher, count, amountMinor }: Increment, k: number): void {
  tally.count += count;
  tally.amountMinor += amountMinor;
  const { vouchers } = tally;
  const listed = vouchers[voucher];
  if (listed !== undefined) {
    vouchers[voucher] = listed + amountMinor;
    return;
  }
  if (tally.enough === undefined) {
    vouchers[voucher] = amountMinor;
    if (Object.keys(vouchers).length >= k) tally.enough = true;
  } else if (amountMinor > 0) replaceSmallest(tally, voucher, amountMinor);
}

/** The list is full: the smallest makes room, and whoever is not listed may have added as much as it. */
function replaceSmallest(tally: Tally, voucher: string, amountMinor: number): void {
  let smallest = '';
  let least = Infinity;
  for (const [id, added] of Object.entries(tally.vouchers)) {
    if (added >= least) continue;
    smallest = id;
    least = added;
  }
  delete tally.vouchers[smallest];
  tally.unlistedMinor = Math.max(tally.unlistedMinor ?? 0, least);
  tally.vouchers[voucher] = tally.unlistedMinor + amountMinor;
}

/** As if the leaves of all of them had been added to one. Vouchers that are in several count once. */
export function unionOf(tallies: readonly Tally[], k: number): Tally {
  const union = emptyTally();
  let unlistedMinor = 0;
  for (const tally of tallies) {
    union.count += tally.count;
    union.amountMinor += tally.amountMinor;
    if (tally.enough === true) union.enough = true;
    const unlistedHere = tally.unlistedMinor ?? 0;
    for (const [id, added] of Object.entries(tally.vouchers))
      union.vouchers[id] = (union.vouchers[id] ?? 0) + added - unlistedHere;
    unlistedMinor += unlistedHere;
  }
  if (Object.keys(union.vouchers).length >= k) union.enough = true;
  if (unlistedMinor > 0) {
    // What is listed in one may have added to each of the others without being listed there.
    for (const id of Object.keys(union.vouchers)) union.vouchers[id] = (union.vouchers[id] ?? 0) + unlistedMinor;
    union.unlistedMinor = unlistedMinor;
  }
  return union;
}

/** Why it may not be told; undefined if it may, for which it must not be empty. */
export function objectionTo(tally: Tally, { k, dominancePercent }: ReleaseRules): 'k' | 'dominance' | undefined {
  if (tally.enough !== true && Object.keys(tally.vouchers).length < k) return 'k';
  return isDominated(tally, dominancePercent) ? 'dominance' : undefined;
}

/** Nothing at all may be told as well: that nothing happened says nothing of anybody. */
export function mayBeTold(tally: Tally, rules: ReleaseRules): boolean {
  return isEmpty(tally) || objectionTo(tally, rules) === undefined;
}

/** Who knows the second largest must not come within p % of the largest by subtracting it. */
function isDominated({ amountMinor, vouchers, unlistedMinor = 0 }: Tally, dominancePercent: number): boolean {
  if (amountMinor === 0 || dominancePercent === 0) return false;
  let [largest, second] = [unlistedMinor, unlistedMinor];
  for (const added of Object.values(vouchers)) {
    if (added > largest) [largest, second] = [added, largest];
    else if (added > second) second = added;
  }
  return BigInt(amountMinor - largest - second) * 100n < BigInt(dominancePercent) * BigInt(largest);
}
