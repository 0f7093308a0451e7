import type { FigureState } from './figure-state.js';
import { idOf, type LeafOf } from './leaf-of.js';

type MoneyLeaf = LeafOf<
  | 'IntakeReceived'
  | 'FeeReceived'
  | 'TransferSent'
  | 'TransferReceived'
  | 'BatchFunded'
  | 'RefundReserved'
  | 'RefundReleased'
  | 'DonationRefunded'
  | 'AdministrationSpent'
>;

/** Money that no voucher moves: told at once. */
export function countMoney(state: FigureState, leaf: MoneyLeaf): void {
  const { exact } = state;
  switch (leaf.type) {
    case 'IntakeReceived':
      exact.grossMinor += leaf.data.grossMinor;
      exact.feeMinor += leaf.data.feeMinor;
      exact.donationCount += leaf.data.count;
      return;
    case 'FeeReceived':
      exact.feeArrivedMinor += leaf.data.amountMinor;
      return;
    case 'TransferSent':
      exact.sentMinor += leaf.data.amountMinor;
      return;
    case 'TransferReceived':
      exact.arrivedMinor += leaf.data.amountMinor;
      return;
    case 'BatchFunded':
      exact.fundedMinor += leaf.data.amountMinor;
      return;
    case 'AdministrationSpent':
      exact.spentOnAdministrationMinor += leaf.data.amountMinor;
      return;
    case 'RefundReserved':
      return reserve(state, leaf);
    case 'RefundReleased':
      exact.refundReservedMinor -= takeReserved(state, leaf.data.refund, [idOf(leaf.stream)]);
      return;
    case 'DonationRefunded': {
      const paidMinor = takeReserved(state, leaf.data.refund, leaf.data.funds);
      exact.refundReservedMinor -= paidMinor;
      exact.refundedMinor += paidMinor;
    }
  }
}

function reserve(state: FigureState, { data, stream }: LeafOf<'RefundReserved'>): void {
  const funds = (state.reserved[data.refund] ??= {});
  funds[idOf(stream)] = (funds[idOf(stream)] ?? 0) + data.amountMinor;
  state.exact.refundReservedMinor += data.amountMinor;
}

/** What these funds reserved under the refund's id is reserved no more. */
function takeReserved({ reserved }: FigureState, refund: string, funds: readonly string[]): number {
  const held = reserved[refund] ?? {};
  let takenMinor = 0;
  for (const fund of funds) {
    takenMinor += held[fund] ?? 0;
    Reflect.deleteProperty(held, fund);
  }
  if (Object.keys(held).length === 0) Reflect.deleteProperty(reserved, refund);
  return takenMinor;
}
