import type { FenState, LineSweep } from '@aidtrail/domain';

/** The fen of a fund's own line and of the lines of its batches, by state, in minor units. */
export interface FundTotals {
  readonly fund: string;
  readonly states: Readonly<Record<Exclude<FenState, 'moved'>, number>>;
}

/** Per fund. What has a newer address is counted there. */
export function fundsOf(sweep: LineSweep): readonly FundTotals[] {
  const funds = new Map<string, Record<FenState, number>>();
  for (const [fund, line] of sweep.fundLines()) funds.set(fund, { ...line.totals });
  for (const { fund, line } of sweep.batches.values()) {
    const totals = funds.get(fund);
    if (totals === undefined) continue;
    for (const [state, amount] of Object.entries(line.totals)) totals[state as FenState] += amount;
  }
  return [...funds].map(([fund, { moved: _, ...states }]) => ({ fund, states }));
}
