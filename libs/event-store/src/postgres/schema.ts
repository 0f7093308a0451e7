/**
 * The tables and the functions that write them. Migrations only ever add: the event tables are the ledger.
 *
 * `head` has one row. Each writing transaction locks it first, so that positions are given in the order of commit, in
 * all processes: whoever sees an event sees every event before it. The lock is held for one function call.
 */
import type { ClientBase } from 'pg';

export const schemaPattern = /^[a-z_][a-z0-9_]{0,39}$/;

export function channelOf(schema: string): string {
  return `${schema}_events`;
}

/** Brings the schema up to date; safe to run from many processes at once and again at each start. */
export async function migrate(client: ClientBase, schema: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`event store ${schema}`]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(`CREATE TABLE IF NOT EXISTS ${schema}.migrations (number int PRIMARY KEY)`);
    const { rows } = await client.query<{ number: number }>(`SELECT number FROM ${schema}.migrations`);
    const done = new Set(rows.map((row) => row.number));
    for (const [i, statements] of migrations(schema).entries()) {
      if (done.has(i + 1)) continue;
      await client.query(statements);
      await client.query(`INSERT INTO ${schema}.migrations VALUES ($1)`, [i + 1]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function migrations(schema: string): readonly string[] {
  return [tables(schema), writeGroup(schema), wholeRows(schema), beginStreams(schema)];
}

/**
 * Most events have 2 to 4 KB. By default PostgreSQL moves values of such rows into another table, which costs a row and
 * an index entry more to write, and a look-up in an index to read. Rows stay whole now as long as a page can hold them.
 *
 * Each statement has its plan whatever the statistics say (see `connection.ts`), so they are not kept of wide columns,
 * and seldom of the others: sampling large rows every few seconds is felt by whoever waits for an append.
 */
function wholeRows(schema: string): string {
  return `
    ALTER TABLE ${schema}.events
      SET (toast_tuple_target = 8160, autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_analyze_scale_factor = 1),
      ALTER COLUMN bytes SET STATISTICS 0,
      ALTER COLUMN sealed SET STATISTICS 0;
    ALTER TABLE ${schema}.command_outcomes
      SET (autovacuum_analyze_scale_factor = 1),
      ALTER COLUMN body_hash SET STATISTICS 0,
      ALTER COLUMN answer SET STATISTICS 0;
  `;
}

/**
 * Signed and encrypted bytes do not compress, so large values are moved out of the row as they are (EXTERNAL). Positions
 * only grow, so their index is packed full; the head's page is left nearly empty for its next versions.
 */
function tables(schema: string): string {
  return `
    CREATE TABLE ${schema}.events (
      position bigint NOT NULL,
      version int NOT NULL,
      id uuid NOT NULL,
      stream text COLLATE "C" NOT NULL,
      bytes bytea STORAGE EXTERNAL NOT NULL,
      sealed bytea STORAGE EXTERNAL,
      CONSTRAINT events_position PRIMARY KEY (position) WITH (fillfactor = 100),
      CONSTRAINT events_id UNIQUE (id),
      CONSTRAINT events_stream_version UNIQUE (stream, version)
    ) WITH (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
    CREATE TABLE ${schema}.command_outcomes (
      command_id uuid NOT NULL,
      accepted boolean NOT NULL,
      body_hash bytea STORAGE EXTERNAL NOT NULL,
      answer bytea STORAGE EXTERNAL NOT NULL,
      CONSTRAINT command_outcomes_id PRIMARY KEY (command_id)
    );
    CREATE TABLE ${schema}.head (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      next_position bigint NOT NULL
    ) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
    INSERT INTO ${schema}.head (next_position) VALUES (0);
  `;
}

/**
 * Writes a group of items, each an append or a refusal, in their order. Items have numbers from 1; an append has
 * `p_counts` events and a slot, the index of its stream in `p_streams`; a refusal has neither. The caller puts no
 * command id and no event id twice in one group. Returns one row with item 0 and the first position of the group, and a
 * row for each item that stored nothing. What has no row was stored, and takes its positions in order.
 */
// eslint-disable-next-line max-lines-per-function -- one PL/pgSQL function, which has to be read as one
function writeGroup(schema: string): string {
  return `
    CREATE FUNCTION ${schema}.write_group(
      p_streams text[], p_slots int[], p_expected int[], p_counts int[],
      p_command_items int[], p_commands uuid[], p_accepted boolean[], p_hashes bytea[], p_answers bytea[],
      p_event_items int[], p_event_streams text[], p_event_versions int[], p_ids uuid[], p_bytes bytea[], p_sealed bytea[]
    ) RETURNS TABLE (
      r_item int, r_status text, r_number bigint, r_event uuid, r_accepted boolean, r_hash bytea, r_answer bytea
    ) LANGUAGE plpgsql VOLATILE AS $function$
    DECLARE
      v_start bigint;
      v_items int := cardinality(p_slots);
      v_versions int[];
      v_bad boolean[] := array_fill(false, ARRAY[v_items]);
      v_shift int[] := array_fill(0, ARRAY[v_items]);
      v_skipped int := 0;
      v_failures boolean := false;
      v_found record;
      v_slot int;
    BEGIN
      SELECT next_position INTO STRICT v_start FROM ${schema}.head FOR UPDATE;
      r_item := 0; r_status := 'start'; r_number := v_start;
      RETURN NEXT;

      IF cardinality(p_commands) > 0 THEN
        FOR v_found IN
          SELECT c.item, o.accepted, o.body_hash, o.answer
          FROM unnest(p_command_items, p_commands) AS c (item, command_id)
          JOIN ${schema}.command_outcomes o ON o.command_id = c.command_id
        LOOP
          v_bad[v_found.item] := true; v_failures := true;
          RETURN QUERY SELECT v_found.item, 'command_decided', NULL::bigint, NULL::uuid,
            v_found.accepted, v_found.body_hash, v_found.answer;
        END LOOP;
      END IF;

      FOR v_found IN
        SELECT DISTINCT ON (e.item) e.item, e.id
        FROM unnest(p_event_items, p_ids) WITH ORDINALITY AS e (item, id, ordinal)
        JOIN ${schema}.events x ON x.id = e.id
        ORDER BY e.item, e.ordinal
      LOOP
        CONTINUE WHEN v_bad[v_found.item];
        v_bad[v_found.item] := true; v_failures := true;
        RETURN QUERY SELECT v_found.item, 'event_exists', NULL::bigint, v_found.id, NULL::boolean, NULL::bytea, NULL::bytea;
      END LOOP;

      v_versions := ARRAY(
        SELECT coalesce((SELECT max(x.version) FROM ${schema}.events x WHERE x.stream = s.name), 0)
        FROM unnest(p_streams) WITH ORDINALITY AS s (name, ordinal) ORDER BY s.ordinal
      );
      FOR i IN 1 .. v_items LOOP
        CONTINUE WHEN p_counts[i] = 0;
        v_slot := p_slots[i];
        IF NOT v_bad[i] AND v_versions[v_slot] <> p_expected[i] THEN
          v_bad[i] := true; v_failures := true;
          RETURN QUERY SELECT i, 'version_conflict', v_versions[v_slot]::bigint, NULL::uuid, NULL::boolean, NULL::bytea, NULL::bytea;
        END IF;
        IF v_bad[i] THEN
          v_skipped := v_skipped + p_counts[i];
        ELSE
          v_versions[v_slot] := p_expected[i] + p_counts[i];
          v_shift[i] := v_skipped;
        END IF;
      END LOOP;

      IF NOT v_failures THEN
        INSERT INTO ${schema}.events (position, stream, version, id, bytes, sealed)
        SELECT v_start + e.ordinal - 1, e.stream, e.version, e.id, e.bytes, e.sealed
        FROM unnest(p_event_streams, p_event_versions, p_ids, p_bytes, p_sealed)
          WITH ORDINALITY AS e (stream, version, id, bytes, sealed, ordinal);
        INSERT INTO ${schema}.command_outcomes (command_id, accepted, body_hash, answer)
        SELECT * FROM unnest(p_commands, p_accepted, p_hashes, p_answers);
      ELSE
        INSERT INTO ${schema}.events (position, stream, version, id, bytes, sealed)
        SELECT v_start + e.ordinal - 1 - v_shift[e.item], e.stream, e.version, e.id, e.bytes, e.sealed
        FROM unnest(p_event_items, p_event_streams, p_event_versions, p_ids, p_bytes, p_sealed)
          WITH ORDINALITY AS e (item, stream, version, id, bytes, sealed, ordinal)
        WHERE NOT v_bad[e.item];
        INSERT INTO ${schema}.command_outcomes (command_id, accepted, body_hash, answer)
        SELECT c.command_id, c.accepted, c.body_hash, c.answer
        FROM unnest(p_command_items, p_commands, p_accepted, p_hashes, p_answers)
          AS c (item, command_id, accepted, body_hash, answer)
        WHERE NOT v_bad[c.item];
      END IF;

      IF cardinality(p_ids) > v_skipped THEN
        UPDATE ${schema}.head SET next_position = v_start + cardinality(p_ids) - v_skipped;
        PERFORM pg_notify('${channelOf(schema)}', '');
      END IF;
    END
    $function$;
  `;
}

/**
 * Writes the first events of streams that do not exist yet; no stream is looked up. Returns the position of the first
 * event. A stream that exists, or an event id that is stored, violates a unique index, and nothing is stored.
 */
function beginStreams(schema: string): string {
  return `
    CREATE FUNCTION ${schema}.begin_streams(
      p_streams text[], p_versions int[], p_ids uuid[], p_bytes bytea[], p_sealed bytea[]
    ) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $function$
    DECLARE
      v_start bigint;
    BEGIN
      SELECT next_position INTO STRICT v_start FROM ${schema}.head FOR UPDATE;
      INSERT INTO ${schema}.events (position, stream, version, id, bytes, sealed)
      SELECT v_start + e.ordinal - 1, e.stream, e.version, e.id, e.bytes, e.sealed
      FROM unnest(p_streams, p_versions, p_ids, p_bytes, p_sealed)
        WITH ORDINALITY AS e (stream, version, id, bytes, sealed, ordinal);
      UPDATE ${schema}.head SET next_position = v_start + cardinality(p_ids);
      PERFORM pg_notify('${channelOf(schema)}', '');
      RETURN v_start;
    END
    $function$;
  `;
}
