import { sql } from 'kysely';
import type { ReadDatabase } from '../database.js';

export interface BatchView {
  readonly batch: string;
  readonly campaign: string;
  readonly fund: string;
  readonly count: number;
  readonly faceMinor: number;
  readonly totalMinor: number;
  readonly status: string;
  readonly approvals: number;
  readonly approvalsNeeded: number;
  readonly draftedBy?: string;
  readonly draftedDay: string;
  /** Why it was rejected or could not be funded. */
  readonly refusal?: string;
  readonly issuedCount: number;
  readonly claimedCount: number;
  readonly endedCount: number;
  readonly fundedMinor: number;
  readonly unissuedMinor: number;
  readonly unclaimedMinor: number;
  readonly claimedUnspentMinor: number;
  /** Net of reversals. */
  readonly redeemedMinor: number;
  readonly returningMinor: number;
  readonly returnedMinor: number;
  readonly recoverableMinor: number;
  readonly recoveredMinor: number;
}

/** Undefined if there is no such batch. The states sum to `fundedMinor`. */
export async function batchView({ db }: ReadDatabase, batch: string): Promise<BatchView | undefined> {
  const row = await db.selectFrom('batches').selectAll().where('batch', '=', batch).executeTakeFirst();
  if (row === undefined) return undefined;
  const inStates = row.unclaimed_minor + row.held_minor + row.redeemed_minor + row.given_back_minor + row.owed_minor;
  return {
    batch: row.batch,
    campaign: row.campaign,
    fund: row.fund,
    count: row.count,
    faceMinor: row.face_minor,
    totalMinor: row.total_minor,
    status: row.status,
    approvals: row.approvals,
    approvalsNeeded: row.approvals_needed,
    ...(row.drafted_by === null ? {} : { draftedBy: row.drafted_by }),
    draftedDay: row.drafted_day,
    ...(row.refusal === null ? {} : { refusal: row.refusal }),
    issuedCount: row.issued_count,
    claimedCount: row.claimed_count,
    endedCount: row.ended_count,
    fundedMinor: row.funded_minor,
    unissuedMinor: row.funded_minor - inStates,
    unclaimedMinor: row.unclaimed_minor,
    claimedUnspentMinor: row.held_minor,
    redeemedMinor: row.redeemed_minor,
    returningMinor: row.given_back_minor - row.returned_minor,
    returnedMinor: row.returned_minor,
    recoverableMinor: row.owed_minor - row.recovered_minor,
    recoveredMinor: row.recovered_minor,
  };
}

export interface FundView {
  readonly fund: string;
  readonly kind: string;
  readonly name: string;
  readonly currency: string;
  readonly status: string;
  readonly feeBasisPoints: number;
  readonly openedDay: string;
  /** Addresses given out so far; fen that came back count again. */
  readonly lineLengthMinor: number;
  readonly grossIntakeMinor: number;
  readonly feeMinor: number;
  readonly feeInTransitMinor: number;
  /** Arrived by transfer, or as fees. */
  readonly receivedMinor: number;
  readonly returnedMinor: number;
  readonly recoveredMinor: number;
  readonly freeMinor: number;
  readonly inTransitMinor: number;
  readonly sentMinor: number;
  readonly refundReservedMinor: number;
  readonly refundedMinor: number;
  readonly spentOnAdministrationMinor: number;
  /** Went to batches, all time. Its present states follow; `committed` is unissued, unspent or on the way back. */
  readonly fundedMinor: number;
  readonly committedMinor: number;
  readonly redeemedMinor: number;
  readonly recoverableMinor: number;
}

/** Undefined if there is no such fund. */
export async function fundView({ db }: ReadDatabase, fund: string): Promise<FundView | undefined> {
  const row = await db.selectFrom('funds').selectAll().where('fund', '=', fund).executeTakeFirst();
  if (row === undefined) return undefined;
  const [holds, batches] = await Promise.all([
    db
      .selectFrom('line_holds')
      .select('kind')
      .select(({ fn }) => fn.sum<number>('amount_minor').as('amount'))
      .where('line', '=', fund)
      .groupBy('kind')
      .execute(),
    db
      .selectFrom('batches')
      .select([
        sql<number>`coalesce(sum(redeemed_minor), 0)`.as('redeemed'),
        sql<number>`coalesce(sum(owed_minor - recovered_minor), 0)`.as('recoverable'),
      ])
      .where('fund', '=', fund)
      .executeTakeFirstOrThrow(),
  ]);
  const held = (kind: string) => holds.find((hold) => hold.kind === kind)?.amount ?? 0;
  const away =
    held('transit') + held('reserved') + held('refunded') + held('spent') + row.sent_minor + row.funded_minor;
  const cameBack = row.returned_minor + row.recovered_minor;
  return {
    fund: row.fund,
    kind: row.kind,
    name: row.name,
    currency: row.currency,
    status: row.status,
    feeBasisPoints: row.fee_basis_points,
    openedDay: row.opened_day,
    lineLengthMinor: row.line_length_minor,
    grossIntakeMinor: row.gross_intake_minor,
    feeMinor: row.fee_minor,
    feeInTransitMinor: row.fee_in_transit_minor,
    receivedMinor: row.received_minor,
    returnedMinor: row.returned_minor,
    recoveredMinor: row.recovered_minor,
    freeMinor: row.line_length_minor - away,
    inTransitMinor: held('transit'),
    sentMinor: row.sent_minor,
    refundReservedMinor: held('reserved'),
    refundedMinor: held('refunded'),
    spentOnAdministrationMinor: held('spent'),
    fundedMinor: row.funded_minor,
    committedMinor: row.funded_minor - cameBack - batches.redeemed - batches.recoverable,
    redeemedMinor: batches.redeemed,
    recoverableMinor: batches.recoverable,
  };
}

export interface DonationSummary {
  readonly donation: string;
  readonly intake: string;
  readonly number: number;
  readonly day: string;
  /** Absent when the donor's data were erased. */
  readonly grossMinor?: number;
  readonly feeMinor?: number;
  /** Only where the donor agreed to be named. */
  readonly name?: string;
  readonly refundedMinor: number;
  readonly receiptDay?: string;
}

/** Donations of an intake in order, from number `from` on, at most `limit` (1 … 1,000). */
export async function donationsOfIntake(
  { db }: ReadDatabase,
  intake: string,
  page: { readonly from?: number; readonly limit?: number } = {},
): Promise<readonly DonationSummary[]> {
  const rows = await db
    .selectFrom('donations')
    .selectAll()
    .where('intake', '=', intake)
    .where('number', '>=', page.from ?? 0)
    .orderBy('number')
    .limit(Math.min(1_000, Math.max(1, page.limit ?? 100)))
    .execute();
  return rows.map((row) => ({
    donation: row.donation,
    intake: row.intake,
    number: row.number,
    day: row.day,
    ...(row.amount_minor === null ? {} : { grossMinor: row.amount_minor }),
    ...(row.fee_minor === null ? {} : { feeMinor: row.fee_minor }),
    ...(row.name === null ? {} : { name: row.name }),
    refundedMinor: row.refunded_minor,
    ...(row.receipt_day === null ? {} : { receiptDay: row.receipt_day }),
  }));
}
