import type pg from 'pg';
import { hmac, openJsonOrThrow, sealJson } from '../crypto/sealing.js';
import { inTransaction } from '../database/registry-database.js';
import { places, type RegistryContext } from '../registry-context.js';
import { parseRoster, type ParsedRoster, type RosterOptions } from '../roster/parse-roster.js';
import type { RosterProblem } from '../roster/problems.js';
import type { RosterRow } from '../roster/read-row.js';
import { keepFinders } from './finders.js';
import { surveyPeople, type KnownPerson, type Survey } from './survey-people.js';
import type { DuplicateTagger } from './duplicate-tags.js';
import { detailsOf, type PersonDetails } from './person.js';

export type RosterImportRequest = Omit<RosterOptions, 'today'> & {
  readonly bytes: Uint8Array;
  readonly programmeId: string;
  readonly campaignId: string;
  /** The officer's pseudonym or key id. */
  readonly importedBy: string;
  /** Local day `YYYY-MM-DD`; by default the UTC day of the clock passed in. */
  readonly today?: string;
  /** Only looks: nothing is stored, and the answer has status `dry_run`. */
  readonly dryRun?: boolean;
  /** With it the dry run tells the total of a batch over this roster. */
  readonly faceValueMinor?: number;
};

/** Counts only; nothing personal. */
export interface RosterSummary {
  /** Data rows, without those excluded. */
  readonly rowCount: number;
  /** Rows that could be imported as they are. */
  readonly acceptableCount: number;
  /** People not yet known in this programme, and people known from earlier rosters. */
  readonly newPeople: number;
  readonly knownPeople: number;
  /** Lines that repeat a person of this file or of another active roster of the campaign. */
  readonly duplicates: number;
  readonly groups: Readonly<Record<string, number>>;
  readonly communities: Readonly<Record<string, number>>;
  readonly encoding: ParsedRoster['encoding'];
  readonly dialect: ParsedRoster['dialect'];
  readonly notes: ParsedRoster['notes'];
}

export type RosterRefusal =
  | { readonly code: 'roster_already_imported'; readonly rosterId: string }
  | { readonly code: 'excluded_line_unknown'; readonly lines: readonly number[] }
  | { readonly code: 'roster_has_problems' };

export type RosterImportResult =
  | { readonly status: 'imported'; readonly rosterId: string; readonly summary: RosterSummary }
  | ({
      readonly status: 'refused';
      readonly problems: readonly RosterProblem[];
      readonly summary: RosterSummary;
    } & RosterRefusal)
  | {
      readonly status: 'dry_run';
      /** Why an import would be refused as things stand; undefined if it would be accepted. */
      readonly refusal: RosterRefusal | undefined;
      readonly problems: readonly RosterProblem[];
      readonly summary: RosterSummary;
      readonly totalMinor?: number;
    };

/**
 * Takes a roster into the registry, whole or not at all. Refusals, in order of precedence: the same file is already an
 * active roster of this campaign; a line was excluded that holds no row; problems are left (mend the file, or exclude
 * the lines by number). Two imports into one programme wait for each other, so that both cannot list the same person.
 */
export async function importRoster(
  context: RegistryContext,
  tagger: DuplicateTagger,
  request: RosterImportRequest,
): Promise<RosterImportResult> {
  const today = request.today ?? context.now().toISOString().slice(0, 10);
  const parsed = parseRoster(request.bytes, { ...request, today });
  const columns = parsed.dialect?.columns ?? {};
  const fileTag = hmac(context.fileKey, request.bytes);
  return inTransaction(context.pool, async (client) => {
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`registry:${request.programmeId}`]);
    const survey = await surveyPeople(context, client, { ...request, rows: parsed.rows, columns, tagger });
    const problems = [...parsed.problems, ...survey.problems].sort((a, b) => a.line - b.line);
    const summary = summarise(parsed, survey, problems);
    const refusal = await refuse(client, request, { parsed, problems, fileTag });
    if (request.dryRun === true) {
      const total = totalOf(request.faceValueMinor, summary.acceptableCount);
      return { status: 'dry_run', refusal, problems, summary, ...(total === undefined ? {} : { totalMinor: total }) };
    }
    if (refusal !== undefined) return { status: 'refused', ...refusal, problems, summary };
    const rosterId = await store(context, client, { request, rows: parsed.rows, survey, tagger, fileTag });
    return { status: 'imported', rosterId, summary };
  });
}

async function refuse(
  client: pg.PoolClient,
  request: RosterImportRequest,
  found: { parsed: ParsedRoster; problems: readonly RosterProblem[]; fileTag: Buffer },
): Promise<RosterRefusal | undefined> {
  const { rows } = await client.query<{ roster_id: string }>(
    `select roster_id from registry.rosters
      where programme_id = $1 and campaign_id = $2 and file_tag = $3 and status = 'active'`,
    [request.programmeId, request.campaignId, found.fileTag],
  );
  if (rows[0] !== undefined) return { code: 'roster_already_imported', rosterId: rows[0].roster_id };
  const lines = found.parsed.unknownExcludedLines;
  if (lines.length > 0) return { code: 'excluded_line_unknown', lines };
  return found.problems.length > 0 ? { code: 'roster_has_problems' } : undefined;
}

function summarise(parsed: ParsedRoster, survey: Survey, problems: readonly RosterProblem[]): RosterSummary {
  const refusedLines = new Set(survey.problems.map(({ line }) => line));
  const acceptable = parsed.rows.filter(({ line }) => !refusedLines.has(line));
  const knownPeople = acceptable.filter(({ line }) => survey.known.has(line)).length;
  return {
    rowCount: parsed.rowCount,
    acceptableCount: acceptable.length,
    newPeople: acceptable.length - knownPeople,
    knownPeople,
    duplicates: problems.filter(({ code }) => code === 'duplicate_in_file' || code === 'person_already_listed').length,
    groups: countBy(acceptable, ({ group }) => group),
    communities: countBy(acceptable, ({ community }) => community),
    encoding: parsed.encoding,
    dialect: parsed.dialect,
    notes: parsed.notes,
  };
}

function countBy(rows: readonly RosterRow[], keyOf: (row: RosterRow) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Undefined without a face value, or when the product is beyond what an amount can be. */
function totalOf(faceValueMinor: number | undefined, count: number): number | undefined {
  if (faceValueMinor === undefined) return undefined;
  const total = BigInt(faceValueMinor) * BigInt(count);
  return total <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(total) : undefined;
}

interface Accepted {
  readonly request: RosterImportRequest;
  readonly rows: readonly RosterRow[];
  readonly survey: Survey;
  readonly tagger: DuplicateTagger;
  readonly fileTag: Buffer;
}

const chunkRows = 2000;

async function store(context: RegistryContext, client: pg.PoolClient, accepted: Accepted): Promise<string> {
  const { request, rows, survey, tagger, fileTag } = accepted;
  const rosterId = context.random.uuid();
  await client.query(
    `insert into registry.rosters
       (roster_id, programme_id, campaign_id, file_tag, row_count, status, imported_at, imported_by)
     values ($1, $2, $3, $4, $5, 'active', $6, $7)`,
    [rosterId, request.programmeId, request.campaignId, fileTag, rows.length, context.now(), request.importedBy],
  );
  for (let start = 0; start < rows.length; start += chunkRows) {
    const part = rows.slice(start, start + chunkRows);
    await storePart(context, client, { rosterId, programmeId: request.programmeId, part, survey, tagger });
  }
  return rosterId;
}

interface Part {
  readonly rosterId: string;
  readonly programmeId: string;
  readonly part: readonly RosterRow[];
  readonly survey: Survey;
  readonly tagger: DuplicateTagger;
}

async function storePart(context: RegistryContext, client: pg.PoolClient, work: Part): Promise<void> {
  const { rosterId, programmeId, part, survey, tagger } = work;
  const people = part.map((row) => ({ row, ...personFor(context, row, survey.known.get(row.line)) }));
  await client.query(
    `insert into registry.people (person_id, programme_id, wrapped_key, sealed, registered_at)
     select id, $2, key, sealed, $5 from unnest($1::uuid[], $3::bytea[], $4::bytea[]) as t(id, key, sealed)
     on conflict (person_id) do update set sealed = excluded.sealed where people.wrapped_key is not null`,
    [
      people.map(({ personId }) => personId),
      programmeId,
      people.map(({ wrappedKey }) => wrappedKey),
      people.map(({ sealed }) => sealed),
      context.now(),
    ],
  );
  const tags = people.flatMap(({ row, personId }) => survey.newestTag(row).map((tag) => ({ personId, ...tag })));
  // A person known only by an older pepper gets the newest tag as well, so that an old pepper can be retired one day.
  await client.query(
    `insert into registry.person_duplicates (programme_id, pepper_version, tag, person_id)
     select $1, version, tag, id from unnest($2::integer[], $3::bytea[], $4::uuid[]) as t(version, tag, id)
     on conflict do nothing`,
    [programmeId, tags.map((t) => t.pepperVersion), tags.map((t) => t.tag), tags.map((t) => t.personId)],
  );
  await keepFinders(client, { programmeId, tagger, people });
  await client.query(
    `insert into registry.roster_rows (roster_id, line, person_id, sealed)
     select $1, line, id, sealed from unnest($2::integer[], $3::uuid[], $4::bytea[]) as t(line, id, sealed)`,
    [
      rosterId,
      people.map(({ row }) => row.line),
      people.map(({ personId }) => personId),
      people.map(({ row, personId, key }) => sealRosterRow(context, { rosterId, personId, key, row })),
    ],
  );
}

/** What a roster says beyond the person: sealed under the person's key as well. */
export interface RosterRowSecret {
  readonly group: string;
  readonly community: string;
  readonly note?: string;
}

function sealRosterRow(
  context: RegistryContext,
  { rosterId, personId, key, row }: { rosterId: string; personId: string; key: Uint8Array; row: RosterRow },
): Buffer {
  const { group, community, note } = row;
  const secret: RosterRowSecret = { group, community, ...(note === undefined ? {} : { note }) };
  return sealJson(key, secret, places.rosterRow(rosterId, personId), context.random.take(12));
}

/** Throws SealBroken. */
export function openRosterRowOrThrow(
  key: Uint8Array,
  row: { readonly roster_id: string; readonly person_id: string; readonly sealed: Buffer },
): RosterRowSecret {
  return openJsonOrThrow(key, row.sealed, places.rosterRow(row.roster_id, row.person_id)) as RosterRowSecret;
}

interface PersonToStore {
  readonly personId: string;
  readonly details: PersonDetails;
  readonly key: Uint8Array;
  readonly wrappedKey: Buffer;
  readonly sealed: Buffer;
}

/** A known person keeps id and key and gets the newest details; a new one gets both. */
function personFor(context: RegistryContext, row: RosterRow, known: KnownPerson | undefined): PersonToStore {
  const personId = known?.personId ?? context.random.uuid();
  const key = known?.key ?? context.random.take(32);
  const details: PersonDetails = { ...known?.details, ...detailsOf(row) };
  return {
    personId,
    details,
    key,
    wrappedKey: known?.wrappedKey ?? context.keys.wrap(key, places.personKey(personId)),
    sealed: sealJson(key, details, places.person(personId), context.random.take(12)),
  };
}
