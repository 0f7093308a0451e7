import type { ToldSum } from './cell.js';
import { addTo, emptyTally, isEmpty, objectionTo, type Increment, type ReleaseRules, type Tally } from './tally.js';

/**
 * A part of a family that is told beside its tables: with a worker's help, say. Together with the table of campaigns it also
 * tells of the others among which it may occur, so these must be at least k as well. Plain JSON.
 */
export interface Share {
  count: number;
  amountMinor: number;
  told: ToldSum;
  /** Both since the part was last told. */
  part: Tally;
  company: Tally;
}

/** Whether an increment belongs to the part, could have, or could not. */
export type ShareSide = 'part' | 'company' | 'apart';

export function openShare(): Share {
  const nothing = { count: 0, amountMinor: 0 };
  return { ...nothing, told: { ...nothing, asOf: 0 }, part: emptyTally(), company: emptyTally() };
}

export function addToShare(share: Share, side: ShareSide, increment: Increment, k: number): void {
  if (side === 'apart') return;
  addTo(share[side], increment, k);
  if (side === 'company') return;
  share.count += increment.count;
  share.amountMinor += increment.amountMinor;
}

/** At a release of its family: that nothing was added is told, and what many added among many. */
export function releaseShare(share: Share, asOf: number, rules: ReleaseRules): void {
  const mayTell =
    isEmpty(share.part) ||
    (objectionTo(share.part, rules) === undefined && objectionTo(share.company, rules) === undefined);
  if (!mayTell) return;
  share.told = { count: share.count, amountMinor: share.amountMinor, asOf };
  share.part = emptyTally();
  share.company = emptyTally();
}
