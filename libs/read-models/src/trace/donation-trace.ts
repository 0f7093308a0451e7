import type pg from 'pg';
import type { SegmentList } from '@aidtrail/domain';
import type { ReadDatabase } from '../database.js';
import { batchStates } from './batch-states.js';
import type { TracedBatch } from './states.js';
import { GATE } from '../projector/schema.js';
import { feeBefore } from './fee-address.js';
import { followMoves, type Followed } from './follow.js';
import { fundPartsOf, type FundPart } from './fund-parts.js';
import { TraceMismatch } from './trace-mismatch.js';
import { batchPartsOf, type BatchPart } from './batch-parts.js';

/**
 * Where each fen of a donation is now. The terminal states of all parts and the fee in transit sum to `grossMinor`,
 * always; what has moved on is counted where it lies now.
 */
export interface DonationTrace {
  readonly status: 'traced';
  readonly donation: string;
  readonly intake: string;
  /** 0-based number within the intake. */
  readonly number: number;
  readonly day: string;
  /** Of its DonationReceived. */
  readonly leafIndex: number;
  readonly grossMinor: number;
  readonly feeMinor: number;
  /** Fee that has not yet arrived on the administration line. */
  readonly feeInTransitMinor: number;
  /** Fee on the administration line whose address cannot be told, because earlier donations were erased. */
  readonly feeUnlocatedMinor: number;
  /** Events up to, not including, this position are in the figures. */
  readonly asOf: number;
  /** Settlement windows that have ended: those up to this number. */
  readonly windows: number;
  readonly funds: readonly FundPart[];
  readonly batches: readonly BatchPart[];
  readonly totals: TraceTotals;
}

/** In minor units; together they are the donation. */
export interface TraceTotals {
  readonly freeMinor: number;
  readonly inTransitMinor: number;
  readonly refundReservedMinor: number;
  readonly refundedMinor: number;
  readonly spentOnAdministrationMinor: number;
  /** Committed to a batch, no voucher yet. */
  readonly unissuedMinor: number;
  readonly unclaimedMinor: number;
  readonly claimedUnspentMinor: number;
  readonly redeemedMinor: number;
  /** Expired, cancelled or reversed, on the way back to a fund. */
  readonly returningMinor: number;
  readonly recoverableMinor: number;
  readonly feeInTransitMinor: number;
  readonly feeUnlocatedMinor: number;
}

/** The donor's data were erased: the ledger no longer knows the amount or the address. */
export interface ErasedDonation {
  readonly status: 'erased';
  readonly donation: string;
  readonly intake: string;
  readonly number: number;
}

export type DonationKey = { readonly donation: string } | { readonly intake: string; readonly number: number };

interface DonationRow {
  readonly donation: string;
  readonly intake: string;
  readonly number: number;
  readonly day: string;
  readonly position: number;
  readonly amount_minor: number | null;
  readonly fee_minor: number | null;
  readonly line_start: number | null;
  readonly net_minor: number;
  readonly fund: string;
  readonly intake_start: number;
  readonly fee_basis_points: number;
  readonly administration_fund: string | null;
  readonly fee_start: number | null;
  readonly as_of: number;
}

/** Undefined if there is no such donation. One snapshot of the database, so the figures fit each other. */
export async function donationTrace(
  database: ReadDatabase,
  key: DonationKey,
): Promise<DonationTrace | ErasedDonation | undefined> {
  const client = await database.pool.connect();
  try {
    const [, donation] = await Promise.all([client.query(SNAPSHOT), donationOf(client, key)]);
    if (donation === undefined) return undefined;
    const { amount_minor: grossMinor, fee_minor: feeMinor, intake, number } = donation;
    if (grossMinor === null || feeMinor === null)
      return { status: 'erased', donation: donation.donation, intake, number };
    return await trace(client, { ...donation, grossMinor, feeMinor });
  } finally {
    // Nothing was written. A connection that does not answer any more is not given back to the pool.
    const broken = await client.query('rollback').then(
      () => false,
      () => true,
    );
    client.release(broken);
  }
}

/**
 * Every query of a trace is a list of addresses or ranges, each found by an index. The planner cannot know how short the
 * lists are and would read whole tables for long ones, so it is told; one plan then serves every trace.
 */
const SNAPSHOT = `begin isolation level repeatable read, read only; ${GATE};
  set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off;
  set local max_parallel_workers_per_gather = 0; set local plan_cache_mode = force_generic_plan`;

async function donationOf(client: pg.ClientBase, key: DonationKey): Promise<DonationRow | undefined> {
  const byId = 'donation' in key;
  const { rows } = await client.query<DonationRow>({
    name: byId ? 'trace_donation' : 'trace_donation_number',
    text: `select d.donation, d.intake, d.number, d.day, d.position, d.amount_minor, d.fee_minor, d.line_start, d.net_minor, i.fund,
                  i.line_start as intake_start, i.fee_basis_points, i.administration_fund, i.fee_start,
                  (select max(next_position) from read.checkpoint) as as_of
           from read.donations d join read.intakes i using (intake)
           where ${byId ? 'd.donation = $1' : 'd.intake = $1 and d.number = $2'}`,
    values: byId ? [key.donation] : [key.intake, key.number],
  });
  return rows[0];
}

type Known = DonationRow & { readonly grossMinor: number; readonly feeMinor: number };

async function trace(client: pg.ClientBase, donation: Known): Promise<DonationTrace> {
  const { grossMinor, feeMinor } = donation;
  const start = new Map<string, SegmentList>();
  if (donation.line_start !== null) start.set(donation.fund, [[donation.line_start, donation.net_minor]]);
  const fee = await feeAddress(client, donation);
  if (fee.segment !== undefined) start.set(donation.administration_fund as string, [fee.segment]);
  const followed = await followMoves(client, start);
  const [batches, cutoffEnds] = await Promise.all([tracedBatches(client, followed), cutoffEndsOf(client)]);
  const batchIds = new Set(batches.map((batch) => batch.batch));
  const lines = new Map([...followed.visited].filter(([line]) => !batchIds.has(line)));
  const onBatches = batches.map((batch) => ({ batch, list: followed.visited.get(batch.batch) as SegmentList }));
  const [states, fundParts] = await Promise.all([
    batchStates(client, onBatches, cutoffEnds),
    fundPartsOf(client, lines, followed),
  ]);
  const batchParts = await batchPartsOf(client, batches, { states, followed, cutoffs: cutoffEnds.length });
  const totals = totalsOf(fundParts, batchParts, fee);
  const sum = Object.values<number>({ ...totals }).reduce((a, b) => a + b, 0);
  if (sum !== grossMinor)
    throw new TraceMismatch(`The trace of donation ${donation.donation} has ${sum} of ${grossMinor} fen.`);
  return {
    status: 'traced',
    donation: donation.donation,
    intake: donation.intake,
    number: donation.number,
    day: donation.day,
    leafIndex: donation.position,
    grossMinor,
    feeMinor,
    feeInTransitMinor: fee.inTransit,
    feeUnlocatedMinor: fee.unlocated,
    asOf: donation.as_of,
    windows: cutoffEnds.length,
    funds: fundParts,
    batches: batchParts,
    totals,
  };
}

interface Fee {
  readonly inTransit: number;
  readonly unlocated: number;
  readonly segment: readonly [number, number] | undefined;
}

async function feeAddress(client: pg.ClientBase, donation: Known): Promise<Fee> {
  const { feeMinor } = donation;
  if (feeMinor === 0) return { inTransit: 0, unlocated: 0, segment: undefined };
  if (donation.fee_start === null) return { inTransit: feeMinor, unlocated: 0, segment: undefined };
  const before = await feeBefore(client, {
    intake: donation.intake,
    number: donation.number,
    amountMinor: donation.grossMinor,
    feeMinor,
    feeBasisPoints: donation.fee_basis_points,
    netBefore: donation.line_start === null ? undefined : donation.line_start - donation.intake_start,
  });
  if (before === undefined) return { inTransit: 0, unlocated: feeMinor, segment: undefined };
  return { inTransit: 0, unlocated: 0, segment: [donation.fee_start + before, feeMinor] };
}

async function tracedBatches(client: pg.ClientBase, followed: Followed): Promise<readonly TracedBatch[]> {
  const { rows } = await client.query<TracedBatch>({
    name: 'trace_batches',
    text: `select b.batch, b.campaign, b.fund, b.count, b.face_minor as "voucherLength", c.funding_mode as "fundingMode",
                  b.completed_day as "completedDay"
           from read.batches b join read.campaigns c using (campaign) where b.batch = any($1::uuid[]) order by b.position`,
    values: [[...followed.visited.keys()]],
  });
  return rows;
}

/** The position that each cut-off's window ends before, in order. */
async function cutoffEndsOf(client: pg.ClientBase): Promise<readonly number[]> {
  const { rows } = await client.query<{ window_to: number }>({
    name: 'trace_cutoffs',
    text: 'select window_to from read.cutoffs order by cutoff',
  });
  return rows.map((row) => row.window_to);
}

function totalsOf(funds: readonly FundPart[], batches: readonly BatchPart[], fee: Fee): TraceTotals {
  const sum = <T>(parts: readonly T[], of: (part: T) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    freeMinor: sum(funds, (part) => part.freeMinor),
    inTransitMinor: sum(funds, (part) => part.inTransitMinor),
    refundReservedMinor: sum(funds, (part) => part.refundReservedMinor),
    refundedMinor: sum(funds, (part) => part.refundedMinor),
    spentOnAdministrationMinor: sum(funds, (part) => part.spentOnAdministrationMinor),
    unissuedMinor: sum(batches, (part) => part.unissuedMinor),
    unclaimedMinor: sum(batches, (part) => part.unclaimedMinor),
    claimedUnspentMinor: sum(batches, (part) => part.claimedUnspentMinor),
    redeemedMinor: sum(batches, (part) => part.redeemedMinor),
    returningMinor: sum(batches, (part) => part.returningMinor),
    recoverableMinor: sum(batches, (part) => part.recoverableMinor),
    feeInTransitMinor: fee.inTransit,
    feeUnlocatedMinor: fee.unlocated,
  };
}
