import { READ } from '../tables/define.js';
import { tables } from '../tables/index.js';
import { Entities, Logs, Sums, Tallies } from './stores.js';

/** A statement that runs after the rows of the batch were written, for changes to rows that no projection reads. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Most rows that stay cached between batches. Of a voucher much is asked, of the others little. */
const MAX_CACHED = { vouchers: 250_000, redemptions: 50_000, reversals: 50_000, donations: 50_000, sums: 250_000 };

/**
 * Everything that a batch of events changes, in memory; `writeWork` puts it into the tables of `schema`. What is cached is
 * what the database holds only while no other projector has written: see `forget`.
 */
export function createWork(schema = READ) {
  const work = {
    // The two largest first: the database works on them while the other statements are made.
    vouchers: new Entities(tables.vouchers, 'voucher'),
    redemptions: new Entities(tables.redemptions, 'redemption'),
    funds: new Entities(tables.funds, 'fund'),
    intakes: new Entities(tables.intakes, 'intake'),
    donations: new Entities(tables.donations, 'donation'),
    programmes: new Entities(tables.programmes, 'programme'),
    campaigns: new Entities(tables.campaigns, 'campaign'),
    batches: new Entities(tables.batches, 'batch'),
    reversals: new Entities(tables.reversals, 'position'),
    merchants: new Entities(tables.merchants, 'merchant'),
    stores: new Entities(tables.stores, 'store'),
    settlements: new Entities(tables.settlements, 'settlement'),
    cutoffs: new Entities(tables.cutoffs, 'cutoff'),
    periods: new Entities(tables.periods, 'period'),
    donationChunks: new Tallies(tables.donationChunks),
    campaignDays: new Tallies(tables.campaignDays),
    merchantDays: new Tallies(tables.merchantDays),
    merchantWindows: new Tallies(tables.merchantWindows),
    accountBalances: new Tallies(tables.accountBalances),
    sums: new Sums(),
    lineMoves: new Logs(tables.lineMoves),
    lineHolds: new Logs(tables.lineHolds),
    journal: new Logs(tables.journal),
    corrections: new Logs(tables.corrections),
    figureStates: new Entities(tables.figureStates, 'id'),
    figureDocuments: new Logs(tables.figureDocuments),
    figurePublications: new Logs(tables.figurePublications),
  };
  const statements: Statement[] = [];
  const all = Object.values(work);
  return {
    ...work,
    schema,
    /** To be called when the cache may no longer be what the database holds; drops unwritten changes too. */
    forget(): void {
      for (const store of all) store.forget();
      statements.length = 0;
    },
    /** Stores that have grown too large; once their changes are written, `forgetOldest` makes them smaller. */
    tooLarge() {
      const names = Object.keys(MAX_CACHED) as (keyof typeof MAX_CACHED)[];
      return names.filter((name) => work[name].size > MAX_CACHED[name]).map((name) => work[name]);
    },
    afterwards(statement: Statement): void {
      statements.push(statement);
    },
    takeStatements(): readonly Statement[] {
      return statements.splice(0);
    },
    /** Every store, in the order in which they are written. */
    all,
  };
}

export type Work = ReturnType<typeof createWork>;

/** Number of the window that a position falls into: that of the first cut-off whose `to` lies beyond it. */
export function windowOf(work: Work, position: number): number {
  let number = work.cutoffs.size + 1;
  while (number > 1) {
    const previous = work.cutoffs.getOrThrow(String(number - 1));
    if (previous.window_to <= position) break;
    number -= 1;
  }
  return number;
}
