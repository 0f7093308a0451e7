import type { ReadDatabase } from '../database.js';
import type { RowOf } from '../tables/define.js';
import type { settlements } from '../tables/merchant-tables.js';

type Row = RowOf<typeof settlements>;

export interface SettlementSummary {
  readonly settlement: string;
  readonly merchant: string;
  readonly merchantName?: string;
  readonly cutoff: number;
  /** Leaf indexes [from, to). */
  readonly window: readonly [number, number];
  readonly fundingMode: string;
  readonly status: string;
  readonly count: number;
  readonly grossMinor: number;
  readonly reversalsMinor: number;
  readonly recoverableMinor: number;
  readonly withheldMinor: number;
  readonly releasedMinor: number;
  readonly carriedInMinor: number;
  readonly carriedOutMinor: number;
  readonly recoveredMinor: number;
  /** 0 until it is prepared. */
  readonly netMinor: number;
  readonly preparedBy?: string;
  readonly approvedBy?: string;
  readonly payableFrom?: string;
  readonly bankDay?: string;
  readonly bankReference?: string;
  readonly reason?: string;
  readonly changedDay: string;
}

export interface SettlementView extends SettlementSummary {
  readonly lines: readonly {
    readonly kind: 'redemption' | 'reversal';
    readonly position: number;
    readonly redemption: string;
    readonly day: string;
    readonly store?: string;
    readonly amountMinor: number;
  }[];
}

/** Undefined if there is no such settlement. `lines` are the redemptions and reversals of its window, in order. */
export async function settlementView({ db }: ReadDatabase, settlement: string): Promise<SettlementView | undefined> {
  const row = await db.selectFrom('settlements').selectAll().where('settlement', '=', settlement).executeTakeFirst();
  if (row === undefined) return undefined;
  const [redemptions, reversals] = await Promise.all([
    db
      .selectFrom('redemptions')
      .select(['position', 'redemption', 'day', 'store', 'amount_minor'])
      .where('merchant', '=', row.merchant)
      .where('position', '>=', row.window_from)
      .where('position', '<', row.window_to)
      .where('funding_mode', '=', row.funding_mode)
      .execute(),
    db
      .selectFrom('reversals')
      .select(['position', 'redemption', 'day', 'amount_minor'])
      .where('merchant', '=', row.merchant)
      .where('position', '>=', row.window_from)
      .where('position', '<', row.window_to)
      .where('funding_mode', '=', row.funding_mode)
      .execute(),
  ]);
  const lines = [
    ...redemptions.map(({ amount_minor, ...line }) => ({
      kind: 'redemption' as const,
      ...line,
      amountMinor: amount_minor,
    })),
    ...reversals.map(({ amount_minor, ...line }) => ({
      kind: 'reversal' as const,
      ...line,
      amountMinor: amount_minor,
    })),
  ];
  return { ...summaryOf(row), lines: lines.sort((a, b) => a.position - b.position) };
}

/** All settlements of a merchant, the newest window first. */
export async function settlementsOf({ db }: ReadDatabase, merchant: string): Promise<readonly SettlementSummary[]> {
  const rows = await db
    .selectFrom('settlements')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('cutoff', 'desc')
    .orderBy('funding_mode')
    .execute();
  return rows.map(summaryOf);
}

function summaryOf(row: Row): SettlementSummary {
  return {
    settlement: row.settlement,
    merchant: row.merchant,
    ...(row.merchant_name === null ? {} : { merchantName: row.merchant_name }),
    cutoff: row.cutoff,
    window: [row.window_from, row.window_to],
    fundingMode: row.funding_mode,
    status: row.status,
    count: row.count,
    grossMinor: row.gross_minor,
    reversalsMinor: row.reversals_minor,
    recoverableMinor: row.recoverable_minor,
    withheldMinor: row.withheld_minor,
    releasedMinor: row.released_minor,
    carriedInMinor: row.carried_in_minor,
    carriedOutMinor: row.carried_out_minor,
    recoveredMinor: row.recovered_minor,
    netMinor: row.net_minor,
    ...(row.prepared_by === null ? {} : { preparedBy: row.prepared_by }),
    ...(row.approved_by === null ? {} : { approvedBy: row.approved_by }),
    ...(row.payable_from === null ? {} : { payableFrom: row.payable_from }),
    ...(row.bank_day === null ? {} : { bankDay: row.bank_day }),
    ...(row.bank_reference === null ? {} : { bankReference: row.bank_reference }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    changedDay: row.changed_day,
  };
}
