import type pg from 'pg';
import type { RegistryContext } from '../registry-context.js';
import type { RosterDialect } from '../roster/parse-roster.js';
import { rosterProblem, type RosterProblem } from '../roster/problems.js';
import type { RosterRow } from '../roster/read-row.js';
import type { DuplicateTag, DuplicateTagger } from './duplicate-tags.js';
import { openPersonOrThrow, personKeyOrThrow, type PersonDetails, type SealedPerson } from './person.js';

export interface KnownPerson {
  readonly personId: string;
  readonly key: Buffer;
  readonly wrappedKey: Buffer;
  readonly details: PersonDetails;
}

/** How the people of a file relate to those that the programme already knows. */
export interface Survey {
  /** By line of the file. */
  readonly known: ReadonlyMap<number, KnownPerson>;
  readonly problems: readonly RosterProblem[];
  /** The tag under the newest pepper, as a list of one. */
  newestTag(row: RosterRow): readonly DuplicateTag[];
}

interface SurveyRequest {
  readonly programmeId: string;
  readonly campaignId: string;
  readonly rows: readonly RosterRow[];
  /** Headers of the file, for problems. */
  readonly columns: RosterDialect['columns'];
  readonly tagger: DuplicateTagger;
}

const chunkRows = 2000;

/** Looks up every row under all pepper versions, and says which lines cannot stand beside what is registered. */
export async function surveyPeople(
  context: RegistryContext,
  client: pg.PoolClient,
  request: SurveyRequest,
): Promise<Survey> {
  const { idNumber = '', name = '' } = request.columns;
  const known = new Map<number, KnownPerson>();
  const problems: RosterProblem[] = [];
  const newest = new Map<number, DuplicateTag>();
  for (let start = 0; start < request.rows.length; start += chunkRows) {
    const part = request.rows.slice(start, start + chunkRows);
    const found = await lookUp(client, request, part, newest);
    const listed = await listedInCampaign(client, request, [...found.values()]);
    for (const row of part) {
      const person = found.get(row.line);
      const opened = person === undefined ? undefined : openKnown(context, person);
      if (opened === undefined) continue;
      known.set(row.line, opened);
      const { line } = row;
      if (listed.has(opened.personId)) {
        problems.push(rosterProblem('person_already_listed', { line, column: idNumber }));
      }
      if (opened.details.name !== row.name) {
        problems.push(rosterProblem('name_differs_from_registry', { line, column: name }));
      }
    }
  }
  return {
    known,
    problems,
    newestTag: (row) => {
      const tag = newest.get(row.line);
      return tag === undefined ? [] : [tag];
    },
  };
}

async function lookUp(
  client: pg.PoolClient,
  { programmeId, tagger }: SurveyRequest,
  part: readonly RosterRow[],
  newest: Map<number, DuplicateTag>,
): Promise<Map<number, SealedPerson>> {
  const tags = part.flatMap((row) => {
    const all = tagger.tagsOf(programmeId, row);
    if (all[0] !== undefined) newest.set(row.line, all[0]);
    return all.map((tag) => ({ line: row.line, ...tag }));
  });
  // The rows are locked against erasure until the import is done.
  const { rows } = await client.query<SealedPerson & { line: number }>(
    `select t.line, p.person_id, p.wrapped_key, p.sealed
       from unnest($2::integer[], $3::integer[], $4::bytea[]) as t(line, version, tag)
       join registry.person_duplicates d
         on d.programme_id = $1 and d.pepper_version = t.version and d.tag = t.tag
       join registry.people p on p.person_id = d.person_id
        for share of p`,
    [programmeId, tags.map((t) => t.line), tags.map((t) => t.pepperVersion), tags.map((t) => t.tag)],
  );
  return new Map(rows.map((row) => [row.line, row]));
}

async function listedInCampaign(
  client: pg.PoolClient,
  { programmeId, campaignId }: SurveyRequest,
  people: readonly SealedPerson[],
): Promise<Set<string>> {
  if (people.length === 0) return new Set();
  const { rows } = await client.query<{ person_id: string }>(
    `select distinct rr.person_id
       from registry.roster_rows rr join registry.rosters r on r.roster_id = rr.roster_id
      where r.programme_id = $1 and r.campaign_id = $2 and r.status = 'active' and rr.person_id = any($3::uuid[])`,
    [programmeId, campaignId, people.map(({ person_id }) => person_id)],
  );
  return new Set(rows.map(({ person_id }) => person_id));
}

function openKnown(context: RegistryContext, person: SealedPerson): KnownPerson | undefined {
  const key = personKeyOrThrow(context, person);
  const details = openPersonOrThrow(context, person);
  if (key === undefined || details === undefined || person.wrapped_key === null) return undefined;
  return { personId: person.person_id, key, wrappedKey: person.wrapped_key, details };
}
