import { isUuid } from '@aidtrail/envelope';
import * as slips from '../batch/household-slip.js';
import * as plan from '../batch/issuance-plan.js';
import { prepareBatch, releaseBatch, type BatchRequest, type PrepareBatchResult } from '../batch/prepare-batch.js';
import { requireSameSecretOrThrow } from '../database/registry-database.js';
import { leftovers, strikeLeftovers, type Leftovers } from '../leftovers.js';
import { openRegistryContext, type RegisterOptions, type RegistryContext } from '../registry-context.js';
import { readsOf, recordReads, refuseAccess, type Access, type AccessRefusal, type RecordedRead } from './access.js';
import { DuplicateTagger, type IdentityNumber, type Pepper } from './duplicate-tags.js';
import { erasePerson, reapplyPersonErasures, type ErasureOrder, type ErasureResult } from './erase-person.js';
import { importRoster, type RosterImportRequest, type RosterImportResult } from './import-roster.js';
import { openPersonOrThrow, type PersonDetails } from './person.js';
import { searchPeople, type PersonSearch, type SearchPeopleResult } from './search-people.js';

export type PeopleRegistryOptions = RegisterOptions & {
  readonly peppers: readonly Pepper[];
  /**
   * Asked before people on the list of erasures are erased again, as after a restore, with the ids of their vouchers and
   * their keys: whoever needs something of these vouchers must keep it before this resolves. By default nobody does.
   */
  readonly keepBooks?: (voucherIds: readonly string[], keys: Pick<PeopleRegistry, 'sealKeysOf'>) => Promise<void>;
};

export type ReadPersonResult =
  | { readonly status: 'found'; readonly person: PersonDetails }
  | { readonly status: 'erased' | 'not_found' }
  | AccessRefusal;

/**
 * The registry of people, their rosters and the batches made of them. It is the only place where personal data lives:
 * one row a person, encrypted (AES-256-GCM) under that person's own key, which the master key wraps.
 *
 * Refusals are values; faults (database unreachable, a seal broken) are exceptions. No result but those that return a
 * person, and no exception, holds anything personal.
 */
export interface PeopleRegistry {
  /** Records the read durably, then returns the person. */
  readPerson(personId: string, access: Access): Promise<ReadPersonResult>;
  /** Every recorded read, oldest first. */
  readsOf(personId: string): Promise<readonly RecordedRead[]>;
  /** The person's id in this programme; undefined if unknown or erased. The number as the parser normalises it. */
  findPerson(programmeId: string, identity: IdentityNumber): Promise<string | undefined>;
  /** Records the search and each read durably, then returns who was found, masked. */
  searchPeople(search: PersonSearch, access: Access): Promise<SearchPeopleResult>;
  erasePerson(personId: string, order: ErasureOrder): Promise<ErasureResult>;
  /** Applies the list of erasures again; done once before this registry is handed out. Returns how many were missing. */
  reapplyErasures(): Promise<number>;
  /** What erasures, of people and of donations, have left to be blanked outside the registry; at most `limit`. */
  leftovers(limit: number): Promise<Leftovers>;
  /** They were blanked, and nothing that was read before their keys were destroyed can come back. */
  strikeLeftovers(done: Leftovers): Promise<void>;
  importRoster(request: RosterImportRequest): Promise<RosterImportResult>;
  /** Campaigns that have the person on a roster in use; empty for an unknown one. */
  campaignsOf(personId: string): Promise<readonly string[]>;
  /** Takes a roster out of use, unless a batch was made of it. */
  withdrawRoster(rosterId: string): Promise<'withdrawn' | 'roster_in_use' | 'unknown_roster'>;
  prepareBatch(request: BatchRequest): Promise<PrepareBatchResult>;
  releaseBatch(batchId: string): Promise<boolean>;
  preparedBatch: (batchId: string) => ReturnType<typeof plan.preparedBatch>;
  issuancePlan(batchId: string, fromNumber: number, limit: number): Promise<readonly plan.IssuanceRow[]>;
  voucherIds(batchId: string, fromNumber: number, limit: number): Promise<readonly string[]>;
  voucherIdOf(batchId: string, number: number): Promise<string | undefined>;
  sealKeysOf(voucherIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | 'erased'>>;
  entitlementsOf(personId: string, access: Access): Promise<slips.EntitlementsResult>;
  /** Ids of the vouchers and cards prepared for a person; empty for an unknown one. */
  voucherIdsOfPerson(personId: string): Promise<readonly string[]>;
  householdSlip(batchId: string, number: number, access: Access): Promise<slips.SlipResult>;
  householdSlips(
    page: { readonly batchId: string; readonly fromNumber: number; readonly limit: number },
    access: Access,
  ): Promise<slips.SlipsResult>;
  /** Ends the connections if they are the registry's own. */
  close(): Promise<void>;
}

/**
 * Migrates the schema `registry`, checks that master key and peppers are the ones it was made with, and applies the list
 * of erasures: a registry that was restored from a backup cannot be used before that. Throws if any of this fails.
 */
export async function createPeopleRegistry(options: PeopleRegistryOptions): Promise<PeopleRegistry> {
  const tagger = new DuplicateTagger(options.peppers);
  const context = await openRegistryContext(options);
  const sealKeysOf = (ids: readonly string[]) => plan.voucherSealKeys(context, ids);
  const reapply = () =>
    reapplyPersonErasures(context, async (voucherIds) => options.keepBooks?.(voucherIds, { sealKeysOf }));
  try {
    for (const { version, key } of options.peppers) {
      await requireSameSecretOrThrow(context.db, { name: `pepper-${version}`, key });
    }
    await reapply();
  } catch (error) {
    await context.close();
    throw error;
  }
  return {
    readPerson: (personId, access) => readPerson(context, personId, access),
    readsOf: (personId) => (isUuid(personId) ? readsOf(context, personId) : Promise.resolve([])),
    findPerson: (programmeId, identity) => findPerson(context, tagger, programmeId, identity),
    searchPeople: (search, access) => searchPeople(context, tagger, search, access),
    erasePerson: (personId, order) => erasePerson(context, personId, order),
    reapplyErasures: reapply,
    leftovers: (limit) => leftovers(context, limit),
    strikeLeftovers: (done) => strikeLeftovers(context, done),
    importRoster: (request) => importRoster(context, tagger, request),
    campaignsOf: (personId) => campaignsOf(context, personId),
    withdrawRoster: (rosterId) => withdrawRoster(context, rosterId),
    prepareBatch: (request) =>
      isUuid(request.rosterId)
        ? prepareBatch(context, request)
        : Promise.resolve({ status: 'refused', code: 'unknown_roster' }),
    releaseBatch: (batchId) => releaseBatch(context, batchId),
    preparedBatch: (batchId) => plan.preparedBatch(context, batchId),
    issuancePlan: (batchId, fromNumber, limit) => plan.issuancePlan(context, batchId, fromNumber, limit),
    voucherIds: (batchId, fromNumber, limit) => plan.voucherIds(context, batchId, fromNumber, limit),
    voucherIdOf: (batchId, number) => plan.voucherIdOf(context, batchId, number),
    sealKeysOf,
    entitlementsOf: (personId, access) => slips.entitlementsOf(context, personId, access),
    voucherIdsOfPerson: (personId) => slips.voucherIdsOfPerson(context, personId),
    householdSlip: (batchId, number, access) => slips.householdSlip(context, batchId, number, access),
    householdSlips: (page, access) => slips.householdSlips(context, page, access),
    close: () => context.close(),
  };
}

async function readPerson(context: RegistryContext, personId: string, access: Access): Promise<ReadPersonResult> {
  const refusal = refuseAccess(access);
  if (refusal !== undefined) return refusal;
  if (!isUuid(personId)) return { status: 'not_found' };
  const row = await context.db
    .selectFrom('registry.people')
    .select(['person_id', 'wrapped_key', 'sealed'])
    .where('person_id', '=', personId)
    .executeTakeFirst();
  if (row === undefined) return { status: 'not_found' };
  await recordReads(context, [personId], access);
  const person = openPersonOrThrow(context, row);
  return person === undefined ? { status: 'erased' } : { status: 'found', person };
}

async function findPerson(
  context: RegistryContext,
  tagger: DuplicateTagger,
  programmeId: string,
  identity: IdentityNumber,
): Promise<string | undefined> {
  const tags = tagger.tagsOf(programmeId, identity);
  const { rows } = await context.pool.query<{ person_id: string }>(
    `select d.person_id
       from unnest($2::integer[], $3::bytea[]) as t(version, tag)
       join registry.person_duplicates d
         on d.programme_id = $1 and d.pepper_version = t.version and d.tag = t.tag
      limit 1`,
    [programmeId, tags.map(({ pepperVersion }) => pepperVersion), tags.map(({ tag }) => tag)],
  );
  return rows[0]?.person_id;
}

async function campaignsOf(context: RegistryContext, personId: string): Promise<readonly string[]> {
  if (!isUuid(personId)) return [];
  const rosters = await context.db
    .selectFrom('registry.rosters')
    .innerJoin('registry.roster_rows', 'registry.roster_rows.roster_id', 'registry.rosters.roster_id')
    .select('campaign_id')
    .distinct()
    .where('person_id', '=', personId)
    .where('status', '=', 'active')
    .execute();
  return rosters.map(({ campaign_id: campaign }) => campaign);
}

async function withdrawRoster(
  context: RegistryContext,
  rosterId: string,
): Promise<'withdrawn' | 'roster_in_use' | 'unknown_roster'> {
  if (!isUuid(rosterId)) return 'unknown_roster';
  const { rowCount } = await context.pool.query(
    `update registry.rosters r set status = 'withdrawn'
      where roster_id = $1
        and not exists (select from registry.batches b where b.roster_id = r.roster_id and b.status <> 'released')`,
    [rosterId],
  );
  if (rowCount === 1) return 'withdrawn';
  const roster = await context.db
    .selectFrom('registry.rosters')
    .select('roster_id')
    .where('roster_id', '=', rosterId)
    .executeTakeFirst();
  return roster === undefined ? 'unknown_roster' : 'roster_in_use';
}
