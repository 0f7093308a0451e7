import { endsOf, type EndKind, type Way } from './ways.js';

export const summaryKinds = ['redeemed', 'households', 'fund', 'fee', 'refunded', 'recoverable'] as const;
export type SummaryKind = (typeof summaryKinds)[number];

/** In few words: which ends belong together for somebody who asks what became of the gift. */
const summaryOf: Readonly<Record<EndKind, SummaryKind>> = {
  paid: 'redeemed',
  unpaid: 'redeemed',
  unspent: 'households',
  unclaimed: 'households',
  unissued: 'fund',
  free: 'fund',
  inTransit: 'fund',
  returning: 'fund',
  refundReserved: 'fund',
  refunded: 'refunded',
  recoverable: 'recoverable',
  feeInTransit: 'fee',
  feeUnlocated: 'fee',
  feeUnspent: 'fee',
  feeSpent: 'fee',
};

/** What is there of each, in the order of `summaryKinds`; together they are the gift. */
export function summarise(root: Way): readonly { readonly kind: SummaryKind; readonly amountMinor: number }[] {
  const amounts = new Map<SummaryKind, number>();
  for (const { amountMinor, kind } of endsOf(root)) {
    const of = summaryOf[kind as EndKind];
    amounts.set(of, (amounts.get(of) ?? 0) + amountMinor);
  }
  return summaryKinds.flatMap((kind) => {
    const amountMinor = amounts.get(kind) ?? 0;
    return amountMinor === 0 ? [] : [{ kind, amountMinor }];
  });
}
