import type pg from 'pg';
import type { RegistryContext } from './registry-context.js';

/**
 * Vouchers and donations whose keys were destroyed and whose private fields may still stand elsewhere in the clear, in the
 * read models. They are noted in the transaction that destroys the keys, so that a crash afterwards forgets none of them,
 * and struck off by whoever has blanked them. Random ids only.
 */
export interface Leftovers {
  readonly vouchers: readonly string[];
  readonly donations: readonly string[];
}

/** `readable` selects, for `ids` as $1, what is about to become unreadable. Part of the caller's transaction. */
export async function noteLeftovers(
  client: pg.PoolClient,
  kind: 'voucher' | 'donation',
  readable: string,
  ids: readonly string[],
): Promise<void> {
  await client.query(
    `insert into registry.leftovers (kind, id) select $2, subject.id from (${readable}) as subject(id)
     on conflict do nothing`,
    [ids, kind],
  );
}

/** At most `limit`, always the same until they are struck off. */
export async function leftovers(context: RegistryContext, limit: number): Promise<Leftovers> {
  const rows = await context.db
    .selectFrom('registry.leftovers')
    .selectAll()
    .orderBy('kind')
    .orderBy('id')
    .limit(limit)
    .execute();
  const of = (kind: 'voucher' | 'donation') => rows.filter((row) => row.kind === kind).map(({ id }) => id);
  return { vouchers: of('voucher'), donations: of('donation') };
}

export async function strikeLeftovers(context: RegistryContext, done: Leftovers): Promise<void> {
  await context.pool.query(
    `delete from registry.leftovers
      where kind = 'voucher' and id = any($1::uuid[]) or kind = 'donation' and id = any($2::uuid[])`,
    [done.vouchers, done.donations],
  );
}
