import type pg from 'pg';
import { totalOf, type SegmentList } from '@aidtrail/domain';
import { ERASED } from '../tables/voucher-tables.js';
import { vouchersTouched } from './batch-states.js';
import { add, type BatchStates, type TracedBatch } from './states.js';
import type { Followed } from './follow.js';
import { TraceMismatch } from './trace-mismatch.js';

/**
 * The followed fen on the line of one batch, in minor units. Unissued, unclaimed, claimed and unspent, redeemed,
 * returning, returned, recoverable and recovered sum to `passedMinor`; the breakdowns sum to redeemed.
 */
export interface BatchPart {
  readonly batch: string;
  readonly campaign: string;
  readonly fund: string;
  readonly passedMinor: number;
  /** Vouchers that hold or held at least one of the fen. */
  readonly vouchersTouched: number;
  readonly unissuedMinor: number;
  readonly unclaimedMinor: number;
  readonly claimedUnspentMinor: number;
  readonly redeemedMinor: number;
  readonly returningMinor: number;
  readonly returnedMinor: number;
  readonly recoverableMinor: number;
  readonly recoveredMinor: number;
  /** `merchant` is 'erased' where a holder's data were erased. */
  readonly redeemedByMerchant: readonly { readonly merchant: string; readonly amountMinor: number }[];
  /** `category` is 'unknown' where there is no basket. */
  readonly redeemedByCategory: readonly { readonly category: string; readonly amountMinor: number }[];
  /**
   * 'open': not yet in a cut-off; 'cut-off': in one, settlement not yet proposed; 'erased': settled under a merchant that
   * is no longer known here; otherwise the status of the settlement.
   */
  readonly redeemedBySettlement: readonly { readonly status: string; readonly amountMinor: number }[];
}

export async function batchPartsOf(
  client: pg.ClientBase,
  batches: readonly TracedBatch[],
  of: {
    readonly states: ReadonlyMap<string, BatchStates>;
    readonly followed: Followed;
    /** How many cut-offs there were. */
    readonly cutoffs: number;
  },
): Promise<readonly BatchPart[]> {
  if (batches.length === 0) return [];
  const { followed, states } = of;
  const statusOf = await settlementStatuses(client, batches, of);
  return batches.map((batch) => {
    const list = followed.visited.get(batch.batch) as SegmentList;
    const state = states.get(batch.batch) as BatchStates;
    const left = followed.left.get(batch.batch) ?? {};
    const passedMinor = totalOf(list);
    const returnedMinor = left.return ?? 0;
    const recoveredMinor = left.recovery ?? 0;
    const byMerchant = new Map<string, number>();
    const bySettlement = new Map<string, number>();
    for (const [cell, amount] of state.redeemed) {
      const [merchant, cutoff] = cell.split('|') as [string, string];
      add(byMerchant, merchant === ERASED ? 'erased' : merchant, amount);
      add(bySettlement, statusOf(merchant, Number(cutoff), batch.fundingMode), amount);
    }
    const redeemedMinor = sumOf(byMerchant);
    checkBatch(batch.batch, { state, redeemedMinor, passedMinor, returnedMinor, recoveredMinor });
    return {
      batch: batch.batch,
      campaign: batch.campaign,
      fund: batch.fund,
      passedMinor,
      vouchersTouched: vouchersTouched(list, batch.voucherLength),
      unissuedMinor: passedMinor - state.issued,
      unclaimedMinor: state.unclaimed,
      claimedUnspentMinor: state.held,
      redeemedMinor,
      returningMinor: state.givenBack - returnedMinor,
      returnedMinor,
      recoverableMinor: state.owed - recoveredMinor,
      recoveredMinor,
      redeemedByMerchant: largestFirst(byMerchant).map(([merchant, amountMinor]) => ({ merchant, amountMinor })),
      redeemedByCategory: largestFirst(state.goods).map(([category, amountMinor]) => ({
        category: category === '' ? 'unknown' : category,
        amountMinor,
      })),
      redeemedBySettlement: largestFirst(bySettlement).map(([status, amountMinor]) => ({ status, amountMinor })),
    };
  });
}

/** Issued fen are in exactly one state, and what has left was first given back or owed. */
function checkBatch(
  batch: string,
  figures: {
    readonly state: BatchStates;
    readonly redeemedMinor: number;
    readonly passedMinor: number;
    readonly returnedMinor: number;
    readonly recoveredMinor: number;
  },
): void {
  const { state, redeemedMinor } = figures;
  const sum = state.unclaimed + state.held + redeemedMinor + state.givenBack + state.owed;
  if (sum !== state.issued || state.issued > figures.passedMinor)
    throw new TraceMismatch(`Batch ${batch}: ${sum} fen in states, ${state.issued} issued.`);
  if (sumOf(state.goods) !== redeemedMinor)
    throw new TraceMismatch(`Batch ${batch}: goods and merchants of the redeemed fen differ.`);
  if (figures.returnedMinor > state.givenBack || figures.recoveredMinor > state.owed)
    throw new TraceMismatch(`Batch ${batch}: more fen left than were given back.`);
}

async function settlementStatuses(
  client: pg.ClientBase,
  batches: readonly TracedBatch[],
  { cutoffs, states }: { readonly states: ReadonlyMap<string, BatchStates>; readonly cutoffs: number },
): Promise<(merchant: string, cutoff: number, fundingMode: string) => string> {
  const cells = [...new Set(batches.flatMap((batch) => [...(states.get(batch.batch) as BatchStates).redeemed.keys()]))];
  const pairs = cells.map((cell) => cell.split('|') as [string, string]);
  const settled = await client.query<{ merchant: string; cutoff: number; funding_mode: string; status: string }>({
    name: 'trace_settlements',
    text: `select s.merchant, s.cutoff, s.funding_mode, s.status from unnest($1::uuid[], $2::int[]) as q(merchant, cutoff)
           join read.settlements s on s.merchant = q.merchant and s.cutoff = q.cutoff`,
    values: [pairs.map(([merchant]) => merchant), pairs.map(([, cutoff]) => Number(cutoff))],
  });
  const statuses = new Map(
    settled.rows.map((row) => [`${row.merchant}|${row.cutoff}|${row.funding_mode}`, row.status]),
  );
  return (merchant, cutoff, fundingMode) => {
    if (cutoff > cutoffs) return 'open';
    return merchant === ERASED ? 'erased' : (statuses.get(`${merchant}|${cutoff}|${fundingMode}`) ?? 'cut-off');
  };
}

function sumOf(counters: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const amount of counters.values()) sum += amount;
  return sum;
}

function largestFirst(counters: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counters].filter(([, amount]) => amount !== 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
