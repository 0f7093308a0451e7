import type { ReadDatabase } from '../database.js';

export interface TrialBalance {
  readonly accounts: readonly {
    /** Account code of the chart of accounts. */
    readonly account: string;
    /** Only on accounts that are kept by merchant, and where the merchant is known. */
    readonly merchant?: string;
    /** Debits positive. */
    readonly balanceMinor: number;
    readonly postings: number;
  }[];
  /** Zero, or the books are broken. */
  readonly sumMinor: number;
  /** Events up to, not including, this position are in it. */
  readonly asOf: number;
}

interface BalanceRow {
  readonly account: string | null;
  readonly merchant: string | null;
  readonly balance: number | null;
  readonly postings: number | null;
  readonly as_of: number;
}

/** Balances of all accounts now, those with a balance of zero too. */
export async function trialBalance({ pool }: ReadDatabase): Promise<TrialBalance> {
  // One statement, so the balances and the position are of one snapshot.
  const { rows } = await pool.query<BalanceRow>(
    `select a.account, a.merchant, a.balance_minor as balance, a.posting_count as postings, c.next_position as as_of
     from read.checkpoint c left join read.account_balances a on true order by a.account collate "C", a.merchant`,
  );
  const accounts = rows.flatMap(({ account, balance, merchant, postings }) =>
    account === null
      ? []
      : [{ account, ...(merchant ? { merchant } : {}), balanceMinor: balance ?? 0, postings: postings ?? 0 }],
  );
  return {
    accounts,
    sumMinor: accounts.reduce((sum, { balanceMinor }) => sum + balanceMinor, 0),
    asOf: rows[0]?.as_of ?? 0,
  };
}

export interface JournalEntry {
  readonly position: number;
  readonly day: string;
  readonly type: string;
  readonly postings: readonly { readonly account: string; readonly amountMinor: number; readonly merchant?: string }[];
}

/** Journal entries in order from a position on, at most `limit` (1 … 10,000). */
export async function journalEntries(
  { db }: ReadDatabase,
  page: { readonly from?: number; readonly limit?: number } = {},
): Promise<readonly JournalEntry[]> {
  const rows = await db
    .selectFrom('journal')
    .selectAll()
    .where('position', '>=', page.from ?? 0)
    .orderBy('position')
    .limit(Math.min(10_000, Math.max(1, page.limit ?? 1_000)))
    .execute();
  return rows.map(({ day, position, postings, type }) => ({
    position,
    day,
    type,
    postings: (postings as readonly [string, number, string][]).map(([account, amountMinor, merchant]) => ({
      account,
      amountMinor,
      ...(merchant === '' ? {} : { merchant }),
    })),
  }));
}
