import type { ReadDatabase } from '../database.js';
import { ERASED } from '../tables/voucher-tables.js';

export interface VoucherSummary {
  readonly voucher: string;
  readonly batch: string;
  /** 0-based number in the batch. */
  readonly number: number;
  readonly status: 'issued' | 'claimed' | 'expired' | 'cancelled';
  readonly faceMinor: number;
  readonly unspentMinor: number;
  /** Net of reversals. */
  readonly redeemedMinor: number;
  readonly givenBackMinor: number;
  readonly recoverableMinor: number;
  readonly reissues: number;
  readonly claimChannel?: string;
  readonly issuedDay: string;
  readonly claimedDay?: string;
  readonly endedDay?: string;
}

export interface RedemptionView {
  readonly redemption: string;
  readonly position: number;
  readonly day: string;
  readonly time?: string;
  /** 'erased' where the holder's data were erased. */
  readonly merchant: string;
  readonly store: string;
  readonly consent: string;
  readonly amountMinor: number;
  readonly reversedMinor: number;
  /** How the amount divides over the allowed lines of the basket; absent without a basket. */
  readonly goods?: readonly { readonly category: string; readonly amountMinor: number }[];
  readonly reversals: readonly {
    readonly position: number;
    readonly day: string;
    readonly amountMinor: number;
    readonly to: string;
    readonly reason: string;
  }[];
}

export interface VoucherView extends VoucherSummary {
  readonly campaign: string;
  readonly fund: string;
  readonly lastDay: string;
  readonly redemptions: readonly RedemptionView[];
}

/** Undefined if there is no such voucher. */
export async function voucherView({ db }: ReadDatabase, voucher: string): Promise<VoucherView | undefined> {
  const row = await db
    .selectFrom('vouchers')
    .innerJoin('batches', 'batches.batch', 'vouchers.batch')
    .innerJoin('campaigns', 'campaigns.campaign', 'batches.campaign')
    .selectAll('vouchers')
    .select(['batches.campaign', 'batches.fund', 'campaigns.last_day'])
    .where('voucher', '=', voucher)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const [redemptions, reversals] = await Promise.all([
    db
      .selectFrom('redemptions')
      .selectAll()
      .where('batch', '=', row.batch)
      .where('number', '=', row.number)
      .orderBy('position')
      .execute(),
    db
      .selectFrom('reversals')
      .selectAll()
      .where('batch', '=', row.batch)
      .where('number', '=', row.number)
      .orderBy('position')
      .execute(),
  ]);
  return {
    ...summaryOf(row),
    campaign: row.campaign,
    fund: row.fund,
    lastDay: row.last_day,
    redemptions: redemptions.map((each) => ({
      redemption: each.redemption,
      position: each.position,
      day: each.day,
      ...(each.time === null ? {} : { time: each.time }),
      merchant: each.merchant === ERASED ? 'erased' : each.merchant,
      store: each.store === ERASED ? 'erased' : each.store,
      consent: each.consent,
      amountMinor: each.amount_minor,
      reversedMinor: each.reversed_minor,
      ...(each.goods === null
        ? {}
        : {
            goods: (each.goods as readonly [string, number][]).map(([category, amountMinor]) => ({
              category,
              amountMinor,
            })),
          }),
      reversals: reversals
        .filter((reversal) => reversal.redemption === each.redemption)
        .map(({ amount_minor, day, goes_to, position, reason }) => ({
          position,
          day,
          amountMinor: amount_minor,
          to: goes_to,
          reason,
        })),
    })),
  };
}

/** Vouchers in the order of their numbers, from `from` on, at most `limit` (1 … 1,000). */
export async function vouchersOfBatch(
  { db }: ReadDatabase,
  batch: string,
  page: { readonly from?: number; readonly limit?: number } = {},
): Promise<readonly VoucherSummary[]> {
  const rows = await db
    .selectFrom('vouchers')
    .selectAll()
    .where('batch', '=', batch)
    .where('number', '>=', page.from ?? 0)
    .orderBy('number')
    .limit(Math.min(1_000, Math.max(1, page.limit ?? 100)))
    .execute();
  return rows.map(summaryOf);
}

interface Row {
  readonly voucher: string;
  readonly batch: string;
  readonly number: number;
  readonly status: string;
  readonly face_minor: number;
  readonly unspent_minor: number;
  readonly redeemed_minor: number;
  readonly given_back_minor: number;
  readonly owed_minor: number;
  readonly reissues: number;
  readonly claim_channel: string | null;
  readonly issued_day: string;
  readonly claimed_day: string | null;
  readonly ended_day: string | null;
}

function summaryOf(row: Row): VoucherSummary {
  return {
    voucher: row.voucher,
    batch: row.batch,
    number: row.number,
    status: row.status as VoucherSummary['status'],
    faceMinor: row.face_minor,
    unspentMinor: row.unspent_minor,
    redeemedMinor: row.redeemed_minor,
    givenBackMinor: row.given_back_minor,
    recoverableMinor: row.owed_minor,
    reissues: row.reissues,
    ...(row.claim_channel === null ? {} : { claimChannel: row.claim_channel }),
    issuedDay: row.issued_day,
    ...(row.claimed_day === null ? {} : { claimedDay: row.claimed_day }),
    ...(row.ended_day === null ? {} : { endedDay: row.ended_day }),
  };
}
