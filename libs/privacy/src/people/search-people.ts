import type pg from 'pg';
import { inTransaction } from '../database/registry-database.js';
import type { RegistryContext } from '../registry-context.js';
import { readIdentityNumber } from '../roster/identity-number.js';
import { joinIdeographs, normaliseCell } from '../roster/normalise-cell.js';
import { readPhoneNumber } from '../roster/phone-number.js';
import { refuseAccess, type Access, type AccessRefusal } from './access.js';
import type { DuplicateTag, DuplicateTagger } from './duplicate-tags.js';
import { comparable } from './finders.js';
import { maskedPerson, type MaskedPerson } from './masked-person.js';
import { openPersonOrThrow, type SealedPerson } from './person.js';

/**
 * Who is looked for, among those on a roster in use of one campaign. Untrusted: what somebody typed. Of name, telephone
 * number and number of the paper at least one; whoever is found has all that are given, each in full.
 */
export interface PersonSearch {
  readonly programmeId: string;
  readonly campaignId: string;
  readonly name?: string;
  readonly phone?: string;
  readonly idNumber?: string;
  /** What paper the number stands on, as in a roster; default: a resident identity card. */
  readonly idType?: string;
}

type SearchTerm = 'name' | 'phone' | 'identity';

export type SearchPeopleResult =
  | {
      readonly status: 'searched';
      readonly people: readonly MaskedPerson[];
      /** False: there are more, who are not told; another term narrows it down. */
      readonly isComplete: boolean;
    }
  | AccessRefusal
  | { readonly status: 'refused'; readonly code: 'search_empty' }
  | { readonly status: 'refused'; readonly code: 'term_malformed'; readonly term: SearchTerm }
  | { readonly status: 'too_many_searches'; readonly retryAfterSeconds: number };

/** More people than this are never told at once: it is for finding one, not for making a list. */
export const mostPeopleFound = 10;
/** How often one key may search in any hour, whichever process it asks. */
export const searchesPerHour = 60;
const HOUR_MILLISECONDS = 3_600_000;

/**
 * Looks for people by what they can tell at a desk. The search is recorded with its purpose, by what it was made and how many
 * it found, never what for; so is the read of each person found. Both are on disk before anybody is decrypted. Refusals in
 * order of precedence: access, no term, a term that nobody can have, too many searches by this key.
 */
export async function searchPeople(
  context: RegistryContext,
  tagger: DuplicateTagger,
  search: PersonSearch,
  access: Access,
): Promise<SearchPeopleResult> {
  const refusal = refuseAccess(access);
  if (refusal !== undefined) return refusal;
  const wanted = wantedTags(tagger, search, context.now().toISOString().slice(0, 10));
  if ('code' in wanted) return { status: 'refused', ...wanted };
  if (wanted.length === 0) return { status: 'refused', code: 'search_empty' };
  const found = await inTransaction(context.pool, async (client) => {
    const retryAfterSeconds = await secondsToWait(context, client, access.readerKeyId);
    if (retryAfterSeconds !== undefined) return retryAfterSeconds;
    const people = await peopleWith(client, search, wanted);
    await record(context, client, { search, access, wanted, people: people.slice(0, mostPeopleFound) });
    return people;
  });
  if (typeof found === 'number') return { status: 'too_many_searches', retryAfterSeconds: found };
  const people = found.slice(0, mostPeopleFound).flatMap((row) => {
    const details = openPersonOrThrow(context, row);
    return details === undefined ? [] : [maskedPerson(row.person_id, details)];
  });
  return { status: 'searched', people, isComplete: found.length <= mostPeopleFound };
}

interface Wanted {
  readonly term: SearchTerm;
  readonly tags: readonly DuplicateTag[];
}

/** What was typed, as the register keeps it. */
function wantedTags(
  tagger: DuplicateTagger,
  { programmeId, name, phone, idNumber, idType = '' }: PersonSearch,
  today: string,
): readonly Wanted[] | { readonly code: 'term_malformed'; readonly term: SearchTerm } {
  const wanted: Wanted[] = [];
  if (name !== undefined) {
    const value = comparable(joinIdeographs(normaliseCell(name)));
    if (value === '') return { code: 'term_malformed', term: 'name' };
    wanted.push({ term: 'name', tags: tagger.finderTagsOf(programmeId, { kind: 'name', value }) });
  }
  if (phone !== undefined) {
    const read = readPhoneNumber(normaliseCell(phone));
    if ('fault' in read || read.number === undefined) return { code: 'term_malformed', term: 'phone' };
    wanted.push({ term: 'phone', tags: tagger.finderTagsOf(programmeId, { kind: 'phone', value: read.number }) });
  }
  if (idNumber !== undefined) {
    const read = readIdentityNumber(normaliseCell(idNumber), normaliseCell(idType), today);
    if ('fault' in read) return { code: 'term_malformed', term: 'identity' };
    const identity = { idType: read.type, idNumber: read.number };
    wanted.push({ term: 'identity', tags: tagger.tagsOf(programmeId, identity) });
  }
  return wanted;
}

/** Undefined while the key may search; one search of a key at a time, so that none slips through. */
async function secondsToWait(
  context: RegistryContext,
  client: pg.PoolClient,
  readerKeyId: string,
): Promise<number | undefined> {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`registry-search:${readerKeyId}`]);
  const now = context.now().getTime();
  const { rows } = await client.query<{ searched_at: Date }>(
    `select searched_at from registry.person_searches where reader_key_id = $1 and searched_at > $2
      order by searched_at desc limit $3`,
    [readerKeyId, new Date(now - HOUR_MILLISECONDS), searchesPerHour],
  );
  const oldest = rows[searchesPerHour - 1];
  if (oldest === undefined) return undefined;
  return Math.max(1, Math.ceil((oldest.searched_at.getTime() + HOUR_MILLISECONDS - now) / 1000));
}

/** One more than are told, so that it shows whether these are all. */
async function peopleWith(
  client: pg.PoolClient,
  { programmeId, campaignId }: PersonSearch,
  wanted: readonly Wanted[],
): Promise<readonly SealedPerson[]> {
  const tags = wanted.flatMap(({ term, tags: ofTerm }) => ofTerm.map((tag) => ({ term, ...tag })));
  const { rows } = await client.query<SealedPerson>(
    `with wanted as (select * from unnest($3::text[], $4::integer[], $5::bytea[]) as t(term, version, tag)),
          hits as (
            select f.person_id, w.term from wanted w join registry.person_finders f
                on f.programme_id = $1 and f.kind = w.term and f.pepper_version = w.version and f.tag = w.tag
             union
            select d.person_id, w.term from wanted w join registry.person_duplicates d
                on w.term = 'identity' and d.programme_id = $1 and d.pepper_version = w.version and d.tag = w.tag)
     select p.person_id, p.wrapped_key, p.sealed
       from (select person_id from hits group by person_id having count(distinct term) = $6) h
       join registry.people p on p.person_id = h.person_id
      where p.wrapped_key is not null
        and exists (select from registry.roster_rows rr join registry.rosters r on r.roster_id = rr.roster_id
                     where rr.person_id = p.person_id and r.campaign_id = $2 and r.status = 'active')
      order by p.person_id limit $7`,
    [
      programmeId,
      campaignId,
      tags.map(({ term }) => term),
      tags.map(({ pepperVersion }) => pepperVersion),
      tags.map(({ tag }) => tag),
      wanted.length,
      mostPeopleFound + 1,
    ],
  );
  return rows;
}

async function record(
  context: RegistryContext,
  client: pg.PoolClient,
  of: {
    readonly search: PersonSearch;
    readonly access: Access;
    readonly wanted: readonly Wanted[];
    readonly people: readonly SealedPerson[];
  },
): Promise<void> {
  const { search, access, wanted, people } = of;
  const { purpose, caseReference = null, readerKeyId } = access;
  const terms = wanted.map(({ term }) => term);
  const now = context.now();
  await client.query(
    `insert into registry.person_searches
       (campaign_id, terms, purpose, case_reference, reader_key_id, found, searched_at)
     values ($1, $2::text[], $3, $4, $5, $6, $7)`,
    [search.campaignId, terms, purpose, caseReference, readerKeyId, people.length, now],
  );
  await client.query(
    `insert into registry.person_reads (person_id, purpose, case_reference, reader_key_id, read_at)
     select id, $2, $3, $4, $5 from unnest($1::uuid[]) as id`,
    [people.map(({ person_id: id }) => id), purpose, caseReference, readerKeyId, now],
  );
}
