import {
  chunkReturns,
  reactToDay,
  reactToEndings,
  type CalendarEvent,
  type CampaignState,
  type Ending,
  type NumberedEnding,
  type OfType,
  type VoucherEvent,
} from '@aidtrail/domain';
import { utf8DecodeOrThrow } from '@aidtrail/envelope';
import type { StoredEvent } from '@aidtrail/event-store';
import type { OpenBatch } from '../ports.js';
import type { AnyRecorded } from '../streams.js';
import { as, merchantsOf, type PolicyTools } from './tools.js';
import type { DurablePolicy } from './runner.js';

/** Whole streams are read, so there are fewer of them in memory than rows. */
const MAX_VOUCHERS_AT_A_TIME = 2_000;

/**
 * DayStarted → vouchers whose last day has passed expire, and what was unspent goes home to the fund. The expiries of one
 * batch that follow from one day are one run; it is cut into returns only when it is complete, so that a crash in the
 * middle cannot change the cuts.
 */
export function expiryPolicy(tools: PolicyTools): DurablePolicy {
  return {
    name: 'expiry',
    on: ['DayStarted'],
    handle: async ({ event }) => {
      const cause = as<CalendarEvent>(event);
      for (const batch of await tools.memory.openBatches()) {
        const campaign = (await tools.streams.load(`campaign-${batch.campaignId}`)).state as CampaignState;
        if (campaign.status === 'none' || cause.data.day <= campaign.terms.lastDay) continue;
        if (batch.position > event.position) continue;
        const run = await expireBatch(tools, cause, batch, campaign.terms.lastDay);
        await returnHome(tools, run);
        await tools.memory.markExpired(batch.batchId);
      }
    },
  };
}

/** VoucherCancelled, RedemptionReversed → what comes back to the fund, each a run of its own; debts are remembered. */
export function returnsPolicy(tools: PolicyTools): DurablePolicy {
  return {
    name: 'returns',
    on: ['VoucherCancelled', 'RedemptionReversed'],
    handle: async ({ event }) => {
      await returnHome(tools, [{ number: 0, event: as<Ending>(event) }]);
      if (event.type !== 'RedemptionReversed') return;
      const reversal = as<OfType<VoucherEvent, 'RedemptionReversed'>>(event);
      if (reversal.data.to !== 'recoverable') return;
      const merchant = (await merchantsOf(tools, 'returns', [reversal])).get(event.id);
      if (merchant === undefined) return;
      await tools.memory.rememberDebt({ merchant, position: event.position, eventId: event.id });
    },
  };
}

async function expireBatch(
  tools: PolicyTools,
  cause: AnyRecorded & { readonly data: { readonly day: string } },
  batch: OpenBatch,
  lastDay: string,
): Promise<readonly NumberedEnding[]> {
  const run: NumberedEnding[] = [];
  const limit = Math.min(tools.rowsAtATime, MAX_VOUCHERS_AT_A_TIME);
  for (let from = 0; from < batch.count; from += limit) {
    const ids = await tools.people.voucherIds(batch.batchId, from, limit);
    if (ids.length === 0) break;
    const vouchers = ids.map((voucher, i) => ({ number: from + i, voucher }));
    const effects = reactToDay({ cause: as<CalendarEvent>(cause), base: batch.base, lastDay, vouchers });
    await tools.effects.applyToExisting(effects.map((effect) => ({ causeId: cause.id, effect })));
    run.push(...(await expiriesOf(tools, cause.id, vouchers)));
  }
  return run;
}

/** The expiries of these vouchers that this day caused, whenever they were written. */
async function expiriesOf(
  { store, streams }: PolicyTools,
  causeId: string,
  vouchers: readonly { readonly number: number; readonly voucher: string }[],
): Promise<readonly NumberedEnding[]> {
  const stored = await store.readStreams(vouchers.map(({ voucher }) => `voucher-${voucher}`));
  const found: { readonly number: number; readonly stored: StoredEvent }[] = [];
  for (const { number, voucher } of vouchers) {
    for (const event of stored.get(`voucher-${voucher}`) ?? []) {
      if (causeOf(event) === causeId) found.push({ number, stored: event });
    }
  }
  const recorded = await streams.recorded(found.map((one) => one.stored));
  return found.map(({ number }, i) => ({ number, event: as<Ending>(recorded[i] as AnyRecorded) }));
}

async function returnHome(tools: PolicyTools, run: readonly NumberedEnding[]): Promise<void> {
  for (const chunk of chunkReturns(run)) {
    const last = chunk[chunk.length - 1];
    if (last === undefined) continue;
    for (const effect of reactToEndings(chunk)) await tools.effects.applyOrThrow({ causeId: last.id, effect });
  }
}

function causeOf(event: StoredEvent): string | undefined {
  const { command } = JSON.parse(utf8DecodeOrThrow(event.bytes)) as { readonly command: { readonly ref?: string } };
  return command.ref;
}
