import type { DonationTrace } from '@aidtrail/read-models';
import { giftTables, type GiftTables } from './gift-tables.js';

type Batch = DonationTrace['batches'][number];

/** One batch as its donor sees it. `coarsened`: too few vouchers to say how many. */
export type PublicBatchPart = Omit<
  Batch,
  | 'redeemedByMerchant'
  | 'redeemedByCategory'
  | 'redeemedByWeek'
  | 'redeemedByWindow'
  | 'paidByBankDay'
  | 'faceMinor'
  | 'vouchersTouched'
  | 'vouchersByGroup'
  | 'completedDay'
> & {
  readonly coarsened: boolean;
  readonly vouchersTouched?: number;
};

export type PublicTrace = Omit<DonationTrace, 'batches' | 'windows'> &
  GiftTables & { readonly batches: readonly PublicBatchPart[] };

/**
 * A trace for whoever holds the trace code. Where it is now stays exact: that says how much, never who, where or when. How
 * many vouchers hold fen of the gift is told of a batch from k of them on. To which target groups they went, what was
 * bought, in which weeks, at which merchants and when the bank paid is told of the gift as a whole, as far as every cell
 * holds k vouchers: see `giftTables`.
 */
export function publicTrace(
  { windows, ...trace }: DonationTrace,
  of: { readonly k: number; readonly day: string },
): PublicTrace {
  const { batches } = trace;
  return {
    ...trace,
    ...giftTables({ batches, windows }, of),
    batches: batches.map((batch) => publicPart(batch, of.k)),
  };
}

function publicPart(batch: Batch, k: number): PublicBatchPart {
  const {
    redeemedByMerchant: _merchants,
    redeemedByCategory: _categories,
    redeemedByWeek: _weeks,
    redeemedByWindow: _windows,
    paidByBankDay: _days,
    faceMinor: _face,
    vouchersByGroup: _groups,
    completedDay: _completed,
    vouchersTouched,
    ...part
  } = batch;
  return vouchersTouched < k ? { ...part, coarsened: true } : { ...part, coarsened: false, vouchersTouched };
}
