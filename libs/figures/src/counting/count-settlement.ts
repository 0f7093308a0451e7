import type { FigureState } from './figure-state.js';
import { idOf, type LeafOf } from './leaf-of.js';
import type { OpenSettlement } from './settlement-book.js';

type SettlementLeaf = LeafOf<
  | 'CutoffSet'
  | 'SettlementProposed'
  | 'SettlementPrepared'
  | 'SettlementApproved'
  | 'SettlementHeld'
  | 'SettlementReleased'
  | 'PaymentInstructed'
  | 'SettlementPaid'
  | 'PaymentFailed'
  | 'PaymentReturned'
  | 'SettlementReconciled'
  | 'SettlementDisputed'
>;

/** The windows that settlements may still be proposed for. */
const MAX_WINDOWS = 10;

export function countSettlement(state: FigureState, leaf: SettlementLeaf): void {
  const { settlements: book } = state;
  if (leaf.type === 'CutoffSet') {
    book.windows[leaf.data.number] = state.day;
    Reflect.deleteProperty(book.windows, leaf.data.number - MAX_WINDOWS);
    return;
  }
  const id = idOf(leaf.stream);
  if (leaf.type === 'SettlementProposed') {
    const { cutoff, count, grossMinor, reversalsMinor } = leaf.data;
    const netMinor = Math.max(0, grossMinor - reversalsMinor);
    const day = book.windows[cutoff] ?? state.day;
    book.open[id] = { status: 'proposed', day, redemptionCount: count, netMinor };
    return;
  }
  if (leaf.type === 'PaymentReturned') {
    state.exact.returnedPaymentCount += 1;
    book.open[id] ??= { status: 'reconciled', day: state.day, redemptionCount: 0, netMinor: 0, again: true };
  }
  const settlement = book.open[id];
  if (settlement !== undefined) move(settlement, leaf);
}

function move(settlement: OpenSettlement, leaf: Exclude<SettlementLeaf, LeafOf<'CutoffSet' | 'SettlementProposed'>>) {
  switch (leaf.type) {
    case 'SettlementPrepared':
      settlement.status = 'prepared';
      settlement.netMinor = leaf.data.netMinor;
      return;
    case 'SettlementApproved':
      settlement.status = 'approved';
      return;
    case 'SettlementHeld':
      if (settlement.status !== 'held') settlement.resume = settlement.status;
      settlement.status = 'held';
      return;
    case 'SettlementReleased':
      settlement.status = settlement.resume ?? 'approved';
      delete settlement.resume;
      return;
    case 'PaymentInstructed':
      settlement.status = 'instructed';
      return;
    case 'SettlementPaid':
      settlement.status = 'paid';
      settlement.netMinor = leaf.data.netMinor;
      return;
    case 'PaymentFailed':
      settlement.status = 'payment-failed';
      return;
    case 'PaymentReturned':
      settlement.status = 'payment-returned';
      settlement.netMinor = leaf.data.netMinor;
      return;
    case 'SettlementReconciled':
      settlement.status = 'reconciled';
      return;
    case 'SettlementDisputed':
      settlement.status = 'disputed';
      delete settlement.resume;
  }
}
