import { createHash } from 'node:crypto';
import type pg from 'pg';
import { allTables } from '../tables/index.js';
import { GATE, inTransaction } from './schema.js';

const ROWS_PER_FETCH = 5_000;

/** SHA-256 (hex) over the names and the rows, ordered by primary key, of all tables; one snapshot for all. */
export async function digestTables(client: pg.ClientBase): Promise<string> {
  const hash = createHash('sha256');
  await inTransaction(client, async () => {
    await client.query('set transaction isolation level repeatable read, read only');
    await client.query(GATE);
    for (const table of allTables) {
      hash.update(`${table.name}\n`);
      await client.query(
        `declare rows no scroll cursor for select t::text as row from read.${table.name} t order by ${table.key.join(', ')}`,
      );
      for (;;) {
        const { rows } = await client.query<{ row: string }>(`fetch ${ROWS_PER_FETCH} from rows`);
        for (const { row } of rows) hash.update(`${row}\n`);
        if (rows.length < ROWS_PER_FETCH) break;
      }
      await client.query('close rows');
    }
  });
  return hash.digest('hex');
}
