import type { BatchCommand } from '../batch/batch.commands.js';
import type { BatchEvent } from '../batch/batch.events.js';
import type { FundCommand } from '../fund/fund.commands.js';
import type { FundRefusal } from '../fund/fund.refusals.js';
import type { Recorded } from '../kernel/decider.js';
import type { FundingMode } from '../kernel/fields.js';
import type { OfType } from '../kernel/table.js';
import type { Effect } from './effect.js';

type Approved = Recorded<OfType<BatchEvent, 'BatchApproved'>>;

/**
 * The last `BatchApproved` → the fund commits the money (index 0; the j-th part of BatchFunded is event 0 + j). Earlier
 * approvals have no effect. `fundingMode` is a term of the batch's campaign.
 *
 * A crash before the effect leaves the batch approved and unfunded; nothing is issued. Repeating is harmless: a fund that
 * holds the batch answers "already so", and the event ids exist once.
 */
export function reactToBatchApproval(
  cause: Approved,
  at: { readonly batch: string; readonly fundingMode: FundingMode },
): readonly Effect<FundCommand>[] {
  const { fund, campaign, totalMinor, approval, approvals } = cause.data;
  if (approval < approvals) return [];
  return [
    {
      index: 0,
      stream: `fund-${fund}`,
      command: {
        type: 'FundBatch',
        data: { fund, batch: at.batch, campaign, totalMinor, fundingMode: at.fundingMode },
      },
    },
  ];
}

/**
 * The fund refused the effect above → the batch says so, with the same index 0 and hence the same event id: of "funded"
 * and "funding refused" the store takes one only, however often a crash makes the ledger try, and even if the fund has
 * money again at the second try.
 */
export function reactToFundingRefusal(
  cause: Approved,
  at: { readonly batch: string; readonly refusal: FundRefusal },
): readonly Effect<BatchCommand>[] {
  const { fund, totalMinor } = cause.data;
  return [
    {
      index: 0,
      stream: `batch-${at.batch}`,
      command: { type: 'RefuseBatchFunding', data: { batch: at.batch, fund, totalMinor, refusal: at.refusal } },
    },
  ];
}
