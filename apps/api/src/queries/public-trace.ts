import type { DonationTrace } from '@aidtrail/read-models';

/** One batch as its donor sees it. `coarsened`: too few vouchers to say how many, and what they bought. */
export type PublicBatchPart = Omit<DonationTrace['batches'][number], 'redeemedByMerchant' | 'vouchersTouched'> & {
  readonly coarsened: boolean;
  readonly vouchersTouched?: number;
};

export type PublicTrace = Omit<DonationTrace, 'batches'> & { readonly batches: readonly PublicBatchPart[] };

/**
 * A trace for whoever holds the trace code. Merchants are left out, since nothing says here how many vouchers stand behind
 * each of them; how many vouchers hold fen of the gift, and what was bought, is told only from k of them on. Amounts and states stay exact:
 * they say how much, never who, where or when.
 */
export function publicTrace(trace: DonationTrace, k: number): PublicTrace {
  return {
    ...trace,
    batches: trace.batches.map(({ redeemedByMerchant: _, vouchersTouched, ...batch }) => {
      if (vouchersTouched < k) return { ...batch, coarsened: true, redeemedByCategory: [] };
      return { ...batch, coarsened: false, vouchersTouched };
    }),
  };
}
