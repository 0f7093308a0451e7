import type { Pool } from 'pg';
import { EMPTY_CHECKPOINT, EMPTY_ROOT } from '../checkpoints/memory-checkpoint-store.js';
import type { CheckpointStore, StoredCheckpoint } from '../checkpoints/checkpointer.js';
import type { CompactRangeState } from '@aidtrail/public-log';

interface Row {
  readonly size: string;
  readonly root: string;
  readonly note: string;
  readonly range: CompactRangeState;
}

/**
 * Signed checkpoints in `ledger.checkpoints`; a row is never changed. Roots by size and the newest checkpoint are kept
 * in memory: anchors refer to a handful of them again and again. `newest` always asks the database.
 */
export async function createPostgresCheckpointStore(pool: Pool): Promise<CheckpointStore> {
  await migrate(pool);
  const roots = new Map<number, string>([[0, EMPTY_ROOT]]);
  let cached: { readonly checkpoint: StoredCheckpoint | undefined; readonly readAt: number } | undefined;

  async function newest(): Promise<StoredCheckpoint | undefined> {
    const { rows } = await pool.query<Row>(
      'SELECT size, root, note, range FROM ledger.checkpoints ORDER BY size DESC LIMIT 1',
    );
    const checkpoint = rows[0] === undefined ? undefined : toCheckpoint(rows[0]);
    cached = { checkpoint, readAt: performance.now() };
    return checkpoint;
  }

  return {
    newest,
    latest: async () => {
      const fresh = cached !== undefined && performance.now() - cached.readAt < STALE_AFTER_MILLISECONDS;
      return (fresh ? cached?.checkpoint : await newest()) ?? EMPTY_CHECKPOINT;
    },
    rootAt: async (size) => {
      const known = roots.get(size);
      if (known !== undefined) return known;
      const { rows } = await pool.query<Row>('SELECT root FROM ledger.checkpoints WHERE size = $1', [size]);
      const root = rows[0]?.root;
      if (root !== undefined) remember(roots, size, root);
      return root;
    },
    noteAt: async (size) => {
      const { rows } = await pool.query<Row>('SELECT note FROM ledger.checkpoints WHERE size = $1', [size]);
      return rows[0]?.note;
    },
    add: async (next, previousSize) => {
      const { rowCount } = await pool.query(
        `INSERT INTO ledger.checkpoints (size, previous_size, root, note, range)
         SELECT $1, $2, $3, $4, $5
          WHERE COALESCE((SELECT max(size) FROM ledger.checkpoints), 0) = $2 AND $1::bigint > $2::bigint
         ON CONFLICT DO NOTHING`,
        [next.size, previousSize, next.root, next.note, JSON.stringify(next.range)],
      );
      if (rowCount !== 1) return false;
      remember(roots, next.size, next.root);
      cached = { checkpoint: next, readAt: performance.now() };
      return true;
    },
  };
}

const STALE_AFTER_MILLISECONDS = 500;
const MAX_REMEMBERED = 10_000;

/** `previous_size` is unique: of two processes that extend one checkpoint, the second is turned away. */
async function migrate(pool: Pool): Promise<void> {
  await pool.query(`
    SELECT pg_advisory_xact_lock(hashtext('aidtrail ledger checkpoints'));
    CREATE SCHEMA IF NOT EXISTS ledger;
    CREATE TABLE IF NOT EXISTS ledger.checkpoints (
      size bigint PRIMARY KEY CHECK (size > previous_size),
      previous_size bigint NOT NULL UNIQUE,
      root text NOT NULL,
      note text NOT NULL,
      range jsonb NOT NULL,
      signed_at timestamptz NOT NULL DEFAULT now()
    );
  `);
}

function remember(roots: Map<number, string>, size: number, root: string): void {
  roots.set(size, root);
  if (roots.size > MAX_REMEMBERED) roots.delete(roots.keys().next().value as number);
}

function toCheckpoint(row: Row): StoredCheckpoint {
  return { size: Number(row.size), root: row.root, note: row.note, range: row.range };
}
