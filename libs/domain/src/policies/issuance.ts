import type { BatchCommand } from '../batch/batch.commands.js';
import type { FundEvent } from '../fund/fund.events.js';
import type { Recorded } from '../kernel/decider.js';
import type { OfType } from '../kernel/table.js';
import type { VoucherCommand } from '../voucher/voucher.commands.js';
import type { Effect } from './effect.js';

/** One row of a batch's issuance plan: the shuffled roster, with voucher ids that only the ledger could derive. */
export interface PlanRow {
  /** 0-based place in the batch. */
  readonly number: number;
  readonly voucher: string;
  readonly commitment: string;
  readonly group: string;
  readonly community: string;
  readonly partner: string;
}

export interface IssuanceChunk {
  readonly cause: Recorded<OfType<FundEvent, 'BatchFunded'>>;
  readonly fund: string;
  /** Of the batch: how many vouchers of how much. */
  readonly count: number;
  readonly faceMinor: number;
  readonly rows: readonly PlanRow[];
}

/**
 * The last part of `BatchFunded` → each voucher of the plan is issued (index = number), one effect a row in the order of
 * the rows. Earlier parts have no effect.
 *
 * A crash leaves a batch issued in part, its remaining money committed and spendable by nobody; the plan's ids and
 * commitments are fixed, so the rest is issued later as if nothing had happened. Repeating a chunk is harmless: a voucher
 * that exists answers "already so".
 */
export function reactToBatchFunding(chunk: IssuanceChunk): readonly Effect<VoucherCommand>[] {
  const { cause, fund, faceMinor, rows } = chunk;
  const { batch, campaign, part, parts } = cause.data;
  if (part < parts) return [];
  return rows.map(({ number, voucher, commitment, group, community, partner }) => ({
    index: number,
    stream: `voucher-${voucher}`,
    command: {
      type: 'IssueVoucher',
      data: { voucher, batch, campaign, fund, number, commitment, faceMinor },
      private: { group, community, partner },
    },
  }));
}

/** After the last voucher: the batch is complete (index = count). To be run only when all `count` vouchers exist. */
export function reactToIssuance(chunk: Omit<IssuanceChunk, 'rows' | 'fund'>): readonly Effect<BatchCommand>[] {
  const { cause, count, faceMinor } = chunk;
  const { batch, part, parts } = cause.data;
  if (part < parts) return [];
  return [
    {
      index: count,
      stream: `batch-${batch}`,
      command: { type: 'CompleteBatch', data: { batch, count, totalMinor: count * faceMinor } },
    },
  ];
}
