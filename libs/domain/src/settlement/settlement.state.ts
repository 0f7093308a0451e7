import type { Recorded } from '../kernel/decider.js';
import type { OfType } from '../kernel/table.js';
import type { SettlementEvent } from './settlement.events.js';

type Proposed = OfType<SettlementEvent, 'SettlementProposed'>['data'];
type PreparedData = OfType<SettlementEvent, 'SettlementPrepared'>['data'];

/** Computed from the window's leaves; `merchant` and `previous` are absent without disclosures. */
export interface ProposedBody {
  readonly figures: Proposed;
  readonly merchant?: string;
  /** The merchant's settlement before this one. */
  readonly previous?: string;
}

/** What the maker fixed. The balances are what the merchant's next settlement starts from. */
export interface PreparedBody extends ProposedBody {
  readonly adjusted: Omit<PreparedData, keyof Proposed | 'merchantName' | 'officer'>;
  readonly merchantName?: string;
  readonly maker: string;
}

export interface ApprovedBody extends PreparedBody {
  readonly payableFrom: string;
  /** True once a payment was made: what it netted must not be netted again when it was returned and is repeated. */
  readonly netted: boolean;
}

/** Where a held settlement goes on when it is released. */
export type Resumable =
  | ({ readonly status: 'proposed' } & ProposedBody)
  | ({ readonly status: 'prepared' } & PreparedBody)
  | ({ readonly status: 'approved' | 'returned' } & ApprovedBody);

/**
 * `proposed` (also after a dispute) → `prepared` → `approved` → `instructed` → `paid` → `reconciled`; `held` in between;
 * a failed payment is `approved` again; a returned one is `returned` and can be instructed again.
 */
export type SettlementState =
  | { readonly status: 'none' }
  | Resumable
  | { readonly status: 'held'; readonly heldBy: string; readonly resume: Resumable }
  | ({ readonly status: 'instructed' | 'paid' | 'reconciled' } & ApprovedBody);

export const initialSettlement: SettlementState = { status: 'none' };

/** The body that a later settlement of the merchant builds on; undefined while it may still change. */
export function approvedBodyOf(state: SettlementState): ApprovedBody | undefined {
  switch (state.status) {
    case 'none':
    case 'proposed':
    case 'prepared':
      return undefined;
    case 'held':
      return approvedBodyOf(state.resume);
    case 'approved':
    case 'returned':
    case 'instructed':
    case 'paid':
    case 'reconciled':
      return state;
  }
}

export function evolveSettlement(state: SettlementState, event: Recorded<SettlementEvent>): SettlementState {
  switch (event.type) {
    case 'SettlementProposed':
      return state.status === 'none' ? proposed(event) : state;
    case 'SettlementPrepared':
      return state.status === 'proposed' ? prepared(state, event.data) : state;
    case 'SettlementApproved':
      return state.status === 'prepared'
        ? { ...state, status: 'approved', payableFrom: event.data.payableFrom, netted: false }
        : state;
    case 'SettlementHeld':
      return isResumable(state) ? { status: 'held', heldBy: event.data.officer, resume: state } : state;
    case 'SettlementReleased':
      return state.status === 'held' ? state.resume : state;
    case 'SettlementDisputed':
      return disputed(state);
    case 'PaymentInstructed':
      return state.status === 'approved' || state.status === 'returned' ? { ...state, status: 'instructed' } : state;
    case 'SettlementPaid':
      return state.status === 'approved' || state.status === 'instructed'
        ? { ...state, status: 'paid', netted: true }
        : state;
    case 'PaymentFailed':
      return state.status === 'instructed' ? { ...state, status: state.netted ? 'returned' : 'approved' } : state;
    case 'PaymentReturned':
      return state.status === 'paid' || state.status === 'reconciled' ? { ...state, status: 'returned' } : state;
    case 'SettlementReconciled':
      return state.status === 'paid' ? { ...state, status: 'reconciled' } : state;
  }
}

function proposed({ data, private: disclosed }: OfType<SettlementEvent, 'SettlementProposed'>): SettlementState {
  return {
    status: 'proposed',
    figures: data,
    ...(disclosed === undefined ? {} : { merchant: disclosed.merchant }),
    ...(disclosed?.previous === undefined ? {} : { previous: disclosed.previous }),
  };
}

function prepared(state: ProposedBody, data: PreparedData): SettlementState {
  return {
    ...proposedBody(state),
    status: 'prepared',
    adjusted: {
      withheldMinor: data.withheldMinor,
      releasedMinor: data.releasedMinor,
      carriedInMinor: data.carriedInMinor,
      carriedOutMinor: data.carriedOutMinor,
      recoveredMinor: data.recoveredMinor,
      netMinor: data.netMinor,
      withheldBalanceMinor: data.withheldBalanceMinor,
      recoverableBalanceMinor: data.recoverableBalanceMinor,
    },
    ...(data.merchantName === undefined ? {} : { merchantName: data.merchantName }),
    maker: data.officer,
  };
}

function disputed(state: SettlementState): SettlementState {
  const current = state.status === 'held' ? state.resume : state;
  return current.status === 'proposed' || current.status === 'prepared'
    ? { status: 'proposed', ...proposedBody(current) }
    : state;
}

function proposedBody(state: ProposedBody): ProposedBody {
  return {
    figures: state.figures,
    ...(state.merchant === undefined ? {} : { merchant: state.merchant }),
    ...(state.previous === undefined ? {} : { previous: state.previous }),
  };
}

function isResumable(state: SettlementState): state is Resumable {
  return (
    state.status === 'proposed' ||
    state.status === 'prepared' ||
    state.status === 'approved' ||
    state.status === 'returned'
  );
}
