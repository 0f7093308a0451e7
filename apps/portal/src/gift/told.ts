import type { GiftTrace } from './trace.js';

/** The tables of a gift that only households together stand behind, in the order of the page. */
const toldNames = ['groups', 'goods', 'weeks', 'merchants', 'bankDays'] as const;
export type ToldName = (typeof toldNames)[number];

type ToldOf = Pick<GiftTrace, ToldName | 'batches'>;

/** Tables that there would be something in, if any of their cells were large enough. */
export function withheldOf(trace: ToldOf): readonly ToldName[] {
  return toldNames.filter((name) => trace[name].cells.length === 0 && hasRest(trace, name));
}

/** Whether anything is told of no cell. */
export function isCoarse(trace: ToldOf): boolean {
  return toldNames.some((name) => hasRest(trace, name));
}

function hasRest(trace: ToldOf, name: ToldName): boolean {
  if (name !== 'groups') return trace[name].restMinor > 0;
  // Batches with too few vouchers are not even counted in the rest.
  return trace.groups.restVouchers > 0 || trace.batches.some(({ coarsened }) => coarsened);
}
