import type { CutoffEvent } from '@aidtrail/domain';
import { windowOf, type Work } from '../projector/work.js';
import type { RowOf } from '../tables/define.js';
import type { redemptions, reversals } from '../tables/voucher-tables.js';
import type { Projections } from './projection.js';

/**
 * A cut-off ends its window at a signed tree size, which is less than the position of the event itself: redemptions and
 * reversals between the two were counted in the window that now ends, and belong to the next.
 */
export const cutoffProjections: Projections<CutoffEvent> = {
  CutoffSet({ data, day, position }, work) {
    const ending = windowOf(work, position);
    work.cutoffs.put({ cutoff: data.number, window_from: data.from, window_to: data.to, day, position });
    for (const redemption of work.redemptions.all())
      if (redemption.position >= data.to && redemption.position < position) moveRedemption(work, redemption, ending);
    for (const reversal of work.reversals.all())
      if (reversal.position >= data.to && reversal.position < position) moveReversal(work, reversal, ending);
  },
};

function moveRedemption(work: Work, row: RowOf<typeof redemptions>, ending: number): void {
  const { amount_minor, batch, funding_mode, merchant, number } = row;
  const remaining = amount_minor - row.reversed_minor;
  for (const [cutoff, sign] of [[ending, -1] as const, [ending + 1, 1] as const]) {
    if (remaining > 0) work.sums.add(batch, number, { measure: 'redeemed', item: merchant, cutoff }, sign * remaining);
    const window = work.merchantWindows.at(merchant, cutoff, funding_mode);
    window.redeemed_count += sign;
    window.gross_minor += sign * amount_minor;
  }
}

function moveReversal(work: Work, row: RowOf<typeof reversals>, ending: number): void {
  for (const [cutoff, sign] of [[ending, -1] as const, [ending + 1, 1] as const]) {
    const window = work.merchantWindows.at(row.merchant, cutoff, row.funding_mode);
    window.reversals_minor += sign * row.amount_minor;
    if (row.goes_to === 'recoverable') window.recoverable_minor += sign * row.amount_minor;
  }
}
