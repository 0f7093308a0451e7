import { isUuid } from '@aidtrail/envelope';
import { recordReads, refuseAccess, type Access, type AccessRefusal } from '../people/access.js';
import { openBatchRowOrThrow, openPersonOrThrow, personKeyOrThrow, type SealedPerson } from '../people/person.js';
import type { RegistryContext } from '../registry-context.js';

/** What a worker needs to hand a voucher to the right household, and no more. */
export interface HouseholdSlip {
  readonly batchId: string;
  readonly number: number;
  readonly voucherId: string;
  readonly name: string;
  /** To compare with the card: the last four characters, the rest as asterisks. */
  readonly maskedIdNumber: string;
  readonly community: string;
  readonly township?: string;
  readonly address?: string;
  readonly household?: string;
  readonly group: string;
}

export type SlipsResult =
  | { readonly status: 'found'; readonly slips: readonly HouseholdSlip[]; readonly erasedNumbers: readonly number[] }
  | AccessRefusal;

export type SlipResult =
  | { readonly status: 'found'; readonly slip: HouseholdSlip }
  | { readonly status: 'erased' | 'not_found' }
  | AccessRefusal;

/** One slip; see {@link householdSlips}. */
export async function householdSlip(
  context: RegistryContext,
  batchId: string,
  number: number,
  access: Access,
): Promise<SlipResult> {
  const result = await householdSlips(context, { batchId, fromNumber: number, limit: 1 }, access);
  if (result.status === 'refused') return result;
  const slip = result.slips[0];
  if (slip?.number === number) return { status: 'found', slip };
  return { status: result.erasedNumbers[0] === number ? 'erased' : 'not_found' };
}

interface SlipRow extends SealedPerson {
  readonly number: number;
  readonly voucher_id: string;
  readonly row_sealed: Buffer | null;
}

/** A page of slips for printing, in order of voucher number. Each person's read is recorded before it is opened. */
export async function householdSlips(
  context: RegistryContext,
  page: { readonly batchId: string; readonly fromNumber: number; readonly limit: number },
  access: Access,
): Promise<SlipsResult> {
  const refusal = refuseAccess(access);
  if (refusal !== undefined) return refusal;
  const { rows } = await context.pool.query<SlipRow>(
    `select b.number, b.voucher_id, b.sealed as row_sealed, p.person_id, p.wrapped_key, p.sealed
       from registry.batch_rows b join registry.people p on p.person_id = b.person_id
      where b.batch_id = $1 and b.number >= $2
      order by b.number limit $3`,
    [page.batchId, page.fromNumber, page.limit],
  );
  await recordReads(
    context,
    rows.map((row) => row.person_id),
    access,
  );
  const slips: HouseholdSlip[] = [];
  const erasedNumbers: number[] = [];
  for (const row of rows) {
    const slip = slipOf(context, page.batchId, row);
    if (slip === undefined) erasedNumbers.push(row.number);
    else slips.push(slip);
  }
  return { status: 'found', slips, erasedNumbers };
}

function slipOf(context: RegistryContext, batchId: string, row: SlipRow): HouseholdSlip | undefined {
  const key = personKeyOrThrow(context, row);
  const person = openPersonOrThrow(context, row);
  if (key === undefined || person === undefined || row.row_sealed === null) return undefined;
  const { group, community } = openBatchRowOrThrow(key, row.row_sealed, row.voucher_id);
  const { name, idNumber, township, address, household } = person;
  return {
    batchId,
    number: row.number,
    voucherId: row.voucher_id,
    name,
    maskedIdNumber: idNumber.slice(-4).padStart(idNumber.length, '*'),
    community,
    ...(township === undefined ? {} : { township }),
    ...(address === undefined ? {} : { address }),
    ...(household === undefined ? {} : { household }),
    group,
  };
}

/** A voucher or care card that a person is entitled to. */
export interface Entitlement {
  readonly voucherId: string;
  readonly batchId: string;
  readonly number: number;
  readonly programmeId: string;
  readonly campaignId: string;
  readonly partnerId: string;
  readonly kind: string;
}

export type EntitlementsResult =
  | { readonly status: 'found'; readonly entitlements: readonly Entitlement[] }
  | { readonly status: 'not_found' }
  | AccessRefusal;

/** Ids of all vouchers and cards that were prepared for a person; tells nothing about the person, so it is no read. */
export async function voucherIdsOfPerson(context: RegistryContext, personId: string): Promise<readonly string[]> {
  const { rows } = await context.pool.query<{ readonly voucher_id: string }>(
    'select voucher_id from registry.batch_rows where person_id = $1 order by voucher_id',
    [personId],
  );
  return rows.map((row) => row.voucher_id);
}

/** All entitlements of a person in prepared batches. Which vouchers are whose is personal: the read is recorded. */
export async function entitlementsOf(
  context: RegistryContext,
  personId: string,
  access: Access,
): Promise<EntitlementsResult> {
  const refusal = refuseAccess(access);
  if (refusal !== undefined) return refusal;
  if (!isUuid(personId)) return { status: 'not_found' };
  const person = await context.db
    .selectFrom('registry.people')
    .select('person_id')
    .where('person_id', '=', personId)
    .executeTakeFirst();
  if (person === undefined) return { status: 'not_found' };
  await recordReads(context, [personId], access);
  const rows = await context.db
    .selectFrom('registry.batch_rows as r')
    .innerJoin('registry.batches as b', 'b.batch_id', 'r.batch_id')
    .select(['r.voucher_id', 'r.batch_id', 'r.number', 'b.programme_id', 'b.campaign_id', 'b.partner_id', 'b.kind'])
    .where('r.person_id', '=', personId)
    .where('b.status', '=', 'prepared')
    .orderBy('b.created_at')
    .orderBy('r.batch_id')
    .execute();
  const entitlements = rows.map((row) => ({
    voucherId: row.voucher_id,
    batchId: row.batch_id,
    number: row.number,
    programmeId: row.programme_id,
    campaignId: row.campaign_id,
    partnerId: row.partner_id,
    kind: row.kind,
  }));
  return { status: 'found', entitlements };
}
