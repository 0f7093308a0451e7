/**
 * One description of a table gives its DDL, the type of its rows and the SQL that writes many rows at once. A type name
 * that ends in `?` may be null. `date` is a day as text, YYYY-MM-DD; `bigint` a safe integer.
 */
type BaseColumn = 'uuid' | 'text' | 'date' | 'int' | 'bigint' | 'bool' | 'json' | 'bigint[]';
export type Column = BaseColumn | `${BaseColumn}?`;

interface Values {
  uuid: string;
  text: string;
  date: string;
  int: number;
  bigint: number;
  bool: boolean;
  json: unknown;
  'bigint[]': number[];
}
type ValueOf<C extends Column> = C extends `${infer B extends BaseColumn}?`
  ? Values[B] | null
  : C extends BaseColumn
    ? Values[C]
    : never;

/**
 * How a batch writes the table: `entity` reads rows, changes and puts them back whole; `tally` adds to counters without
 * reading them; `sums` adds to arrays of counters; `log` only inserts.
 */
export type Role = 'entity' | 'tally' | 'sums' | 'log';

export interface Table<C extends Record<string, Column> = Record<string, Column>> {
  readonly name: string;
  readonly role: Role;
  readonly columns: C;
  readonly key: readonly string[];
  /** Secondary indexes, each a list of columns. */
  readonly indexes: readonly (readonly string[])[];
}

/** Rows are changed in place by the projection of a batch, so their fields are writable. */
export type RowOf<T extends Table> = { -readonly [K in keyof T['columns']]: ValueOf<T['columns'][K]> };

export function defineTable<const C extends Record<string, Column>>(
  name: string,
  role: Role,
  columns: C,
  keys: {
    readonly key: readonly (keyof C & string)[];
    readonly indexes?: readonly (readonly (keyof C & string)[])[];
  },
): Table<C> {
  return { name, role, columns, key: keys.key, indexes: keys.indexes ?? [] };
}

export function createTableSql(table: Table): string {
  const columns = Object.entries(table.columns).map(([name, type]) => {
    const nullable = type.endsWith('?');
    return `${name} ${sqlTypeOf(type)}${nullable ? '' : ' not null'}`;
  });
  // Rows of entities and sums are rewritten often; free space in the page keeps those updates off the indexes.
  const storage = table.role === 'log' ? '' : ' with (fillfactor = 80)';
  return `create table read.${table.name} (${columns.join(', ')}, primary key (${table.key.join(', ')})${storage})${storage}`;
}

export function createIndexSql(table: Table): readonly string[] {
  return table.indexes.map(
    (columns, i) => `create index if not exists ${indexName(table, i)} on read.${table.name} (${columns.join(', ')})`,
  );
}

export function indexName(table: Table, index: number): string {
  return `${table.name}_by_${index + 1}`;
}

export function sqlTypeOf(column: Column): string {
  const type = column.replace('?', '');
  return type === 'int' ? 'integer' : type === 'bool' ? 'boolean' : type;
}

/** What stands for a column in `select … from unnest(…)`: json and arrays travel as text. */
export function parameterTypeOf(column: Column): string {
  const type = sqlTypeOf(column);
  return type === 'json' || type === 'bigint[]' ? 'text' : type;
}

/** The value as one element of a PostgreSQL array literal. */
export function literalOf(column: Column, value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  switch (column) {
    case 'text':
    case 'text?':
      return quoted(value as string);
    case 'json':
    case 'json?':
      return quoted(JSON.stringify(value));
    case 'bigint[]':
    case 'bigint[]?':
      return `"{${(value as number[]).join(',')}}"`;
    default:
      return `${value as string | number | boolean}`;
  }
}

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
