import type pg from 'pg';
import { forgetDisclosures, type FigureState } from '@aidtrail/figures';
import type { ReadDatabase } from '../database.js';
import { loadCutoffs } from '../projector/load.js';
import { CHECKPOINT, ensureSchema, inTransaction } from '../projector/schema.js';
import { createWork, type Work } from '../projector/work.js';
import { writeWork } from '../projector/write.js';
import { DONATIONS_PER_CHUNK } from '../tables/index.js';
import { ERASED } from '../tables/voucher-tables.js';
import { recountBlocks } from './block-sums.js';
import { blankGroups } from './groups.js';
import { blankJournal } from './journal.js';
import type { RedemptionRow, ReversalRow } from './rows.js';
import { windowsTouched } from './windows.js';

/** Whose disclosures can no longer be opened, by the ids of their streams. */
export interface ErasedSubjects {
  readonly vouchers: readonly string[];
  readonly donations: readonly string[];
}

/**
 * Takes out of the read models what only the disclosures of these vouchers and donations said: target groups, shops,
 * baskets, times; amounts and addresses of donations. What is left is what a rebuild would make now that the keys are
 * gone, row by row, so totals stay, the erased redemptions count at no merchant and the erased vouchers in no group.
 * Repeating it changes nothing, and ids that the tables do not hold are passed over.
 *
 * One transaction, in turn with the projectors, which then forget what they had cached. A batch that a projector decoded
 * before the keys were destroyed may still arrive after it: whoever erases repeats this once the projection has passed
 * every event that was in the log by then.
 */
export async function blankErased(reads: ReadDatabase, erased: ErasedSubjects): Promise<void> {
  const client = await reads.pool.connect();
  try {
    await ensureSchema(client);
    await inTransaction(client, async () => {
      await client.query('update read.checkpoint set generation = generation + 1 where name = $1', [CHECKPOINT]);
      await blankDonations(client, erased.donations);
      await blankVouchers(client, erased.vouchers);
    });
    client.release();
  } catch (error) {
    // In doubt about its state: the pool makes another.
    client.release(true);
    throw error;
  }
}

async function blankVouchers(client: pg.PoolClient, vouchers: readonly string[]): Promise<void> {
  await blankGroups(client, vouchers);
  const moved = await movementsOf(client, vouchers);
  if (moved.redemptions.length === 0) return;
  const work = createWork();
  await loadCutoffs(client, work);
  await moveToNobody(client, work, moved);
  await writeWork(client, work);
  await forgetInFigures(client, moved.redemptions);
  await dropEmptied(client, new Set(moved.redemptions.map(({ merchant }) => merchant)));
}

/**
 * The public figures by goods and shop end with the first redemption that is not disclosed any more, as in a rebuild. What
 * was published of them stays published; it cannot be made again.
 */
async function forgetInFigures(client: pg.PoolClient, redemptions: readonly RedemptionRow[]): Promise<void> {
  const [first] = redemptions;
  if (first === undefined) return;
  const { rows } = await client.query<{ state: FigureState }>('select state from read.figure_states');
  for (const { state } of rows) {
    forgetDisclosures(state);
    await client.query('update read.figure_states set state = $1', [JSON.stringify(state)]);
  }
  await client.query(
    'update read.figure_documents set disclosed_digest = null, disclosed_document = null where cut > $1',
    [first.position],
  );
}

interface Movements {
  readonly redemptions: readonly RedemptionRow[];
  readonly reversals: readonly ReversalRow[];
}

/** What these vouchers moved at merchants that the tables still name. */
async function movementsOf(client: pg.PoolClient, vouchers: readonly string[]): Promise<Movements> {
  const of = async <T extends pg.QueryResultRow>(table: string): Promise<readonly T[]> => {
    const { rows } = await client.query<T>(
      `select r.* from read.vouchers v join read.${table} r on r.batch = v.batch and r.number = v.number
       where v.voucher = any($1::uuid[]) and r.merchant <> $2 order by r.position`,
      [vouchers, ERASED],
    );
    return rows;
  };
  return { redemptions: await of('redemptions'), reversals: await of('reversals') };
}

/** Changes rows and counters the way the projections would have made them without the disclosures. */
async function moveToNobody(client: pg.PoolClient, work: Work, { redemptions, reversals }: Movements): Promise<void> {
  const storeOf = new Map(redemptions.map(({ redemption, store }) => [redemption, store]));
  for (const row of reversals) {
    for (const [merchant, store, sign] of [
      [row.merchant, storeOf.get(row.redemption) ?? ERASED, -1],
      [ERASED, ERASED, 1],
    ] as const) {
      const day = work.merchantDays.at(merchant, store, row.day);
      day.reversed_count += sign;
      day.reversed_minor += sign * row.amount_minor;
      const window = touchWindows(work, row, merchant);
      window.reversals_minor += sign * row.amount_minor;
      if (row.goes_to === 'recoverable') window.recoverable_minor += sign * row.amount_minor;
    }
    work.reversals.put({ ...row, merchant: ERASED });
  }
  for (const row of redemptions) {
    for (const [merchant, store, sign] of [[row.merchant, row.store, -1] as const, [ERASED, ERASED, 1] as const]) {
      const day = work.merchantDays.at(merchant, store, row.day);
      day.redeemed_count += sign;
      day.redeemed_minor += sign * row.amount_minor;
      const window = touchWindows(work, row, merchant);
      window.redeemed_count += sign;
      window.gross_minor += sign * row.amount_minor;
    }
    work.redemptions.put({ ...row, merchant: ERASED, store: ERASED, goods: null, time: null });
  }
  await blankJournal(client, work, [...redemptions, ...reversals]);
  // The recount reads the rows as they will be.
  await writeWork(client, work);
  await recountBlocks(client, work, redemptions);
}

/** The counters of the window that a movement is in now; those that it passed through exist too, as in a rebuild. */
function touchWindows(work: Work, row: RedemptionRow | ReversalRow, merchant: string) {
  const { first, last } = windowsTouched(work, row.position);
  for (let cutoff = first; cutoff < last; cutoff += 1) work.merchantWindows.at(merchant, cutoff, row.funding_mode);
  return work.merchantWindows.at(merchant, last, row.funding_mode);
}

/** Counters that nothing counts in any more: a rebuild would not have made their rows. */
async function dropEmptied(client: pg.PoolClient, merchants: ReadonlySet<string>): Promise<void> {
  const named = [...merchants];
  await client.query(
    'delete from read.merchant_days where merchant = any($1::uuid[]) and redeemed_count = 0 and reversed_count = 0',
    [named],
  );
  await client.query('delete from read.account_balances where merchant = any($1) and posting_count = 0', [named]);
  // A window is touched by what happened from the end of the one before until its own cut-off was set.
  const touched = (table: string) => `exists (select from read.${table} r
      where r.merchant = w.merchant and r.funding_mode = w.funding_mode and r.position >= coalesce(before.window_to, 0)
        and r.position < coalesce(own.position, ${Number.MAX_SAFE_INTEGER}))`;
  await client.query(
    `delete from read.merchant_windows w using
       (select w.merchant, w.cutoff, w.funding_mode from read.merchant_windows w
          left join read.cutoffs own on own.cutoff = w.cutoff left join read.cutoffs before on before.cutoff = w.cutoff - 1
         where w.merchant = any($1::uuid[]) and w.redeemed_count = 0 and w.reversals_minor = 0
           and not ${touched('redemptions')} and not ${touched('reversals')}) empty
     where (w.merchant, w.cutoff, w.funding_mode) = (empty.merchant, empty.cutoff, empty.funding_mode)`,
    [named],
  );
}

/** A donation whose donor is named in its leaf keeps what the leaf says, and no disclosure said more. */
async function blankDonations(client: pg.PoolClient, donations: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ intake: string; number: number; amount_minor: number }>(
    `select intake, number, amount_minor from read.donations
     where donation = any($1::uuid[]) and name is null and amount_minor is not null`,
    [donations],
  );
  if (rows.length === 0) return;
  await client.query(
    `update read.donations set amount_minor = null, fee_minor = null, line_start = null, net_minor = 0
     where donation = any($1::uuid[]) and name is null and amount_minor is not null`,
    [donations],
  );
  const work = createWork();
  for (const row of rows) {
    const chunk = work.donationChunks.at(row.intake, Math.floor(row.number / DONATIONS_PER_CHUNK));
    chunk.known_count -= 1;
    chunk.gross_minor -= row.amount_minor;
  }
  await writeWork(client, work);
  await client.query('delete from read.donation_chunks where intake = any($1::uuid[]) and known_count = 0', [
    [...new Set(rows.map(({ intake }) => intake))],
  ]);
}
