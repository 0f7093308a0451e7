import type pg from 'pg';
import type { DuplicateTagger, FinderTerm } from './duplicate-tags.js';
import type { PersonDetails } from './person.js';

/** By what a person can be looked for besides the number of their paper. */
function finderTermsOf({ name, phone }: Pick<PersonDetails, 'name' | 'phone'>): readonly FinderTerm[] {
  const byName: FinderTerm = { kind: 'name', value: comparable(name) };
  return phone === undefined ? [byName] : [byName, { kind: 'phone', value: phone }];
}

/** A name as it is compared: without spaces and without case, so that `Ana  MARTIN` is `ana martin`. */
export function comparable(name: string): string {
  return name.toLowerCase().replaceAll(' ', '');
}

/**
 * Lets these people be found by their newest name and telephone number, and no longer by older ones. What is kept is a keyed
 * digest under the newest pepper: it shows who shares a name within a programme, and no name.
 */
export async function keepFinders(
  client: pg.PoolClient,
  of: {
    readonly programmeId: string;
    readonly tagger: DuplicateTagger;
    readonly people: readonly { readonly personId: string; readonly details: PersonDetails }[];
  },
): Promise<void> {
  const { programmeId, tagger, people } = of;
  await client.query('delete from registry.person_finders where person_id = any($1::uuid[])', [
    people.map(({ personId }) => personId),
  ]);
  const rows = people.flatMap(({ personId, details }) =>
    finderTermsOf(details).flatMap((term) =>
      tagger
        .finderTagsOf(programmeId, term)
        .slice(0, 1)
        .map((tag) => ({ personId, kind: term.kind, ...tag })),
    ),
  );
  await client.query(
    `insert into registry.person_finders (programme_id, kind, pepper_version, tag, person_id)
     select $1, kind, version, tag, id
       from unnest($2::text[], $3::integer[], $4::bytea[], $5::uuid[]) as t(kind, version, tag, id)
     on conflict do nothing`,
    [
      programmeId,
      rows.map(({ kind }) => kind),
      rows.map(({ pepperVersion }) => pepperVersion),
      rows.map(({ tag }) => tag),
      rows.map(({ personId }) => personId),
    ],
  );
}
