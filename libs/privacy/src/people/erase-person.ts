import { isUuid } from '@aidtrail/envelope';
import type pg from 'pg';
import { inTransaction } from '../database/registry-database.js';
import { isErasureReason, type ErasureReason } from '../erasure-list.js';
import { noteLeftovers } from '../leftovers.js';
import type { RegistryContext } from '../registry-context.js';

export interface ErasureOrder {
  readonly reason: ErasureReason;
  /** The officer's pseudonym or key id; kept in the registry, not in the list. */
  readonly by: string;
}

export type ErasureResult = { readonly status: 'erased' | 'already_erased' | 'unknown_person' | 'unknown_reason' };

/**
 * Destroys what makes a person readable: the person's key, the sealed row, the rows of rosters and batches (with salts
 * and voucher keys), the duplicate tags and those of searches. What stays are ids, commitments and the record of reads, so every proof
 * still verifies. What the read models still say of the person's vouchers is noted in the same transaction (`Leftovers`).
 * Idempotent.
 *
 * The list comes first: after a crash between the two, the next start finishes the erasure. The other way round a
 * restored backup could bring the person back and nobody would know.
 */
export async function erasePerson(
  context: RegistryContext,
  personId: string,
  order: ErasureOrder,
): Promise<ErasureResult> {
  if (!isErasureReason(order.reason)) return { status: 'unknown_reason' };
  if (!isUuid(personId)) return { status: 'unknown_person' };
  const person = await context.db
    .selectFrom('registry.people')
    .select('erased_at')
    .where('person_id', '=', personId)
    .executeTakeFirst();
  if (person === undefined) return { status: 'unknown_person' };
  if (person.erased_at !== null) return { status: 'already_erased' };
  const date = context.now().toISOString().slice(0, 10);
  await context.erasures.append({ kind: 'person', id: personId, date, reason: order.reason });
  await destroy(context, [{ id: personId, reason: order.reason, by: order.by }]);
  return { status: 'erased' };
}

/** What else has to be saved of vouchers whose keys are about to be destroyed; it may read them for the last time. */
export type KeepBooks = (voucherIds: readonly string[]) => Promise<void>;

/**
 * Applies the whole list again, as after a backup was restored. Returns how many people it had to erase: 0 on a
 * database that missed nothing. `keepBooks` is asked before anything is destroyed, and only if something will be.
 */
export async function reapplyPersonErasures(context: RegistryContext, keepBooks: KeepBooks): Promise<number> {
  const listed = (await context.erasures.readAll()).filter(({ kind }) => kind === 'person');
  let erased = 0;
  for (let start = 0; start < listed.length; start += 1000) {
    const part = listed.slice(start, start + 1000);
    const readable = await readableVouchers(
      context,
      part.map(({ id }) => id),
    );
    if (readable.length > 0) await keepBooks(readable);
    erased += await destroy(
      context,
      part.map(({ id, reason }) => ({ id, reason, by: 'list-of-erasures' })),
    );
  }
  return erased;
}

async function readableVouchers(context: RegistryContext, personIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await context.pool.query<{ voucher_id: string }>(
    `select b.voucher_id from registry.batch_rows b join registry.people p on p.person_id = b.person_id
      where p.person_id = any($1::uuid[]) and p.erased_at is null and b.sealed is not null`,
    [personIds],
  );
  return rows.map(({ voucher_id }) => voucher_id);
}

interface PersonToErase {
  readonly id: string;
  readonly reason: string;
  readonly by: string;
}

function destroy(context: RegistryContext, people: readonly PersonToErase[]): Promise<number> {
  const ids = people.map(({ id }) => id);
  const now = context.now();
  return inTransaction(context.pool, async (client: pg.PoolClient) => {
    const { rowCount } = await client.query(
      `update registry.people p
          set wrapped_key = null, sealed = null, erased_at = $4, erasure_reason = e.reason, erased_by = e.erased_by
         from (select distinct on (id) * from unnest($1::uuid[], $2::text[], $3::text[]) as t(id, reason, erased_by)) e
        where p.person_id = e.id and p.erased_at is null`,
      [ids, people.map(({ reason }) => reason), people.map(({ by }) => by), now],
    );
    await noteLeftovers(
      client,
      'voucher',
      'select voucher_id from registry.batch_rows where person_id = any($1::uuid[]) and sealed is not null',
      ids,
    );
    for (const table of ['person_duplicates', 'person_finders']) {
      await client.query(`delete from registry.${table} where person_id = any($1::uuid[])`, [ids]);
    }
    for (const table of ['roster_rows', 'batch_rows']) {
      await client.query(
        `update registry.${table} set sealed = null where person_id = any($1::uuid[]) and sealed is not null`,
        [ids],
      );
    }
    return rowCount ?? 0;
  });
}
