import type { Recorded } from '../kernel/decider.js';
import type { FundingMode } from '../kernel/fields.js';
import { subtract, totalOf, union, type Interval, type SegmentList } from '../kernel/segments.js';
import type { OfType } from '../kernel/table.js';
import type { VoucherEvent } from './voucher.events.js';

/** A redemption, less what was reversed of it. `merchant` is absent without disclosures. */
export interface Redemption {
  /** Id of the VoucherRedeemed event. */
  readonly id: string;
  /** Its leaf index: it says which settlement window it is in. */
  readonly position: number;
  readonly fundingMode: FundingMode;
  readonly merchant?: string;
  /** Not reversed; normal. */
  readonly segments: SegmentList;
}

/** What every voucher has, from its issue on. Addresses are on the line of its batch. */
export interface VoucherBody {
  readonly batch: string;
  readonly campaign: string;
  readonly fund: string;
  readonly number: number;
  readonly interval: Interval;
  /** What can be spent; normal. Empty once ended. */
  readonly unspent: SegmentList;
  readonly redemptions: readonly Redemption[];
  /** Keys that a reissue killed. */
  readonly formerHolders: readonly string[];
}

/**
 * `issued`: waits for a claim (also after a reissue). `claimed`: has a holder. `expired`, `cancelled`: what was unspent
 * went back to the fund. A voucher that was spent to the last fen stays claimed, as a reversal may give it fen back.
 */
export type VoucherState =
  | { readonly status: 'none' }
  | ({ readonly status: 'issued' } & VoucherBody)
  | ({ readonly status: 'claimed'; readonly holder: string } & VoucherBody)
  | ({ readonly status: 'expired' } & VoucherBody)
  | ({ readonly status: 'cancelled' } & VoucherBody);

export type IssuedVoucher = Exclude<VoucherState, { status: 'none' }>;

export const initialVoucher: VoucherState = { status: 'none' };

export function balanceOf(voucher: VoucherBody): number {
  return totalOf(voucher.unspent);
}

export function evolveVoucher(state: VoucherState, event: Recorded<VoucherEvent>): VoucherState {
  if (state.status === 'none') return event.type === 'VoucherIssued' ? issued(event.data) : state;
  switch (event.type) {
    case 'VoucherIssued':
      return state;
    case 'VoucherClaimed':
      return { ...bodyOf(state), status: 'claimed', holder: event.data.holder };
    case 'VoucherRedeemed':
      return {
        ...state,
        unspent: subtract(state.unspent, event.data.segments),
        redemptions: [...state.redemptions, redemption(event)],
      };
    case 'RedemptionReversed':
      return reversed(state, event.data);
    case 'VoucherExpired':
      return { ...bodyOf(state), status: 'expired', unspent: [] };
    case 'VoucherCancelled':
      return { ...bodyOf(state), status: 'cancelled', unspent: [] };
    case 'VoucherReissued':
      return {
        ...bodyOf(state),
        status: 'issued',
        formerHolders: [...state.formerHolders, event.data.formerHolder],
      };
  }
}

function issued(data: OfType<VoucherEvent, 'VoucherIssued'>['data']): VoucherState {
  return {
    status: 'issued',
    batch: data.batch,
    campaign: data.campaign,
    fund: data.fund,
    number: data.number,
    interval: data.interval,
    unspent: [data.interval],
    redemptions: [],
    formerHolders: [],
  };
}

function bodyOf(state: IssuedVoucher): VoucherBody {
  return {
    batch: state.batch,
    campaign: state.campaign,
    fund: state.fund,
    number: state.number,
    interval: state.interval,
    unspent: state.unspent,
    redemptions: state.redemptions,
    formerHolders: state.formerHolders,
  };
}

function redemption(event: Recorded<OfType<VoucherEvent, 'VoucherRedeemed'>>): Redemption {
  return {
    id: event.id,
    position: event.position,
    fundingMode: event.data.fundingMode,
    ...(event.private === undefined ? {} : { merchant: event.private.merchant }),
    segments: event.data.segments,
  };
}

function reversed(state: IssuedVoucher, data: OfType<VoucherEvent, 'RedemptionReversed'>['data']): VoucherState {
  return {
    ...state,
    unspent: data.to === 'voucher' ? union(state.unspent, data.segments) : state.unspent,
    redemptions: state.redemptions.map((entry) =>
      entry.id === data.redemption ? { ...entry, segments: subtract(entry.segments, data.segments) } : entry,
    ),
  };
}
