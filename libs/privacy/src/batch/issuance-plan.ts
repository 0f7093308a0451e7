import { base64Encode, isUuid } from '@aidtrail/envelope';
import { hmac } from '../crypto/sealing.js';
import { openBatchRowOrThrow, personKeyOrThrow } from '../people/person.js';
import { places, type RegistryContext } from '../registry-context.js';
import type { PreparedBatch } from './prepare-batch.js';

/** What voucher `number` of a batch will be. */
export interface IssuanceRow {
  /** 0-based. */
  readonly number: number;
  readonly voucherId: string;
  /** base64 of 32 bytes */
  readonly commitment: string;
  /** 32 bytes; the disclosures of the voucher's events are encrypted under it. */
  readonly sealKey: Uint8Array;
  readonly group: string;
  readonly community: string;
  readonly partner: string;
  /**
   * The person was erased after the batch was prepared. The voucher still has to be issued, or the commitments would not
   * rebuild the published root; group and community are the word `erased`, the key is a throw-away.
   */
  readonly erased: boolean;
}

/** A prepared batch, or undefined. */
export async function preparedBatch(context: RegistryContext, batchId: string): Promise<PreparedBatch | undefined> {
  const batch = await context.db
    .selectFrom('registry.batches')
    .select(['row_count', 'roster_root'])
    .where('batch_id', '=', batchId)
    .where('status', '=', 'prepared')
    .executeTakeFirst();
  if (batch === undefined || batch.row_count === null || batch.roster_root === null) return undefined;
  return { batchId, count: batch.row_count, rosterRoot: base64Encode(batch.roster_root) };
}

interface PlannedRow {
  readonly number: number;
  readonly voucher_id: string;
  /** base64 */
  readonly commitment: string;
  readonly sealed: Buffer | null;
  readonly person_id: string;
  readonly wrapped_key: Buffer | null;
}

/**
 * The rows from `fromNumber` on, at most `limit`, in order of number and always the same. Empty for a batch that is not
 * prepared. Throws SealBroken.
 */
export async function issuancePlan(
  context: RegistryContext,
  batchId: string,
  fromNumber: number,
  limit: number,
): Promise<readonly IssuanceRow[]> {
  const batch = await context.db
    .selectFrom('registry.batches')
    .select(['partner_id', 'wrapped_secret'])
    .where('batch_id', '=', batchId)
    .where('status', '=', 'prepared')
    .executeTakeFirst();
  if (batch === undefined) return [];
  const secret = context.keys.unwrapOrThrow(batch.wrapped_secret, places.batchSecret(batchId));
  const { rows } = await context.pool.query<PlannedRow>(
    // Numbers have no gaps, and a range is read by the index even where the planner knows nothing of the table yet; then
    // each person by index: the planner would rather read all people for every page.
    `select b.number, b.voucher_id, encode(b.commitment, 'base64') as commitment, b.sealed, p.person_id, p.wrapped_key
       from (select * from registry.batch_rows where batch_id = $1 and number >= $2 and number < $2 + $3::int) b
      cross join lateral
            (select person_id, wrapped_key from registry.people where person_id = b.person_id offset 0) p
      order by b.number`,
    [batchId, fromNumber, limit],
  );
  return rows.map((row) => {
    const base = {
      number: row.number,
      voucherId: row.voucher_id,
      commitment: row.commitment,
      partner: batch.partner_id,
    };
    const key = personKeyOrThrow(context, row);
    if (key === undefined || row.sealed === null) {
      // Derived, so that a resumed issuance seals the same bytes again.
      const sealKey = new Uint8Array(hmac(secret, `erased:${row.number}`));
      return { ...base, sealKey, group: 'erased', community: 'erased', erased: true };
    }
    const { sealKey, group, community } = openBatchRowOrThrow(key, row.sealed, row.voucher_id);
    return { ...base, sealKey, group, community, erased: false };
  });
}

/** The voucher ids from `fromNumber` on, at most `limit`, in order of number. */
export async function voucherIds(
  context: RegistryContext,
  batchId: string,
  fromNumber: number,
  limit: number,
): Promise<readonly string[]> {
  const rows = await context.db
    .selectFrom('registry.batch_rows')
    .select('voucher_id')
    .where('batch_id', '=', batchId)
    .where('number', '>=', fromNumber)
    .orderBy('number')
    .limit(limit)
    .execute();
  return rows.map((row) => row.voucher_id);
}

/** The id of one voucher of a batch; undefined if the batch has no such number. */
export async function voucherIdOf(
  context: RegistryContext,
  batchId: string,
  number: number,
): Promise<string | undefined> {
  const row = await context.db
    .selectFrom('registry.batch_rows')
    .select('voucher_id')
    .where('batch_id', '=', batchId)
    .where('number', '=', number)
    .executeTakeFirst();
  return row?.voucher_id;
}

/**
 * The keys under which the vouchers' disclosures are encrypted: 32 bytes each, or `erased`. Ids that are no voucher of
 * this registry are left out. One indexed query for all; nothing is cached, so an erasure holds at once for every
 * process. Throws SealBroken.
 */
export async function voucherSealKeys(
  context: RegistryContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array | 'erased'>> {
  const { rows } = await context.pool.query<Omit<PlannedRow, 'number' | 'commitment'>>({
    name: 'registry-voucher-seal-keys',
    text: `select b.voucher_id, b.sealed, p.person_id, p.wrapped_key
             from registry.batch_rows b join registry.people p on p.person_id = b.person_id
            where b.voucher_id = any($1::uuid[])`,
    values: [ids.filter(isUuid)],
  });
  return new Map(
    rows.map((row) => {
      const key = personKeyOrThrow(context, row);
      const isErased = key === undefined || row.sealed === null;
      return [row.voucher_id, isErased ? 'erased' : openBatchRowOrThrow(key, row.sealed, row.voucher_id).sealKey];
    }),
  );
}
