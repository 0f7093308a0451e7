import type { Recorded } from '../kernel/decider.js';
import type { OfType } from '../kernel/table.js';
import type { MerchantEvent } from './merchant.events.js';

type Assessment = OfType<MerchantEvent, 'MerchantAssessed'>['data'];
type StoreData = OfType<MerchantEvent, 'StoreOpened'>['data'];

/** Different officers who must approve before the first redemption, and again after each suspension. */
export const MERCHANT_APPROVALS = 2;

export type Store = { readonly status: 'open' | 'closed' } & Pick<StoreData, 'name' | 'kind' | 'region'>;

interface MerchantBody {
  readonly name: string;
  readonly region: string;
  readonly bankDigest: string;
  /** Absent without disclosures. */
  readonly wechatMerchantNumber?: string;
  /** The latest finding of each assessor. */
  readonly assessments: Readonly<Partial<Record<Assessment['assessor'], Assessment['outcome']>>>;
  /** Officers who approved since the application or the latest suspension. */
  readonly approvedBy: readonly string[];
  /** Kept closed as well: a store's id is used once. */
  readonly stores: Readonly<Record<string, Store>>;
}

/** `holdDays` stays known while suspended: settlements of earlier redemptions are still paid. */
export type MerchantState =
  | { readonly status: 'none' }
  | ({ readonly status: 'applied'; readonly holdDays?: number } & MerchantBody)
  | ({ readonly status: 'approved' | 'suspended'; readonly holdDays: number } & MerchantBody);

export function evolveMerchant(state: MerchantState, event: Recorded<MerchantEvent>): MerchantState {
  if (event.type === 'MerchantApplied') return state.status === 'none' ? applied(event) : state;
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'MerchantAssessed': {
      const { assessor, outcome } = event.data;
      return { ...state, assessments: { ...state.assessments, [assessor]: outcome } };
    }
    case 'MerchantApproved': {
      const { officer, approval, approvals, holdDays } = event.data;
      const approvedBy = [...state.approvedBy, officer];
      return { ...state, ...(approval >= approvals ? { status: 'approved' } : {}), approvedBy, holdDays };
    }
    case 'MerchantSuspended':
      return { ...state, status: 'suspended', holdDays: state.holdDays ?? 0, approvedBy: [] };
    case 'StoreOpened': {
      const { store, name, kind, region } = event.data;
      return { ...state, stores: { ...state.stores, [store]: { status: 'open', name, kind, region } } };
    }
    case 'StoreClosed': {
      const { store } = event.data;
      const known = state.stores[store];
      return known === undefined
        ? state
        : { ...state, stores: { ...state.stores, [store]: { ...known, status: 'closed' } } };
    }
    case 'BankDetailsChanged':
      return { ...state, bankDigest: event.data.bankDigest };
  }
}

function applied({ data, private: disclosed }: OfType<MerchantEvent, 'MerchantApplied'>): MerchantState {
  return {
    status: 'applied',
    name: data.name,
    region: data.region,
    bankDigest: data.bankDigest,
    ...(disclosed === undefined ? {} : { wechatMerchantNumber: disclosed.wechatMerchantNumber }),
    assessments: {},
    approvedBy: [],
    stores: {},
  };
}
