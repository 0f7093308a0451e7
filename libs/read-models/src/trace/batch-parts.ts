import type pg from 'pg';
import { totalOf, type SegmentList } from '@aidtrail/domain';
import { ERASED } from '../tables/voucher-tables.js';
import { vouchersTouched } from './batch-states.js';
import { add, type BatchStates, type TracedBatch } from './states.js';
import type { Followed } from './follow.js';
import { TraceMismatch } from './trace-mismatch.js';
import { mondayOf } from './weeks.js';

/**
 * The followed fen on the line of one batch, in minor units. Unissued, unclaimed, claimed and unspent, redeemed,
 * returning, returned, recoverable and recovered sum to `passedMinor`; the breakdowns sum to redeemed.
 */
export interface BatchPart {
  readonly batch: string;
  readonly campaign: string;
  readonly fund: string;
  readonly passedMinor: number;
  /** What one of its vouchers holds: so many fen are on at least so many vouchers. */
  readonly faceMinor: number;
  /** Vouchers that hold or held at least one of the fen. */
  readonly vouchersTouched: number;
  /** Day of the batch's last voucher; null while some are still to be issued. */
  readonly completedDay: string | null;
  /** Those touched that were issued. `group` is 'erased' where a holder's data were erased. */
  readonly vouchersByGroup: readonly { readonly group: string; readonly vouchers: number }[];
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
  /** By the week of the redemption (its Monday), in order, and category. */
  readonly redeemedByWeek: readonly RedeemedInWeek[];
  /** By the number of the settlement window, in order, and merchant. */
  readonly redeemedByWindow: readonly RedeemedInWindow[];
  /** What the bank has paid to merchants for the redeemed fen, by its day, in order. */
  readonly paidByBankDay: readonly { readonly day: string; readonly amountMinor: number }[];
}

export interface RedeemedInWeek {
  readonly monday: string;
  readonly category: string;
  readonly amountMinor: number;
}

export interface RedeemedInWindow {
  readonly window: number;
  readonly merchant: string;
  readonly amountMinor: number;
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
  const settlementOf = await settlementsOf(client, batches, of);
  return batches.map((batch) => {
    const list = followed.visited.get(batch.batch) as SegmentList;
    const state = states.get(batch.batch) as BatchStates;
    const left = followed.left.get(batch.batch) ?? {};
    const passedMinor = totalOf(list);
    const returnedMinor = left.return ?? 0;
    const recoveredMinor = left.recovery ?? 0;
    const redeemed = redeemedParts(batch, state, settlementOf);
    const { redeemedMinor } = redeemed;
    const touched = vouchersTouched(list, batch.voucherLength);
    checkBatch(batch.batch, { state, touched, redeemedMinor, passedMinor, returnedMinor, recoveredMinor });
    return {
      batch: batch.batch,
      campaign: batch.campaign,
      fund: batch.fund,
      passedMinor,
      faceMinor: batch.voucherLength,
      vouchersTouched: touched,
      completedDay: batch.completedDay,
      vouchersByGroup: largestFirst(state.groups).map(([group, vouchers]) => ({ group, vouchers })),
      unissuedMinor: passedMinor - state.issued,
      unclaimedMinor: state.unclaimed,
      claimedUnspentMinor: state.held,
      returningMinor: state.givenBack - returnedMinor,
      returnedMinor,
      recoverableMinor: state.owed - recoveredMinor,
      recoveredMinor,
      ...redeemed,
    };
  });
}

type RedeemedParts = Pick<
  BatchPart,
  | 'redeemedMinor'
  | 'redeemedByMerchant'
  | 'redeemedByCategory'
  | 'redeemedBySettlement'
  | 'redeemedByWeek'
  | 'redeemedByWindow'
  | 'paidByBankDay'
>;

function redeemedParts(batch: TracedBatch, state: BatchStates, settlementOf: SettlementOf): RedeemedParts {
  const [byMerchant, byStatus, byWindow, byBankDay] = [counters(), counters(), counters(), counters()];
  for (const [cell, amount] of state.redeemed) {
    const [merchant, cutoff] = cell.split('|') as [string, string];
    const name = merchant === ERASED ? 'erased' : merchant;
    const { bankDay, status } = settlementOf(merchant, Number(cutoff), batch.fundingMode);
    add(byMerchant, name, amount);
    add(byStatus, status, amount);
    add(byWindow, `${cutoff}|${name}`, amount);
    if (bankDay !== null && PAID.has(status)) add(byBankDay, bankDay, amount);
  }
  const [byWeek, byCategory] = [counters(), counters()];
  for (const [cell, amount] of state.goods) {
    const [week, category] = partedOnce(cell);
    add(byCategory, category === '' ? 'unknown' : category, amount);
    add(byWeek, `${week}|${category === '' ? 'unknown' : category}`, amount);
  }
  return {
    redeemedMinor: sumOf(byMerchant),
    redeemedByMerchant: largestFirst(byMerchant).map(([merchant, amountMinor]) => ({ merchant, amountMinor })),
    redeemedByCategory: largestFirst(byCategory).map(([category, amountMinor]) => ({ category, amountMinor })),
    redeemedBySettlement: largestFirst(byStatus).map(([status, amountMinor]) => ({ status, amountMinor })),
    redeemedByWeek: earliestFirst(byWeek).map(([week, category, amountMinor]) => ({
      monday: mondayOf(week),
      category,
      amountMinor,
    })),
    redeemedByWindow: earliestFirst(byWindow).map(([window, merchant, amountMinor]) => ({
      window,
      merchant,
      amountMinor,
    })),
    paidByBankDay: [...byBankDay]
      .filter(([, amountMinor]) => amountMinor !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, amountMinor]) => ({ day, amountMinor })),
  };
}

/** States of a settlement in which the bank has paid. */
const PAID: ReadonlySet<string> = new Set(['paid', 'reconciled']);

const counters = (): Map<string, number> => new Map();

function partedOnce(cell: string): readonly [number, string] {
  const at = cell.indexOf('|');
  return [Number(cell.slice(0, at)), cell.slice(at + 1)];
}

function earliestFirst(cells: ReadonlyMap<string, number>): readonly (readonly [number, string, number])[] {
  return [...cells]
    .filter(([, amount]) => amount !== 0)
    .map(([cell, amount]) => [...partedOnce(cell), amount] as const)
    .sort((a, b) => a[0] - b[0] || b[2] - a[2] || (a[1] < b[1] ? -1 : 1));
}

/** Issued fen are in exactly one state, and what has left was first given back or owed. */
function checkBatch(
  batch: string,
  figures: {
    readonly state: BatchStates;
    readonly touched: number;
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
  const grouped = sumOf(state.groups);
  if (grouped > figures.touched || (state.issued === figures.passedMinor && grouped !== figures.touched))
    throw new TraceMismatch(`Batch ${batch}: ${grouped} vouchers in groups, ${figures.touched} touched.`);
  if (figures.returnedMinor > state.givenBack || figures.recoveredMinor > state.owed)
    throw new TraceMismatch(`Batch ${batch}: more fen left than were given back.`);
}

interface Settlement {
  readonly status: string;
  readonly bankDay: string | null;
}
type SettlementOf = (merchant: string, cutoff: number, fundingMode: string) => Settlement;

async function settlementsOf(
  client: pg.ClientBase,
  batches: readonly TracedBatch[],
  { cutoffs, states }: { readonly states: ReadonlyMap<string, BatchStates>; readonly cutoffs: number },
): Promise<SettlementOf> {
  const cells = [...new Set(batches.flatMap((batch) => [...(states.get(batch.batch) as BatchStates).redeemed.keys()]))];
  const pairs = cells.map((cell) => cell.split('|') as [string, string]);
  const settled = await client.query<
    Settlement & { readonly merchant: string; readonly cutoff: number; readonly funding_mode: string }
  >({
    name: 'trace_settlements',
    text: `select s.merchant, s.cutoff, s.funding_mode, s.status, s.bank_day as "bankDay"
           from unnest($1::uuid[], $2::int[]) as q(merchant, cutoff)
           join read.settlements s on s.merchant = q.merchant and s.cutoff = q.cutoff`,
    values: [pairs.map(([merchant]) => merchant), pairs.map(([, cutoff]) => Number(cutoff))],
  });
  const known = new Map(settled.rows.map((row) => [`${row.merchant}|${row.cutoff}|${row.funding_mode}`, row]));
  return (merchant, cutoff, fundingMode) => {
    if (cutoff > cutoffs) return { status: 'open', bankDay: null };
    if (merchant === ERASED) return { status: 'erased', bankDay: null };
    return known.get(`${merchant}|${cutoff}|${fundingMode}`) ?? { status: 'cut-off', bankDay: null };
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
