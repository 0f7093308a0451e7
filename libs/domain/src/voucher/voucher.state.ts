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

/** A ledger holds more voucher events than all others together: plain literals, no generic copying on the usual way. */
export function evolveVoucher(state: VoucherState, event: Recorded<VoucherEvent>): VoucherState {
  if (state.status === 'none') return event.type === 'VoucherIssued' ? issued(event.data) : state;
  const { unspent, redemptions, formerHolders } = state;
  switch (event.type) {
    case 'VoucherIssued':
      return state;
    case 'VoucherClaimed':
      return withHolder(state, event.data.holder, unspent, redemptions);
    case 'VoucherRedeemed':
      return spent(state, withoutLeftmost(unspent, event.data.segments), [...redemptions, redemption(event)]);
    case 'RedemptionReversed':
      return reversed(state, event.data);
    case 'VoucherExpired':
      return withoutHolder(state, 'expired', [], formerHolders);
    case 'VoucherCancelled':
      return withoutHolder(state, 'cancelled', [], formerHolders);
    case 'VoucherReissued':
      return withoutHolder(state, 'issued', unspent, [...formerHolders, event.data.formerHolder]);
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

function withHolder(
  state: IssuedVoucher,
  holder: string,
  unspent: SegmentList,
  redemptions: readonly Redemption[],
): VoucherState {
  return {
    status: 'claimed',
    batch: state.batch,
    campaign: state.campaign,
    fund: state.fund,
    number: state.number,
    interval: state.interval,
    unspent,
    redemptions,
    formerHolders: state.formerHolders,
    holder,
  };
}

function withoutHolder(
  state: IssuedVoucher,
  status: 'issued' | 'expired' | 'cancelled',
  unspent: SegmentList,
  formerHolders: readonly string[],
): VoucherState {
  return {
    status,
    batch: state.batch,
    campaign: state.campaign,
    fund: state.fund,
    number: state.number,
    interval: state.interval,
    unspent,
    redemptions: state.redemptions,
    formerHolders,
  };
}

function spent(state: IssuedVoucher, unspent: SegmentList, redemptions: readonly Redemption[]): VoucherState {
  return state.status === 'claimed'
    ? withHolder(state, state.holder, unspent, redemptions)
    : { ...state, unspent, redemptions };
}

/** `subtract`, for the usual case that one segment at the left end was spent. */
function withoutLeftmost(unspent: SegmentList, segments: SegmentList): SegmentList {
  const first = unspent[0];
  const segment = segments[0];
  if (first === undefined || segment === undefined || segments.length > 1 || first[0] !== segment[0])
    return subtract(unspent, segments);
  const left = first[1] - segment[1];
  if (left < 0) return subtract(unspent, segments);
  const rest = unspent.length === 1 ? [] : unspent.slice(1);
  return left === 0 ? rest : [[first[0] + segment[1], left], ...rest];
}

function redemption({
  id,
  position,
  data,
  private: disclosed,
}: Recorded<OfType<VoucherEvent, 'VoucherRedeemed'>>): Redemption {
  const { fundingMode, segments } = data;
  return disclosed === undefined
    ? { id, position, fundingMode, segments }
    : { id, position, fundingMode, segments, merchant: disclosed.merchant };
}

function reversed(state: IssuedVoucher, data: OfType<VoucherEvent, 'RedemptionReversed'>['data']): VoucherState {
  return spent(
    state,
    data.to === 'voucher' ? union(state.unspent, data.segments) : state.unspent,
    state.redemptions.map((entry) =>
      entry.id === data.redemption ? { ...entry, segments: subtract(entry.segments, data.segments) } : entry,
    ),
  );
}
