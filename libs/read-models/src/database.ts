import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { RowOf } from './tables/define.js';
import type { Tables } from './tables/index.js';

/** Names as in SQL: `line_moves` for `tables.lineMoves`. */
type ByName = { [K in keyof Tables as SnakeCase<K>]: RowOf<Tables[K]> };
type SnakeCase<S extends string> = S extends `${infer H}${infer T}`
  ? `${H extends Lowercase<H> ? H : `_${Lowercase<H>}`}${SnakeCase<T>}`
  : S;

export type ReadSchema = ByName & { checkpoint: { name: string; next_position: number; generation: number } };

/** The read side of a PostgreSQL database, schema `read`. Days come as text; every integer is a safe one or a fault. */
export interface ReadDatabase {
  readonly connectionString: string;
  readonly pool: pg.Pool;
  readonly db: Kysely<ReadSchema>;
  close(): Promise<void>;
}

export function openReadDatabase(options: {
  readonly connectionString: string;
  readonly maxConnections?: number;
}): ReadDatabase {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.maxConnections ?? 8,
    types: parsers,
    pipeline: true,
    ...patience,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  // So would one that breaks in the middle of a query, which learns of it by itself.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<ReadSchema>({ dialect: new PostgresDialect({ pool }) }).withSchema('read');
  return { connectionString: options.connectionString, pool, db, close: () => pool.end() };
}

/** A database that takes a question and says nothing must not keep whoever asked for ever. */
const patience = { connectionTimeoutMillis: 5_000, query_timeout: 10_000, keepAlive: true };

type Parser = (text: string) => unknown;

const OID = { int8: 20, date: 1082, int8Array: 1016, numeric: 1700 };

/** @throws RangeError for an integer beyond 2^53 - 1. */
function parseSafeIntegerOrThrow(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('A figure in the database is not a safe integer.');
  return value;
}

export const parsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary'): Parser => {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary') as Parser;
    if (oid === OID.int8 || oid === OID.numeric) return parseSafeIntegerOrThrow;
    if (oid === OID.date) return (text: string) => text;
    if (oid === OID.int8Array) return (text: string) => JSON.parse(`[${text.slice(1, -1)}]`) as number[];
    return pg.types.getTypeParser(oid, 'text') as Parser;
  }) as typeof pg.types.getTypeParser,
};
