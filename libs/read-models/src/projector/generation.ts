import type pg from 'pg';
import { CHECKPOINT } from './schema.js';

/** Another number than before whenever somebody was erased from the tables, or they were made anew. 0: there are none yet. */
export async function generationOf(database: Pick<pg.ClientBase, 'query'>): Promise<number> {
  const { rows } = await database.query<{ generation: number }>(
    'select generation from read.checkpoint where name = $1',
    [CHECKPOINT],
  );
  return rows[0]?.generation ?? 0;
}
