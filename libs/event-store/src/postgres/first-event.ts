import type pg from 'pg';
import { asFault } from './connection.js';

/**
 * The bytes of the event at position 0, read without creating or updating anything, so that a program can ask whose
 * database this is before it changes it. Undefined if it holds no store, or an empty one. Throws StoreUnavailable.
 */
export async function readFirstEvent(pool: pg.Pool, schema = 'ledger'): Promise<Uint8Array | undefined> {
  try {
    const { rows } = await pool.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      `${schema}.events`,
    ]);
    if (rows[0]?.there !== true) return undefined;
    const first = await pool.query<{ bytes: Buffer }>(`select bytes from ${schema}.events where position = 0`);
    return first.rows[0]?.bytes;
  } catch (error) {
    throw asFault(error);
  }
}
