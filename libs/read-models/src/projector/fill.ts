import type pg from 'pg';
import { checkTypesOrThrow, project } from '../projections/index.js';
import type { ProjectedEvent } from '../projected-event.js';
import { keySql, type Table } from '../tables/define.js';
import { allTables } from '../tables/index.js';
import { connect } from './connection.js';
import { CopyIn } from './copy-in.js';
import { loadWork, type Queryable } from './load.js';
import { NEXT } from './schema.js';
import { Entities, type Changes } from './stores.js';
import { createWork } from './work.js';
import { loadSums, upsertOf } from './write.js';

/** Rows of a log that are written in one go. */
const LOG_ROWS = 20_000;
/** Documents of figures, each as large as a thousand of the others. */
const LOG_DOCUMENTS = 100;

type Store = ReturnType<typeof createWork>['all'][number];

/**
 * Fills the empty tables of a rebuild from position 0. Nobody reads them yet, and nobody else writes, so a row stays in
 * memory until it has to go and is written as it is then; tables have no index before something must be found in them.
 *
 * While the database writes, the next events are applied. What is asked of it waits for what was written before, so that
 * a row which is no longer cached is found.
 */
export class Fill {
  private readonly work = createWork(NEXT);
  private readonly written = new Set<string>();
  private readonly indexed = new Set<string>();
  private sent: Promise<unknown>[] = [];

  private constructor(
    private readonly client: Turns,
    /** Once it is called, `apply` and `finish` reject. */
    readonly close: () => Promise<void>,
  ) {
    for (const store of this.work.all) if (store instanceof Entities) store.hasAll = true;
  }

  static async begin(connectionString: string): Promise<Fill> {
    const { client, close } = await connect(connectionString, { pipeline: false });
    await client.query("set maintenance_work_mem = '256MB'");
    return new Fill(new Turns(client), close);
  }

  /** Applies events in order. What it rejects with may come from the rows of the call before. */
  async apply(events: readonly ProjectedEvent[]): Promise<void> {
    const { work } = this;
    checkTypesOrThrow(events);
    await loadWork(this.client, work, events);
    for (const event of events) project(event, work);
    const statements = work.takeStatements();
    const grown: Store[] = work.tooLarge();
    for (const store of [work.journal, work.lineMoves, work.lineHolds, work.corrections])
      if (store.size > LOG_ROWS || statements.length > 0) grown.push(store);
    if (work.figureDocuments.size > LOG_DOCUMENTS) grown.push(work.figureDocuments);
    if (grown.length === 0) return;
    await this.settle();
    for (const store of grown) {
      await this.write(store);
      if (!('forgetOldest' in store)) continue;
      store.forgetOldest();
      this.index(store.table);
    }
    if (statements.length > 0) this.index(work.lineHolds.table);
    for (const { text, values } of statements) this.send(this.client.query(text, [...values]));
  }

  /** Writes what is left, then keys, indexes and statistics. */
  async finish(): Promise<void> {
    for (const store of this.work.all) await this.write(store);
    for (const table of allTables) this.index(table);
    this.send(this.client.query(`analyze ${allTables.map(({ name }) => `${NEXT}.${name}`).join(', ')}`));
    await this.settle();
  }

  private async write(store: Store): Promise<void> {
    const table: Table = store.table;
    const isEmpty = !this.written.has(table.name);
    if (store === this.work.sums && !isEmpty) await loadSums(this.client, this.work);
    const { added, changed }: Changes<Table> = store.takeChanges();
    const fresh = isEmpty ? [...added, ...changed] : added;
    if (fresh.length > 0) {
      this.send(this.client.copy(new CopyIn(NEXT, table, fresh)));
      this.written.add(table.name);
    }
    if (isEmpty || changed.length === 0) return;
    this.index(table);
    this.send(this.client.query(upsertOf(NEXT, table, changed)));
  }

  private index(table: Table): void {
    if (this.indexed.has(table.name)) return;
    this.indexed.add(table.name);
    for (const sql of keySql(table, NEXT)) this.send(this.client.query(sql));
  }

  private send(statement: Promise<unknown>): void {
    // It is awaited when the next ones are sent; until then a failure must not count as unhandled.
    statement.catch(() => undefined);
    this.sent.push(statement);
  }

  private async settle(): Promise<void> {
    await Promise.all(this.sent);
    this.sent = [];
  }
}

/** Statements of a connection that takes one at a time, in the order of the calls. */
class Turns implements Queryable {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: pg.ClientBase) {}

  query<R extends pg.QueryResultRow>(
    statement: string | pg.QueryConfig,
    values?: unknown[],
  ): Promise<pg.QueryResult<R>> {
    return this.inTurn(() => this.client.query<R>(statement, values));
  }

  copy(rows: CopyIn): Promise<void> {
    return this.inTurn(() => this.client.query(rows).copied);
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.last.then(action, action);
    this.last = result.catch(() => undefined);
    return result;
  }
}
