import type { DonationTrace } from '@aidtrail/read-models';

/** One batch as its donor sees it. `coarsened`: too few vouchers to say what they bought. */
export type PublicBatchPart = Omit<DonationTrace['batches'][number], 'redeemedByMerchant'> & {
  readonly coarsened: boolean;
};

export type PublicTrace = Omit<DonationTrace, 'batches'> & { readonly batches: readonly PublicBatchPart[] };

/**
 * A trace for whoever holds the trace code. Merchants are left out, since nothing says here how many vouchers stand behind
 * each of them; what was bought is told only where at least k vouchers hold fen of the gift. Amounts and states stay exact:
 * they say how much, never who, where or when.
 */
export function publicTrace(trace: DonationTrace, k: number): PublicTrace {
  return {
    ...trace,
    batches: trace.batches.map(({ redeemedByMerchant: _, ...batch }) => {
      const coarsened = batch.vouchersTouched < k;
      return { ...batch, coarsened, redeemedByCategory: coarsened ? [] : batch.redeemedByCategory };
    }),
  };
}
