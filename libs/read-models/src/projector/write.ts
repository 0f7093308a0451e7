import type pg from 'pg';
import { literalOf, parameterTypeOf, sqlTypeOf, type Column, type Table } from '../tables/define.js';
import type { Queryable } from './load.js';
import type { Changes, SumsRow } from './stores.js';
import type { Work } from './work.js';

/** Writes all changes of a batch: one statement per table. The caller holds the transaction. */
export async function writeWork(client: pg.ClientBase, work: Work): Promise<void> {
  await loadSums(client, work);
  const sent: Promise<unknown>[] = [];
  for (const store of work.all) {
    const { added, changed }: Changes<Table> = store.takeChanges();
    const rows = changed.length === 0 ? added : added.length === 0 ? changed : [...added, ...changed];
    if (rows.length > 0) sent.push(client.query(upsertOf(work.schema, store.table, rows)));
  }
  for (const { text, values } of work.takeStatements()) sent.push(client.query(text, [...values]));
  await Promise.all(sent);
}

const SUMS_KEY = ['batch', 'block', 'measure', 'item', 'cutoff'] as const;

/** Reads the present figures of the blocks that the batch adds to, as far as they are not cached. */
export async function loadSums(client: Queryable, work: Work): Promise<void> {
  const unknown = work.sums.unknown();
  if (unknown.length === 0) return;
  const { rows } = await client.query<SumsRow>({
    name: 'load_sums',
    text: `select s.* from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::int[])
             as k(batch, block, measure, item, cutoff)
           join ${work.schema}.batch_sums s using (batch, block, measure, item, cutoff)`,
    values: SUMS_KEY.map((column) => unknown.map((row) => row[column])),
  });
  work.sums.fill(rows);
}

export function upsertOf(schema: string, table: Table, rows: readonly Record<string, unknown>[]): pg.QueryConfig {
  const columns = Object.entries(table.columns);
  const values = columns.map(([name, column]) => arrayLiteral(rows, name, column));
  return { name: `write_${table.name}`, text: upsertTextOf(schema, table), values };
}

/** Built by hand: the driver's own conversion inspects every element and is several times slower. */
function arrayLiteral(rows: readonly Record<string, unknown>[], name: string, column: Column): string {
  let literal = '{';
  for (let i = 0; i < rows.length; i += 1) {
    if (i > 0) literal += ',';
    literal += literalOf(column, (rows[i] as Record<string, unknown>)[name]);
  }
  return `${literal}}`;
}

const texts = new Map<string, string>();

function upsertTextOf(schema: string, table: Table): string {
  const known = texts.get(`${schema}.${table.name}`);
  if (known !== undefined) return known;
  const columns = Object.entries(table.columns);
  const names = columns.map(([name]) => name);
  const parameters = columns.map(([, column], i) => `$${i + 1}::${parameterTypeOf(column)}[]`);
  const selected = columns.map(([name, column]) =>
    parameterTypeOf(column) === sqlTypeOf(column) ? name : `${name}::${sqlTypeOf(column)}`,
  );
  const text = `insert into ${schema}.${table.name} as t (${names.join(', ')})
    select ${selected.join(', ')} from unnest(${parameters.join(', ')}) as u(${names.join(', ')}) ${onConflictOf(table)}`;
  texts.set(`${schema}.${table.name}`, text);
  return text;
}

function onConflictOf(table: Table): string {
  if (table.role === 'log') return '';
  const changed = Object.keys(table.columns).filter((name) => !table.key.includes(name));
  const values = changed.map((name) =>
    table.role === 'tally' ? `${name} = t.${name} + excluded.${name}` : `${name} = excluded.${name}`,
  );
  return `on conflict (${table.key.join(', ')}) do update set ${values.join(', ')}`;
}
