import type { RowOf } from '../tables/define.js';
import type { batches, vouchers } from '../tables/voucher-tables.js';
import type { Work } from '../projector/work.js';

export type VoucherRow = RowOf<typeof vouchers>;
type BatchRow = RowOf<typeof batches>;
type State = 'unclaimed' | 'held' | 'given_back' | 'owed' | 'redeemed';

export function campaignOfBatch(work: Work, batch: string): string {
  return work.batches.getOrThrow(batch).campaign;
}

/** Where a voucher's unspent fen are counted. */
export function unspentState(voucher: VoucherRow): 'unclaimed' | 'held' {
  return voucher.status === 'issued' ? 'unclaimed' : 'held';
}

/**
 * Counts fen of a voucher in a state, or out of it if the amount is negative: in its row, its batch and the batch's sums.
 * Redeemed fen are summed by merchant and window.
 */
export function count(
  work: Work,
  voucher: VoucherRow,
  state: State,
  amount: number,
  by?: { readonly item: string; readonly cutoff: number },
): void {
  if (amount === 0) return;
  work.sums.add(voucher.batch, voucher.number, { measure: state, ...by }, amount);
  addToVoucher(voucher, state, amount);
  work.vouchers.put(voucher);
  const batch = work.batches.getOrThrow(voucher.batch);
  addToBatch(batch, state, amount);
  work.batches.put(batch);
}

function addToVoucher(voucher: VoucherRow, state: State, amount: number): void {
  if (state === 'redeemed') voucher.redeemed_minor += amount;
  else if (state === 'given_back') voucher.given_back_minor += amount;
  else if (state === 'owed') voucher.owed_minor += amount;
  else voucher.unspent_minor += amount;
}

function addToBatch(batch: BatchRow, state: State, amount: number): void {
  if (state === 'redeemed') batch.redeemed_minor += amount;
  else if (state === 'given_back') batch.given_back_minor += amount;
  else if (state === 'owed') batch.owed_minor += amount;
  else if (state === 'held') batch.held_minor += amount;
  else batch.unclaimed_minor += amount;
}
