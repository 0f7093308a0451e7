import type { FigureState } from '../counting/figure-state.js';
import { paidOf } from './settlements.js';
import { FIGURE_DEFINITIONS } from '../figure-definitions.js';
import { FIGURE_KEYS, type FigureKey, type FigureTotal, type Suppression } from '../public-figures.js';
import type { ToldSum } from '../release/cell.js';
import { objectionToRelease, type Family } from '../release/family.js';

type Told = { readonly value: number; readonly asOf: number } | { readonly suppressed: Suppression };
type ReleasedKey = Exclude<FigureKey, 'erasureCount'>;

/** All totals that follow from public leaves, in the order of `FIGURE_KEYS`. */
export function totalsOf(state: FigureState, treeSize: number): readonly FigureTotal[] {
  const told = toldTotals(state, treeSize);
  return FIGURE_KEYS.flatMap((key): readonly FigureTotal[] => {
    if (key === 'erasureCount') return [];
    const { level, unit } = FIGURE_DEFINITIONS[key];
    return [{ key, level, unit, ...told[key] }];
  });
}

function toldTotals(state: FigureState, treeSize: number): Readonly<Record<ReleasedKey, Told>> {
  const { exact, families, settlements, suspended } = state;
  const { claims, endings, redemptions, returns, reversals } = families;
  const now = (value: number): Told => ({ value, asOf: treeSize });
  const count = (family: Family): Told => told(state, family, family.told.count);
  const amount = (family: Family): Told => told(state, family, family.told.amountMinor);
  const statuses = Object.values(settlements.open).map(({ status }) => status);
  return {
    receivedMinor: now(exact.grossMinor),
    ...moneyStates(state, treeSize),
    inTransitMinor: now(inTransitOf(state)),
    refundReservedMinor: now(exact.refundReservedMinor),
    refundedMinor: now(exact.refundedMinor),
    spentOnAdministrationMinor: now(exact.spentOnAdministrationMinor),
    feeMinor: now(exact.feeMinor),
    donationCount: now(exact.donationCount),
    fundedMinor: now(exact.fundedMinor),
    issuedMinor: now(exact.issuedMinor),
    issuedCount: now(exact.issuedCount),
    claimedCount: count(claims),
    assistedClaimCount: shareOf(claims),
    redemptionCount: count(redemptions),
    assistedRedemptionCount: shareOf(redemptions),
    grossRedeemedMinor: amount(redemptions),
    reversedCount: count(reversals),
    reversedMinor: amount(reversals),
    endedCount: count(endings),
    returnedMinor: amount(returns),
    paidMinor: paidOf(settlements),
    heldSettlementCount: now(statuses.filter((status) => status === 'held').length),
    disputedSettlementCount: now(statuses.filter((status) => status === 'disputed').length),
    returnedPaymentCount: now(exact.returnedPaymentCount),
    suspendedMerchantCount: now(Object.keys(suspended).length),
    revokedKeyCount: now(exact.revokedKeyCount),
    correctionCount: now(exact.correctionCount),
  };
}

/** A family that was never released is suppressed; later on it is as old as its last release. */
function told(state: FigureState, family: Family, value: number): Told {
  const { asOf } = family.told;
  const objection = objectionToRelease(family, state.rules);
  return asOf === 0 && objection !== undefined ? { suppressed: objection } : { value, asOf };
}

function shareOf({ share }: Family): Told {
  return share === undefined || share.told.asOf === 0
    ? { suppressed: 'k' }
    : { value: share.told.count, asOf: share.told.asOf };
}

/** As last told apart. Nothing at all if it never was: that is what it was at the beginning, or at the last release. */
function cellOf(family: Family, dimension: string, cell: string): ToldSum {
  const known = family.dimensions[dimension];
  const isPooled = known?.pool?.members[cell] !== undefined;
  return known?.told[cell] ?? { count: 0, amountMinor: 0, asOf: isPooled ? 0 : family.told.asOf };
}

function inTransitOf({ exact }: FigureState): number {
  return exact.sentMinor - exact.arrivedMinor + exact.feeMinor - exact.feeArrivedMinor;
}

type MoneyState = 'freeMinor' | 'committedMinor' | 'redeemedMinor' | 'recoverableMinor';

/**
 * Where the money is if what is held back had not happened yet: made of told numbers only, and always summing to what was
 * received. Where held-back movements would make one of them negative, what they moved is not told.
 */
function moneyStates(state: FigureState, treeSize: number): Readonly<Record<MoneyState, Told>> {
  const { exact, families } = state;
  const { redemptions, returns, reversals } = families;
  const toRecover = cellOf(reversals, 'to', 'recoverable');
  const recovered = cellOf(returns, 'from', 'recovered');
  const redeemedMinor = redemptions.told.amountMinor - reversals.told.amountMinor;
  const recoverableMinor = toRecover.amountMinor - recovered.amountMinor;
  const committedMinor = exact.fundedMinor - redeemedMinor - recoverableMinor - returns.told.amountMinor;
  const otherMinor = exact.refundReservedMinor + exact.refundedMinor + exact.spentOnAdministrationMinor;
  const freeMinor =
    exact.grossMinor - inTransitOf(state) - otherMinor - redeemedMinor - recoverableMinor - committedMinor;
  const oldest = Math.min(redemptions.told.asOf, reversals.told.asOf);
  const recoverableAsOf = Math.min(toRecover.asOf, recovered.asOf);
  const values = { freeMinor, committedMinor, redeemedMinor, recoverableMinor };
  const isSound = Object.values(values).every((value) => value >= 0);
  const tell = (key: MoneyState, asOf: number): Told =>
    values[key] < 0 || (!isSound && (key === 'freeMinor' || key === 'committedMinor'))
      ? { suppressed: 'k' }
      : { value: values[key], asOf: Math.min(asOf, treeSize) };
  return {
    freeMinor: tell('freeMinor', returns.told.asOf),
    committedMinor: tell('committedMinor', Math.min(oldest, returns.told.asOf, recoverableAsOf)),
    redeemedMinor: tell('redeemedMinor', oldest),
    recoverableMinor: tell('recoverableMinor', recoverableAsOf),
  };
}
