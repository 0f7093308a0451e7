import {
  chunkReturns,
  reactToDay,
  reactToEndings,
  type CalendarEvent,
  type CampaignState,
  type Ending,
  type FundEvent,
  type NumberedEnding,
  type OfType,
  type VoucherEvent,
} from '@aidtrail/domain';
import { utf8DecodeOrThrow } from '@aidtrail/envelope';
import type { StoredEvent } from '@aidtrail/event-store';
import type { OpenBatch } from '../ports.js';
import type { AnyRecorded, FoldedStream } from '../streams.js';
import { as, merchantsOf, type PolicyTools } from './tools.js';
import { typeIn, type DurablePolicy } from './runner.js';

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
        if (batch.position > event.position) continue;
        // As it stood before the day: what had expired when an extension came after it still goes home.
        const lastDay = lastDayOf(await tools.streams.loadBefore(`campaign-${batch.campaignId}`, event.position));
        if (lastDay === undefined || cause.data.day <= lastDay) continue;
        const { run, isOver, isRepeated } = await expireBatch(tools, cause, batch);
        await returnHome(tools, isRepeated ? await withoutReturned(tools, run, batch, event.position) : run);
        if (isOver) await tools.memory.markExpired(batch.batchId, event.position);
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
      // Decided on a day that was over already, it may have put money on a voucher that no day looks at any more.
      if (reversal.data.to === 'voucher') await tools.memory.reopenBatch(reversal.data.batch, event.position);
      if (reversal.data.to !== 'recoverable') return;
      const merchant = (await merchantsOf(tools, 'returns', [reversal])).get(event.id);
      if (merchant === undefined) return;
      await tools.memory.rememberDebt({ merchant, position: event.position, eventId: event.id });
    },
  };
}

function lastDayOf({ state }: FoldedStream): string | undefined {
  const campaign = state as CampaignState;
  return campaign.status === 'none' ? undefined : campaign.terms.lastDay;
}

/**
 * `isOver`: no voucher of the batch can be spent any more, so that no later day has to look at it. `isRepeated`: a part of
 * the run was there before, so that some of it may have come home.
 */
async function expireBatch(
  tools: PolicyTools,
  cause: AnyRecorded & { readonly data: { readonly day: string } },
  batch: OpenBatch,
): Promise<{ readonly run: readonly NumberedEnding[]; readonly isOver: boolean; readonly isRepeated: boolean }> {
  const run: NumberedEnding[] = [];
  let added = 0;
  let kept = 0;
  const limit = Math.min(tools.rowsAtATime, MAX_VOUCHERS_AT_A_TIME);
  for (let from = 0; from < batch.count; from += limit) {
    const ids = await tools.people.voucherIds(batch.batchId, from, limit);
    if (ids.length === 0) break;
    const vouchers = ids.map((voucher, i) => ({ number: from + i, voucher }));
    // An extension after the day, decided where nobody had heard of it, keeps the vouchers that are left.
    const lastDay = lastDayOf(await tools.streams.reload(`campaign-${batch.campaignId}`)) ?? '';
    const effects = reactToDay({ cause: as<CalendarEvent>(cause), base: batch.base, lastDay, vouchers });
    const outcome = await tools.effects.applyToExisting(effects.map((effect) => ({ causeId: cause.id, effect })));
    added += outcome.added;
    kept += vouchers.length - effects.length + outcome.refused;
    run.push(...(await expiriesOf(tools, cause.id, vouchers)));
  }
  return { run, isOver: kept === 0, isRepeated: added < run.length };
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

/**
 * What of a repeated run has not come home yet. Mostly the rest of the same chunks; but a voucher may have expired at this
 * attempt only (a reversal gave it something to lose), and what came home before must not do so again in its company.
 */
async function withoutReturned(
  { store, streams }: PolicyTools,
  run: readonly NumberedEnding[],
  { batchId, fundId }: OpenBatch,
  since: number,
): Promise<readonly NumberedEnding[]> {
  const later = (await store.readStream(`fund-${fundId}`)).filter((event) => event.position > since);
  const returned = await streams.recorded(later.filter((event) => typeIn(event) === 'FundsReturned'));
  const addresses = returned
    .map((event) => as<OfType<FundEvent, 'FundsReturned'>>(event).data)
    .flatMap(({ batch, segments }) => (batch === batchId ? segments.map(([start]) => start) : []));
  const home = new Set(addresses);
  return run.filter(({ event }) => !event.data.segments.some(([start]) => home.has(start)));
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
