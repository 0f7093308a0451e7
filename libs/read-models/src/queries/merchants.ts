import { sql } from 'kysely';
import type { ReadDatabase } from '../database.js';
import { ERASED } from '../tables/voucher-tables.js';

export interface MerchantView {
  readonly merchant: string;
  readonly name: string;
  readonly region: string;
  readonly status: string;
  readonly approvals: number;
  readonly approvalsNeeded: number;
  readonly holdDays: number;
  readonly bankDigest: string;
  readonly suspendedReason?: string;
  readonly assessments: Readonly<Record<string, string>>;
  readonly appliedDay: string;
  readonly stores: readonly {
    readonly store: string;
    readonly name: string;
    readonly kind: string;
    readonly region: string;
    readonly status: string;
    readonly openedDay: string;
    readonly closedDay?: string;
  }[];
  readonly byStoreAndDay: readonly {
    /** 'erased' where the redemption's disclosures are gone. */
    readonly store: string;
    readonly day: string;
    readonly redeemedCount: number;
    readonly redeemedMinor: number;
    readonly reversedCount: number;
    readonly reversedMinor: number;
  }[];
}

/** The names of these merchants, as far as they are known. */
export async function merchantNames(
  { db }: ReadDatabase,
  merchants: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (merchants.length === 0) return new Map();
  const rows = await db
    .selectFrom('merchants')
    .select(['merchant', 'name'])
    .where('merchant', 'in', merchants)
    .execute();
  return new Map(rows.map(({ merchant, name }) => [merchant, name]));
}

/** Undefined if there is no such merchant. */
export async function merchantView({ db }: ReadDatabase, merchant: string): Promise<MerchantView | undefined> {
  const row = await db.selectFrom('merchants').selectAll().where('merchant', '=', merchant).executeTakeFirst();
  if (row === undefined) return undefined;
  const [stores, days] = await Promise.all([
    db
      .selectFrom('stores')
      .selectAll()
      .where('merchant', '=', merchant)
      .orderBy('opened_day')
      .orderBy('store')
      .execute(),
    db
      .selectFrom('merchant_days')
      .selectAll()
      .where('merchant', '=', merchant)
      .orderBy('day')
      .orderBy('store')
      .execute(),
  ]);
  return {
    merchant: row.merchant,
    name: row.name,
    region: row.region,
    status: row.status,
    approvals: row.approvals,
    approvalsNeeded: row.approvals_needed,
    holdDays: row.hold_days,
    bankDigest: row.bank_digest,
    ...(row.suspended_reason === null ? {} : { suspendedReason: row.suspended_reason }),
    assessments: row.assessments as Record<string, string>,
    appliedDay: row.applied_day,
    stores: stores.map(({ closed_day, kind, name, opened_day, region, status, store }) => ({
      store,
      name,
      kind,
      region,
      status,
      openedDay: opened_day,
      ...(closed_day === null ? {} : { closedDay: closed_day }),
    })),
    byStoreAndDay: days.map((each) => ({
      store: each.store === ERASED ? 'erased' : each.store,
      day: each.day,
      redeemedCount: each.redeemed_count,
      redeemedMinor: each.redeemed_minor,
      reversedCount: each.reversed_count,
      reversedMinor: each.reversed_minor,
    })),
  };
}

export interface MerchantPayable {
  /** 'erased': redemptions whose merchant can no longer be told. */
  readonly merchant: string;
  readonly name?: string;
  /** Redemptions − reversals of windows without a settlement, the open one included. May be negative. */
  readonly unsettledMinor: number;
  /** Gross − reversals of settlements that nobody has prepared yet. May be negative. */
  readonly proposedMinor: number;
  /** Net of settlements by their status. */
  readonly preparedMinor: number;
  readonly approvedMinor: number;
  readonly heldMinor: number;
  readonly instructedMinor: number;
  readonly failedMinor: number;
  readonly disputedMinor: number;
  readonly paidMinor: number;
  /** From the merchant's last prepared settlement. */
  readonly carriedDebtMinor: number;
  readonly withheldMinor: number;
  readonly recoverableMinor: number;
}

/** What every merchant is owed, by how far it has come; one row per merchant that ever redeemed or was settled. */
export async function merchantPayables({ pool }: ReadDatabase): Promise<readonly MerchantPayable[]> {
  const { rows } = await pool.query<Record<string, number> & { merchant: string; name: string | null }>(
    `with unsettled as (
       select w.merchant, sum(w.gross_minor - w.reversals_minor) as amount
       from read.merchant_windows w
       where not exists (select 1 from read.settlements s where s.merchant = w.merchant and s.cutoff = w.cutoff
                         and s.funding_mode = w.funding_mode)
       group by w.merchant
     ), settled as (
       select merchant,
         sum(gross_minor - reversals_minor) filter (where status = 'proposed') as proposed,
         ${SETTLED.map(([name, statuses]) => `sum(net_minor) filter (where status in (${statuses})) as ${name}`).join(', ')}
       from read.settlements group by merchant
     ), latest as (
       select merchant, sum(carried_out_minor) as carried, sum(withheld_balance_minor) as withheld,
              sum(recoverable_balance_minor) as recoverable
       from (select distinct on (merchant, funding_mode) * from read.settlements where prepared_by is not null
             order by merchant, funding_mode, cutoff desc) as last group by merchant
     )
     select merchant, m.name, coalesce(u.amount, 0) as unsettled, coalesce(s.proposed, 0) as proposed,
            ${SETTLED.map(([name]) => `coalesce(s.${name}, 0) as ${name}`).join(', ')},
            coalesce(l.carried, 0) as carried, coalesce(l.withheld, 0) as withheld,
            coalesce(l.recoverable, 0) as recoverable
     from unsettled u full join settled s using (merchant) left join latest l using (merchant)
     left join read.merchants m using (merchant) order by m.name, merchant`,
  );
  return rows.map((row) => ({
    merchant: row.merchant === ERASED ? 'erased' : row.merchant,
    ...(row.name === null ? {} : { name: row.name }),
    unsettledMinor: row['unsettled'] as number,
    proposedMinor: row['proposed'] as number,
    preparedMinor: row['prepared'] as number,
    approvedMinor: row['approved'] as number,
    heldMinor: row['held'] as number,
    instructedMinor: row['instructed'] as number,
    failedMinor: row['failed'] as number,
    disputedMinor: row['disputed'] as number,
    paidMinor: row['paid'] as number,
    carriedDebtMinor: row['carried'] as number,
    withheldMinor: row['withheld'] as number,
    recoverableMinor: row['recoverable'] as number,
  }));
}

const SETTLED: readonly (readonly [string, string])[] = [
  ['prepared', `'prepared'`],
  ['approved', `'approved'`],
  ['held', `'held'`],
  ['instructed', `'instructed'`],
  ['failed', `'payment-failed', 'payment-returned'`],
  ['disputed', `'disputed'`],
  ['paid', `'paid', 'reconciled'`],
];

/** What a merchant redeemed and reversed in each window. `cutoff` is the number of the cut-off that ends it. */
export async function windowsOf({ db }: ReadDatabase, merchant: string) {
  const rows = await db
    .selectFrom('merchant_windows')
    .selectAll()
    .where('merchant', '=', merchant)
    .where(sql<boolean>`(redeemed_count, gross_minor, reversals_minor) <> (0, 0, 0)`)
    .orderBy('cutoff')
    .orderBy('funding_mode')
    .execute();
  return rows.map((row) => ({
    cutoff: row.cutoff,
    fundingMode: row.funding_mode,
    redeemedCount: row.redeemed_count,
    grossMinor: row.gross_minor,
    reversalsMinor: row.reversals_minor,
    recoverableMinor: row.recoverable_minor,
  }));
}
