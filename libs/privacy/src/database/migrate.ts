import type pg from 'pg';

/** Any number that no other advisory lock of the system uses. */
const migrationLock = 7_302_001;

/**
 * The registry's tables. Each step runs once, in order; a step is never edited after it was released and never drops
 * what people entered. Times are the clock's that is passed in, not the database's.
 */
const steps: readonly string[] = [
  `create table registry.settings (name text primary key, value bytea not null);

   create table registry.people (
     person_id uuid primary key,
     programme_id text not null,
     wrapped_key bytea,
     sealed bytea,
     registered_at timestamptz not null,
     erased_at timestamptz,
     erasure_reason text,
     erased_by text,
     check ((wrapped_key is null) = (sealed is null)),
     check ((erased_at is null) = (wrapped_key is not null)));

   create table registry.person_duplicates (
     programme_id text not null,
     pepper_version integer not null,
     tag bytea not null,
     person_id uuid not null references registry.people,
     primary key (programme_id, pepper_version, tag));
   create index person_duplicates_person on registry.person_duplicates (person_id);

   create table registry.person_reads (
     ordinal bigint generated always as identity primary key,
     person_id uuid not null references registry.people,
     purpose text not null,
     case_reference text,
     reader_key_id text not null,
     read_at timestamptz not null);
   create index person_reads_person on registry.person_reads (person_id, ordinal);
   create function registry.refuse_change() returns trigger language plpgsql as
     $$ begin raise exception 'registry.% is append-only', tg_table_name; end $$;
   create trigger person_reads_append_only before update or delete on registry.person_reads
     for each row execute function registry.refuse_change();
   create trigger person_reads_no_truncate before truncate on registry.person_reads
     for each statement execute function registry.refuse_change();

   create table registry.rosters (
     roster_id uuid primary key,
     programme_id text not null,
     campaign_id text not null,
     file_tag bytea not null,
     row_count integer not null,
     status text not null check (status in ('active', 'withdrawn')),
     imported_at timestamptz not null,
     imported_by text not null);
   create unique index rosters_file on registry.rosters (programme_id, campaign_id, file_tag) where status = 'active';

   create table registry.roster_rows (
     roster_id uuid not null references registry.rosters,
     line integer not null,
     person_id uuid not null references registry.people,
     sealed bytea,
     primary key (roster_id, line),
     unique (roster_id, person_id));
   create index roster_rows_person on registry.roster_rows (person_id);

   create table registry.batches (
     batch_id text primary key,
     roster_id uuid not null references registry.rosters,
     programme_id text not null,
     campaign_id text not null,
     partner_id text not null,
     kind text not null,
     wrapped_secret bytea not null,
     status text not null check (status in ('drawing', 'prepared', 'released')),
     row_count integer,
     roster_root bytea,
     created_at timestamptz not null);
   create unique index batches_roster on registry.batches (roster_id, kind) where status <> 'released';

   create table registry.batch_rows (
     batch_id text not null references registry.batches,
     number integer not null,
     voucher_id uuid not null unique,
     person_id uuid not null references registry.people,
     commitment bytea not null,
     sealed bytea,
     primary key (batch_id, number));
   create index batch_rows_person on registry.batch_rows (person_id);`,

  `create table registry.intakes (
     intake_id text primary key,
     fund_id text not null,
     channel text not null,
     file_digest text,
     content_digest bytea not null,
     row_count integer not null,
     total_minor bigint not null,
     rows_root bytea not null,
     staged_at timestamptz not null);
   create unique index intakes_file on registry.intakes (channel, file_digest) where file_digest is not null;

   create table registry.donations (
     donation_id uuid primary key,
     intake_id text not null references registry.intakes,
     number integer not null,
     amount_minor bigint not null check (amount_minor between 1 and 9007199254740991),
     named_consent boolean not null,
     commitment bytea not null,
     trace_hash bytea unique,
     wrapped_key bytea,
     sealed bytea,
     sealed_contact bytea,
     erased_at timestamptz,
     unique (intake_id, number));`,

  // What was erased before there was a note of it may still stand in the read models.
  `create table registry.leftovers (
     kind text not null check (kind in ('voucher', 'donation')),
     id uuid not null,
     primary key (kind, id));
   insert into registry.leftovers select 'voucher', voucher_id from registry.batch_rows where sealed is null;
   insert into registry.leftovers select 'donation', donation_id from registry.donations where wrapped_key is null;`,

  `alter table registry.intakes add column staged_by text;`,

  // Whoever was registered before is found by name or telephone once a roster names them again.
  `create table registry.person_finders (
     programme_id text not null,
     kind text not null check (kind in ('name', 'phone')),
     pepper_version integer not null,
     tag bytea not null,
     person_id uuid not null references registry.people,
     primary key (programme_id, kind, pepper_version, tag, person_id));
   create index person_finders_person on registry.person_finders (person_id);

   create table registry.person_searches (
     ordinal bigint generated always as identity primary key,
     campaign_id text not null,
     terms text[] not null,
     purpose text not null,
     case_reference text,
     reader_key_id text not null,
     found integer not null,
     searched_at timestamptz not null);
   create index person_searches_reader on registry.person_searches (reader_key_id, searched_at);
   create trigger person_searches_append_only before update or delete on registry.person_searches
     for each row execute function registry.refuse_change();
   create trigger person_searches_no_truncate before truncate on registry.person_searches
     for each statement execute function registry.refuse_change();`,
];

/**
 * Brings the schema `registry` up to date; safe to run at every start and by several processes at once. A database that
 * is newer than this program is left alone with a fault: an old program must not write into tables it does not know.
 */
export async function migrateRegistry(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query('create schema if not exists registry');
    await client.query('create table if not exists registry.migrations (step integer primary key)');
    const { rows } = await client.query<{ done: number }>('select count(*)::int as done from registry.migrations');
    const done = rows[0]?.done ?? 0;
    if (done > steps.length) throw new Error('The registry was written by a newer version of this program.');
    for (let step = done; step < steps.length; step += 1) {
      await client.query(steps[step] ?? '');
      await client.query('insert into registry.migrations (step) values ($1)', [step]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
