import type pg from 'pg';
import type { ProjectedEvent } from '../projected-event.js';
import type { Entities } from './stores.js';
import type { Work } from './work.js';

/** What statements can be put to, all at once: it gives the answers in order. */
export interface Queryable {
  query<R extends pg.QueryResultRow>(
    statement: string | pg.QueryConfig,
    values?: unknown[],
  ): Promise<pg.QueryResult<R>>;
}

/** Reads the rows that a batch of events will change and that are not cached. The caller holds the transaction. */
export async function loadWork(client: Queryable, work: Work, events: readonly ProjectedEvent[]): Promise<void> {
  const wanted = wantedBy(work, events);
  await Promise.all(
    [...wanted.ids]
      .map(([store, ids]) => loadRows(client, work, store, ids))
      .concat(loadUncut(client, work, wanted.earliestCut)),
  );
  await loadReversed(client, work, [...wanted.reversedVouchers]);
  const batches = new Set<string>();
  for (const event of events) {
    const batch = work.vouchers.get(idOf(event.stream))?.batch;
    if (batch !== undefined && !work.batches.hasAll && work.batches.get(batch) === undefined) batches.add(batch);
  }
  await loadRows(client, work, work.batches, batches);
}

/** The part of a stream's name after its category. */
export function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}

interface Wanted {
  readonly ids: Map<AnyEntities, Set<string>>;
  readonly reversedVouchers: Set<string>;
  /** The smallest `to` of the batch's cut-offs: what was redeemed or reversed from there on changes its window. */
  earliestCut: number | undefined;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- which table it is does not matter for loading
type AnyEntities = Entities<any>;

function wantedBy(work: Work, events: readonly ProjectedEvent[]): Wanted {
  const wanted: Wanted = { ids: new Map(), reversedVouchers: new Set(), earliestCut: undefined };
  const want = (store: AnyEntities, id: unknown) => {
    if (store.hasAll || typeof id !== 'string' || store.get(id) !== undefined) return;
    const ids = wanted.ids.get(store);
    if (ids === undefined) wanted.ids.set(store, new Set([id]));
    else ids.add(id);
  };
  const byCategory = new Map<string, AnyEntities>([
    ['fund', work.funds],
    ['donation', work.donations],
    ['programme', work.programmes],
    ['campaign', work.campaigns],
    ['batch', work.batches],
    ['voucher', work.vouchers],
    ['merchant', work.merchants],
    ['settlement', work.settlements],
  ]);
  for (const { type, stream, data } of events) {
    if (type !== 'VoucherIssued' && type !== 'DonationReceived') {
      const store = byCategory.get(stream.slice(0, stream.indexOf('-')));
      if (store !== undefined) want(store, idOf(stream));
    }
    want(work.batches, data['batch']);
    want(work.funds, data['fromFund']);
    want(work.intakes, data['intake']);
    want(work.stores, data['store']);
    if (
      type === 'RedemptionReversed' &&
      !work.redemptions.hasAll &&
      work.redemptions.get(data['redemption'] as string) === undefined
    )
      wanted.reversedVouchers.add(idOf(stream));
    if (type === 'CutoffSet') wanted.earliestCut = Math.min(wanted.earliestCut ?? Infinity, data['to'] as number);
  }
  return wanted;
}

async function loadRows(
  client: Queryable,
  { schema }: Work,
  store: AnyEntities,
  ids: ReadonlySet<string>,
): Promise<void> {
  if (ids.size === 0) return;
  const { name, key } = store.table as { name: string; key: readonly string[] };
  const { rows } = await client.query<never>({
    name: `load_${name}`,
    text: `select * from ${schema}.${name} where ${key[0]} = any($1::uuid[])`,
    values: [`{${[...ids].join(',')}}`],
  });
  store.fill(rows);
}

/** All redemptions of these vouchers, which are cached by now. */
async function loadReversed(client: Queryable, work: Work, vouchers: readonly string[]): Promise<void> {
  const cached = vouchers.flatMap((voucher) => work.vouchers.get(voucher) ?? []);
  if (cached.length === 0) return;
  const { rows } = await client.query<never>({
    name: 'load_reversed',
    text: `select r.* from unnest($1::uuid[], $2::int[]) as v(batch, number)
           join ${work.schema}.redemptions r on r.batch = v.batch and r.number = v.number`,
    values: [cached.map(({ batch }) => batch), cached.map(({ number }) => number)],
  });
  work.redemptions.fill(rows);
}

async function loadUncut(client: Queryable, work: Work, earliestCut: number | undefined): Promise<void> {
  if (earliestCut === undefined) return;
  for (const store of [work.redemptions, work.reversals]) {
    if (store.hasAll) continue;
    const { rows } = await client.query<never>(
      `select * from ${work.schema}.${store.table.name} where position >= $1 order by position`,
      [earliestCut],
    );
    (store as AnyEntities).fill(rows);
  }
}

/** Cut-offs are few and every redemption asks for its window, so all of them are kept. */
export async function loadCutoffs(client: Queryable, work: Work): Promise<void> {
  const { rows } = await client.query<never>(`select * from ${work.schema}.cutoffs order by cutoff`);
  work.cutoffs.fill(rows);
}

/** One row, which every event counts in. */
export async function loadFigureState(client: Queryable, work: Work): Promise<void> {
  const { rows } = await client.query<never>(`select * from ${work.schema}.figure_states`);
  work.figureStates.fill(rows);
}
