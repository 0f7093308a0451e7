import {
  reactToBatchApproval,
  reactToBatchFunding,
  reactToFundingRefusal,
  reactToIssuance,
  reactToTransfer,
  type BatchEvent,
  type BatchState,
  type CampaignState,
  type FundEvent,
  type FundRefusal,
  type OfType,
} from '@aidtrail/domain';
import { mapPages, pagesOf } from './pages.js';
import { as, idIn, type PolicyTools } from './tools.js';
import type { DurablePolicy } from './runner.js';

/** TransferSent → the other fund takes the part in. */
export function transferPolicy({ effects }: PolicyTools): DurablePolicy {
  return {
    name: 'transfer',
    on: ['TransferSent'],
    handle: async ({ event, stream }) => {
      const cause = as<OfType<FundEvent, 'TransferSent'>>(event);
      for (const effect of reactToTransfer(cause, idIn(stream))) {
        await effects.applyOrThrow({ causeId: cause.id, effect });
      }
    },
  };
}

/** The last BatchApproved → the fund commits the money, or the batch records that it could not. */
export function batchFundingPolicy({ effects, streams }: PolicyTools): DurablePolicy {
  return {
    name: 'batch-funding',
    on: ['BatchApproved'],
    handle: async ({ event, stream }) => {
      const cause = as<OfType<BatchEvent, 'BatchApproved'>>(event);
      const batch = idIn(stream);
      const campaign = (await streams.load(`campaign-${cause.data.campaign}`)).state as CampaignState;
      if (campaign.status === 'none') throw new Error('A batch was approved for a campaign that does not exist.');
      const { fundingMode } = campaign.terms;
      for (const effect of reactToBatchApproval(cause, { batch, fundingMode })) {
        const outcome = await effects.apply({ causeId: cause.id, effect });
        if (typeof outcome !== 'object') continue;
        for (const refusal of reactToFundingRefusal(cause, { batch, refusal: outcome.refused as FundRefusal })) {
          await effects.applyOrThrow({ causeId: cause.id, effect: refusal });
        }
      }
    },
  };
}

/**
 * The last BatchFunded → every voucher of the batch is issued, then the batch is complete. A crash in the middle leaves
 * a batch issued in part; running again passes over the vouchers that exist.
 */
export function issuancePolicy({ effects, streams, people, memory, rowsAtATime }: PolicyTools): DurablePolicy {
  return {
    name: 'issuance',
    on: ['BatchFunded'],
    handle: async ({ event, stream }) => {
      const cause = as<OfType<FundEvent, 'BatchFunded'>>(event);
      if (cause.data.part < cause.data.parts) return;
      const batchId = cause.data.batch;
      const batch = (await streams.load(`batch-${batchId}`)).state as BatchState;
      if (batch.status === 'none') throw new Error('A batch was funded that does not exist.');
      const { count, faceMinor, campaign } = batch.terms;
      const fund = idIn(stream);
      await memory.rememberBatch({ position: cause.position, batchId, campaignId: campaign, fundId: fund, count });
      const pages = pagesOf(count, rowsAtATime, (from) => people.issuancePlan(batchId, from, rowsAtATime));
      await effects.applyPagesNew(
        mapPages(pages, (plan) => {
          const rows = plan.map(({ voucherId: voucher, number, commitment, group, community, partner }) => {
            return { voucher, number, commitment, group, community, partner };
          });
          return reactToBatchFunding({ cause, fund, count, faceMinor, rows }).map((effect, i) => ({
            causeId: cause.id,
            effect,
            sealKey: plan[i]?.sealKey as Uint8Array,
          }));
        }),
      );
      for (const effect of reactToIssuance({ cause, count, faceMinor })) {
        await effects.applyOrThrow({ causeId: cause.id, effect });
      }
    },
  };
}
