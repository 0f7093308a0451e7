import type { Pool } from 'pg';

/** A cosignature of a signed checkpoint, verified before it was kept. */
export interface KeptCosignature {
  /** Of the checkpoint. */
  readonly size: number;
  /** Of the cosigner's key, as they stand in notes. */
  readonly keyName: string;
  readonly keyId: string;
  /** POSIX seconds. */
  readonly time: number;
  /** The signature line of a note, with its newline. */
  readonly line: string;
}

/**
 * Where cosignatures are kept, beside the signed checkpoints, so that the published files can be made again from both.
 * For each checkpoint and cosigner the first one stays: what is published does not change for a later time.
 */
export interface CosignatureStore {
  /** Durable when it resolves. */
  add(cosignature: KeptCosignature): Promise<void>;
  /**
   * What was kept since `cursor`, which an earlier call gave (none: everything), and perhaps some of what was known
   * before: processes that add at once do not become visible in the order of their numbers.
   */
  since(cursor?: number): Promise<{ readonly cosignatures: readonly KeptCosignature[]; readonly cursor: number }>;
}

/** Cosignatures that last as long as the process. */
export function createMemoryCosignatureStore(): CosignatureStore {
  const kept: KeptCosignature[] = [];
  return {
    add: async (next) => {
      if (!kept.some((one) => keyOf(one) === keyOf(next))) kept.push(next);
    },
    since: async (cursor = 0) => ({ cosignatures: kept.slice(cursor), cursor: kept.length }),
  };
}

/** Cosignatures in `ledger.cosignatures`; a row is never changed. */
export async function createPostgresCosignatureStore(pool: Pool): Promise<CosignatureStore> {
  await migrate(pool);
  return {
    add: async ({ size, keyName, keyId, time, line }) => {
      await pool.query(
        `INSERT INTO ledger.cosignatures (size, key_name, key_id, time, line) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (size, key_name, key_id) DO NOTHING`,
        [size, keyName, keyId, time, line],
      );
    },
    since: async (cursor = 0) => {
      const { rows } = await pool.query<Row>(
        `SELECT number, size, key_name, key_id, time, line FROM ledger.cosignatures WHERE number > $1 ORDER BY number`,
        [Math.max(0, cursor - REREAD)],
      );
      const cosignatures = rows.map(({ size, key_name: keyName, key_id: keyId, time, line }) => ({
        size: Number(size),
        keyName,
        keyId,
        time: Number(time),
        line,
      }));
      return { cosignatures, cursor: Number(rows.at(-1)?.number ?? cursor) };
    },
  };
}

/** More than processes have insertions open at once. */
const REREAD = 64;

interface Row {
  readonly number: string;
  readonly size: string;
  readonly key_name: string;
  readonly key_id: string;
  readonly time: string;
  readonly line: string;
}

async function migrate(pool: Pool): Promise<void> {
  await pool.query(`
    SELECT pg_advisory_xact_lock(hashtext('aidtrail ledger cosignatures'));
    CREATE SCHEMA IF NOT EXISTS ledger;
    CREATE TABLE IF NOT EXISTS ledger.cosignatures (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      size bigint NOT NULL,
      key_name text NOT NULL,
      key_id text NOT NULL,
      time bigint NOT NULL,
      line text NOT NULL,
      kept_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (size, key_name, key_id)
    );
  `);
}

function keyOf({ size, keyName, keyId }: KeptCosignature): string {
  return `${size} ${keyName}+${keyId}`;
}
