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

/** The schema of the tables that questions are put to. */
export const READ = 'read';

/** With its primary key unless `bare`: see `keySql`. */
export function createTableSql(table: Table, { schema = READ, bare = false } = {}): string {
  const columns = Object.entries(table.columns).map(([name, type]) => {
    const nullable = type.endsWith('?');
    return `${name} ${sqlTypeOf(type)}${nullable ? '' : ' not null'}`;
  });
  if (!bare) columns.push(primaryKeyOf(table));
  return `create table ${schema}.${table.name} (${columns.join(', ')})${storageOf(table)}`;
}

/** What makes a bare table one like the others. */
export function keySql(table: Table, schema: string): readonly string[] {
  return [`alter table ${schema}.${table.name} add ${primaryKeyOf(table)}`, ...createIndexSql(table, schema)];
}

export function createIndexSql(table: Table, schema = READ): readonly string[] {
  return table.indexes.map(
    (columns, i) => `create index ${table.name}_by_${i + 1} on ${schema}.${table.name} (${columns.join(', ')})`,
  );
}

function primaryKeyOf(table: Table): string {
  return `primary key (${table.key.join(', ')})${storageOf(table)}`;
}

/** Rows of entities and sums are rewritten often; free space in the page keeps those updates off the indexes. */
function storageOf(table: Table): string {
  return table.role === 'log' ? '' : ' with (fillfactor = 80)';
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

/** The value as a column of a row of `COPY … FROM STDIN`. */
export function copyTextOf(column: Column, value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  switch (column) {
    case 'text':
    case 'text?':
      return escapedForCopy(value as string);
    case 'json':
    case 'json?':
      return escapedForCopy(JSON.stringify(value));
    case 'bigint[]':
    case 'bigint[]?':
      return `{${(value as number[]).join(',')}}`;
    default:
      return `${value as string | number | boolean}`;
  }
}

const COPY_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escapedForCopy(text: string): string {
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => COPY_ESCAPES[character] as string) : text;
}

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
