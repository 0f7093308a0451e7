import { base64Encode, canonicalBytes } from '@aidtrail/envelope';
import { CompactRange, createTreeHasher } from '@aidtrail/public-log';
import type pg from 'pg';
import { derivedId, seal, sha256 } from '../crypto/sealing.js';
import { inTransaction } from '../database/registry-database.js';
import { openRosterRowOrThrow } from '../people/import-roster.js';
import { packBatchRow, personKeyOrThrow } from '../people/person.js';
import { places, type RegistryContext } from '../registry-context.js';

export interface BatchRequest {
  readonly rosterId: string;
  readonly batchId: string;
  readonly programmeId: string;
  readonly campaignId: string;
  readonly partnerId: string;
  /** What each household gets: a value voucher, or a care card for one service. */
  readonly kind: 'voucher' | 'care_card';
}

export interface PreparedBatch {
  readonly batchId: string;
  readonly count: number;
  /** RFC 6962 root over the n row commitments (32 bytes each) in order of voucher number, base64. */
  readonly rosterRoot: string;
}

export type BatchRefusalCode =
  | 'batch_differs'
  | 'batch_released'
  | 'unknown_roster'
  | 'roster_withdrawn'
  | 'roster_of_another_campaign'
  | 'roster_already_used'
  | 'roster_empty';

export type PrepareBatchResult =
  | ({ readonly status: 'prepared'; readonly communities: readonly string[] } & PreparedBatch)
  | { readonly status: 'refused'; readonly code: BatchRefusalCode };

/**
 * Turns a roster into the rows of a batch: shuffled, so that the order of vouchers says nothing about the order of the
 * list; each with its voucher id (UUIDv8 of HMAC-SHA-256(batch secret, number in decimal)), its commitment
 * (SHA-256(salt ‖ canonical JSON of {v, person, group, community})) and its own key, wrapped by the person's.
 *
 * The batch secret is stored, wrapped, before anything is derived from it. Everything else is written in one
 * transaction, so a crash leaves either a batch that is drawn anew (nobody has seen it) or a prepared one; asking again
 * for a prepared batch returns the same.
 */
export async function prepareBatch(context: RegistryContext, request: BatchRequest): Promise<PrepareBatchResult> {
  const refusal = (await refuseBatch(context, request)) ?? (await storeSecret(context, request));
  if (refusal !== undefined) return { status: 'refused', code: refusal };
  return inTransaction(context.pool, (client) => draw(context, client, request));
}

async function refuseBatch(context: RegistryContext, request: BatchRequest): Promise<BatchRefusalCode | undefined> {
  const roster = await context.db
    .selectFrom('registry.rosters')
    .selectAll()
    .where('roster_id', '=', request.rosterId)
    .executeTakeFirst();
  if (roster === undefined) return 'unknown_roster';
  if (roster.status === 'withdrawn') return 'roster_withdrawn';
  const isOwn = roster.programme_id === request.programmeId && roster.campaign_id === request.campaignId;
  return isOwn ? undefined : 'roster_of_another_campaign';
}

/** Committed on its own: from here on the batch has its secret, whatever happens. */
async function storeSecret(context: RegistryContext, request: BatchRequest): Promise<BatchRefusalCode | undefined> {
  const { batchId, rosterId, programmeId, campaignId, partnerId, kind } = request;
  const wrapped = context.keys.wrap(context.random.take(32), places.batchSecret(batchId));
  // One batch a roster and kind: a second one would give every household on the list twice.
  await context.db
    .insertInto('registry.batches')
    .values({
      batch_id: batchId,
      roster_id: rosterId,
      programme_id: programmeId,
      campaign_id: campaignId,
      partner_id: partnerId,
      kind,
      wrapped_secret: wrapped,
      status: 'drawing',
      row_count: null,
      roster_root: null,
      created_at: context.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const batch = await context.db
    .selectFrom('registry.batches')
    .selectAll()
    .where('batch_id', '=', batchId)
    .executeTakeFirst();
  if (batch === undefined) return 'roster_already_used';
  if (batch.roster_id !== rosterId || batch.partner_id !== partnerId || batch.kind !== kind) return 'batch_differs';
  return batch.status === 'released' ? 'batch_released' : undefined;
}

interface RowToDraw {
  readonly roster_id: string;
  readonly person_id: string;
  readonly sealed: Buffer;
  readonly wrapped_key: Buffer;
}

interface BatchUnderLock {
  readonly status: string;
  readonly wrapped_secret: Buffer;
  readonly row_count: number;
  readonly roster_root: Buffer;
}

async function draw(
  context: RegistryContext,
  client: pg.PoolClient,
  request: BatchRequest,
): Promise<PrepareBatchResult> {
  const { batchId, rosterId } = request;
  const locked = await client.query<BatchUnderLock>(
    'select status, wrapped_secret, row_count, roster_root from registry.batches where batch_id = $1 for update',
    [batchId],
  );
  const batch = locked.rows[0];
  if (batch === undefined || batch.status === 'released') return { status: 'refused', code: 'batch_released' };
  const { rows } = await client.query<RowToDraw>(
    `select rr.roster_id, rr.person_id, rr.sealed, p.wrapped_key
       from registry.roster_rows rr join registry.people p on p.person_id = rr.person_id
      where rr.roster_id = $1 and rr.sealed is not null and p.wrapped_key is not null
      order by rr.line`,
    [rosterId],
  );
  if (batch.status === 'prepared') {
    const communities = communitiesOf(context, rows);
    const { row_count: count, roster_root: root } = batch;
    return { status: 'prepared', batchId, count, rosterRoot: base64Encode(root), communities };
  }
  const roster = await client.query<{ status: string }>(
    'select status from registry.rosters where roster_id = $1 for share',
    [rosterId],
  );
  if (roster.rows[0]?.status !== 'active') return { status: 'refused', code: 'roster_withdrawn' };
  if (rows.length === 0) return { status: 'refused', code: 'roster_empty' };
  context.random.shuffle(rows);
  const secret = context.keys.unwrapOrThrow(batch.wrapped_secret, places.batchSecret(batchId));
  const { root, communities } = await insertRows(context, client, { batchId, secret, rows });
  await client.query(
    `update registry.batches set status = 'prepared', row_count = $2, roster_root = $3 where batch_id = $1`,
    [batchId, rows.length, root],
  );
  return { status: 'prepared', batchId, count: rows.length, rosterRoot: base64Encode(root), communities };
}

/** Sorted and without repeats. People erased since are left out. */
function communitiesOf(context: RegistryContext, rows: readonly RowToDraw[]): string[] {
  const communities = new Set<string>();
  for (const row of rows) {
    const key = personKeyOrThrow(context, row);
    if (key !== undefined) communities.add(openRosterRowOrThrow(key, row).community);
  }
  return [...communities].sort();
}

const chunkRows = 2000;

async function insertRows(
  context: RegistryContext,
  client: pg.PoolClient,
  { batchId, secret, rows }: { batchId: string; secret: Uint8Array; rows: readonly RowToDraw[] },
): Promise<{ root: Uint8Array; communities: string[] }> {
  const hasher = createTreeHasher(sha256);
  const tree = new CompactRange(hasher);
  const communities = new Set<string>();
  for (let start = 0; start < rows.length; start += chunkRows) {
    const drawn = rows.slice(start, start + chunkRows).map((row, offset) => {
      const result = drawRow(context, secret, row, start + offset);
      tree.append(hasher.leafHash(result.commitment));
      communities.add(result.community);
      return result;
    });
    await client.query(
      `insert into registry.batch_rows (batch_id, number, voucher_id, person_id, commitment, sealed)
       select $1, number, voucher, person, commitment, sealed
         from unnest($2::integer[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[])
           as t(number, voucher, person, commitment, sealed)`,
      [
        batchId,
        drawn.map(({ number }) => number),
        drawn.map(({ voucherId }) => voucherId),
        drawn.map(({ personId }) => personId),
        drawn.map(({ commitment }) => commitment),
        drawn.map(({ sealed }) => sealed),
      ],
    );
  }
  return { root: tree.root(), communities: [...communities].sort() };
}

interface DrawnRow {
  readonly number: number;
  readonly voucherId: string;
  readonly personId: string;
  readonly commitment: Uint8Array;
  readonly sealed: Buffer;
  readonly community: string;
}

function drawRow(context: RegistryContext, secret: Uint8Array, row: RowToDraw, number: number): DrawnRow {
  const personId = row.person_id;
  const key = context.keys.unwrapOrThrow(row.wrapped_key, places.personKey(personId));
  const { group, community } = openRosterRowOrThrow(key, row);
  const voucherId = derivedId(secret, String(number));
  const salt = context.random.take(16);
  const packed = packBatchRow({ sealKey: context.random.take(32), salt, group, community });
  const sealed = seal(key, packed, places.batchRow(voucherId), context.random.take(12));
  return {
    number,
    voucherId,
    personId,
    commitment: rowCommitment(salt, { person: personId, group, community }),
    sealed,
    community,
  };
}

/** SHA-256(salt ‖ JCS of {v:1, person, group, community}): 32 bytes. The salt has 16 bytes. */
export function rowCommitment(
  salt: Uint8Array,
  row: { readonly person: string; readonly group: string; readonly community: string },
): Uint8Array {
  const { person, group, community } = row;
  return sha256(Buffer.concat([salt, canonicalBytes({ v: 1, person, group, community })]));
}

/**
 * Gives the roster of a batch free again, after the batch was rejected or not funded. The batch's rows stay, because
 * its commitments may have been published. True if there was such a batch.
 */
export async function releaseBatch(context: RegistryContext, batchId: string): Promise<boolean> {
  const { numUpdatedRows } = await context.db
    .updateTable('registry.batches')
    .set({ status: 'released' })
    .where('batch_id', '=', batchId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
