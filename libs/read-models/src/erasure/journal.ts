import type pg from 'pg';
import type { Work } from '../projector/work.js';

type Posting = [account: string, amountMinor: number, merchant: string];

/** Postings of these positions lose their merchant, and the merchants' balances what they held of them. */
export async function blankJournal(
  client: pg.PoolClient,
  work: Work,
  movements: readonly { readonly position: number }[],
): Promise<void> {
  const { rows } = await client.query<{ position: number; postings: Posting[] }>(
    'select position, postings from read.journal where position = any($1::bigint[])',
    [movements.map(({ position }) => position)],
  );
  for (const [account, amount, merchant] of rows.flatMap(({ postings }) => postings)) {
    if (merchant === '') continue;
    for (const [holder, sign] of [[merchant, -1] as const, ['', 1] as const]) {
      const balance = work.accountBalances.at(account, holder);
      balance.balance_minor += sign * amount;
      balance.posting_count += sign;
    }
  }
  const blanked = rows.map(({ postings }) =>
    JSON.stringify(postings.map(([account, amount]) => [account, amount, ''])),
  );
  await client.query(
    `update read.journal j set postings = u.postings::json
     from unnest($1::bigint[], $2::text[]) as u(position, postings) where j.position = u.position`,
    [rows.map(({ position }) => position), blanked],
  );
}
