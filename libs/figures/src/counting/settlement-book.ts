import type { FigureState } from './figure-state.js';
import { idOf, type LeafOf } from './leaf-of.js';

export const SETTLEMENT_STATUSES = [
  'proposed',
  'disputed',
  'prepared',
  'approved',
  'held',
  'instructed',
  'payment-failed',
  'paid',
  'payment-returned',
  'reconciled',
] as const;
export type SettlementStatus = (typeof SETTLEMENT_STATUSES)[number];

/** Settlements that are not reconciled, or not yet told to be. Plain JSON. */
export interface SettlementBook {
  readonly open: Record<string, OpenSettlement>;
  /** Day of the latest cut-offs, by their numbers. */
  readonly windows: Record<string, string>;
  /** What was told of each status, and of reconciled settlements that are not kept any more. */
  readonly told: Partial<Record<SettlementStatus, { asOf: number }>>;
  /** Number of the newest class. */
  classes: number;
  /** Reconciled and told: not kept one by one. */
  closed?: SettlementSum;
}

export interface SettlementSum {
  count: number;
  redemptionCount: number;
  netMinor: number;
}

export interface OpenSettlement {
  status: SettlementStatus;
  /** Goes on here when a hold is lifted. */
  resume?: SettlementStatus;
  /** The day of its cut-off. */
  day: string;
  redemptionCount: number;
  netMinor: number;
  /** True if it is one of `closed`, whose payment came back. */
  again?: true;
  /** As it was last told. Settlements of one class were always told as one sum. */
  told?: { status: SettlementStatus; netMinor: number; class: number; day: string };
}

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
