import { CHUNKS_PER_BLOCK, VOUCHERS_PER_CHUNK } from '../tables/index.js';
import type { RowOf, Table } from '../tables/define.js';
import { batchSums } from '../tables/voucher-tables.js';
import { ProjectionFault } from '../projected-event.js';

/** Rows that a store hands over to be written: those that the table cannot have yet, and the others. */
export interface Changes<T extends Table> {
  readonly added: readonly RowOf<T>[];
  readonly changed: readonly RowOf<T>[];
}

/** Rows that the projections read, change in place and `put`. They stay cached from batch to batch. */
export class Entities<T extends Table> {
  private readonly rows = new Map<string, RowOf<T>>();
  private readonly added = new Set<RowOf<T>>();
  private readonly changed = new Set<RowOf<T>>();
  /** While true, what is not cached is not in the table either: there is nothing to load. */
  hasAll = false;

  constructor(
    readonly table: T,
    private readonly identity: keyof T['columns'] & string,
  ) {}

  get(id: string): RowOf<T> | undefined {
    return this.rows.get(id);
  }

  getOrThrow(id: string): RowOf<T> {
    const row = this.rows.get(id);
    if (row === undefined) throw new ProjectionFault(`No row ${id} in ${this.table.name}: the log is out of order.`);
    return row;
  }

  put(row: RowOf<T>): void {
    const id = String(row[this.identity]);
    if (this.rows.has(id)) {
      if (!this.added.has(row)) this.changed.add(row);
    } else {
      this.rows.set(id, row);
      this.added.add(row);
    }
  }

  /** Takes rows from the database. A row that is cached already is newer and stays. */
  fill(rows: readonly RowOf<T>[]): void {
    for (const row of rows) {
      const id = String(row[this.identity]);
      if (!this.rows.has(id)) this.rows.set(id, row);
    }
  }

  all(): IterableIterator<RowOf<T>> {
    return this.rows.values();
  }

  takeChanges(): Changes<T> {
    const changes = { added: [...this.added], changed: [...this.changed] };
    this.added.clear();
    this.changed.clear();
    return changes;
  }

  get size(): number {
    return this.rows.size;
  }

  /** Drops the half that came first, after its changes were taken. */
  forgetOldest(): void {
    this.hasAll = false;
    let left = this.rows.size >> 1;
    for (const id of this.rows.keys()) {
      if (left === 0) break;
      this.rows.delete(id);
      left -= 1;
    }
  }

  forget(): void {
    this.hasAll = false;
    this.rows.clear();
    this.added.clear();
    this.changed.clear();
  }
}

/** Counters that a batch adds to without reading them. */
export class Tallies<T extends Table> {
  private readonly rows = new Map<string, RowOf<T>>();
  private readonly counters: readonly string[];

  constructor(readonly table: T) {
    this.counters = Object.keys(table.columns).filter((name) => !table.key.includes(name));
  }

  /** The counters of one key, to be added to in place. Values in the order of the table's key. */
  at(...key: readonly (string | number)[]): RowOf<T> {
    const id = key.join('|');
    let row = this.rows.get(id);
    if (row === undefined) {
      const fresh: Record<string, string | number> = {};
      this.table.key.forEach((name, i) => (fresh[name] = key[i] as string | number));
      for (const name of this.counters) fresh[name] = 0;
      row = fresh as RowOf<T>;
      this.rows.set(id, row);
    }
    return row;
  }

  takeChanges(): Changes<T> {
    const changed = [...this.rows.values()];
    this.rows.clear();
    return { added: [], changed };
  }

  get size(): number {
    return this.rows.size;
  }

  forget(): void {
    this.rows.clear();
  }
}

export type SumsRow = RowOf<typeof batchSums>;
type SumsKey = Omit<SumsRow, 'total' | 'up_to_chunk'>;

/** Figures of one block by chunk, not yet running. */
interface Block {
  readonly key: SumsKey;
  readonly byChunk: number[];
}

/** Sums over blocks of a batch's vouchers. What the cache lacks is read just before the batch is written. */
export class Sums {
  readonly table = batchSums;
  private readonly cached = new Map<string, Block>();
  private readonly added = new Map<string, Block>();

  add(batch: string, number: number, what: { measure: string; item?: string; cutoff?: number }, amount: number): void {
    const chunk = Math.floor(number / VOUCHERS_PER_CHUNK);
    const block = Math.floor(chunk / CHUNKS_PER_BLOCK);
    const key = { batch, block, measure: what.measure, item: what.item ?? '', cutoff: what.cutoff ?? 0 };
    const id = idOfSums(key);
    let row = this.added.get(id);
    if (row === undefined) {
      row = { key, byChunk: [] };
      this.added.set(id, row);
    }
    addAt(row.byChunk, chunk % CHUNKS_PER_BLOCK, amount);
  }

  /** Keys that were added to and whose present figures are not cached. */
  unknown(): readonly SumsKey[] {
    return [...this.added].filter(([id]) => !this.cached.has(id)).map(([, { key }]) => key);
  }

  fill(rows: readonly SumsRow[]): void {
    for (const { total: _, up_to_chunk, ...key } of rows)
      this.cached.set(idOfSums(key), { key, byChunk: up_to_chunk.map((sum, i) => sum - (up_to_chunk[i - 1] ?? 0)) });
  }

  takeChanges(): Changes<typeof batchSums> {
    const changed: SumsRow[] = [];
    for (const [id, added] of this.added) {
      const block = this.cached.get(id) ?? { key: added.key, byChunk: [] };
      this.cached.set(id, block);
      added.byChunk.forEach((amount, chunk) => addAt(block.byChunk, chunk, amount));
      let total = 0;
      const up_to_chunk = block.byChunk.map((amount) => (total += amount));
      changed.push({ ...block.key, total, up_to_chunk });
    }
    this.added.clear();
    return { added: [], changed };
  }

  get size(): number {
    return this.cached.size;
  }

  /** Blocks are found again by one statement a batch, so there is no point in choosing. */
  forgetOldest(): void {
    this.cached.clear();
  }

  forget(): void {
    this.cached.clear();
    this.added.clear();
  }
}

function idOfSums({ batch, block, cutoff, item, measure }: SumsKey): string {
  return `${batch}|${block}|${measure}|${item}|${cutoff}`;
}

function addAt(figures: number[], index: number, amount: number): void {
  while (figures.length <= index) figures.push(0);
  figures[index] = (figures[index] as number) + amount;
}

/** Rows that are only ever inserted. */
export class Logs<T extends Table> {
  private rows: RowOf<T>[] = [];

  constructor(readonly table: T) {}

  push(row: RowOf<T>): void {
    this.rows.push(row);
  }

  takeChanges(): Changes<T> {
    const added = this.rows;
    this.rows = [];
    return { added, changed: [] };
  }

  get size(): number {
    return this.rows.length;
  }

  forget(): void {
    this.rows = [];
  }
}
