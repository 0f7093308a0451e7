import type { Recorded } from '../kernel/decider.js';
import type { FundingMode } from '../kernel/fields.js';
import { endOf, subtract, union, type Interval, type SegmentList } from '../kernel/segments.js';
import type { OfType } from '../kernel/table.js';
import type { FundEvent } from './fund.events.js';

/** What a batch still holds of a fund: committed, less what was returned or recovered. Gone once that is 0. */
export interface FundedBatch {
  readonly campaign: string;
  readonly fundingMode: FundingMode;
  readonly amountMinor: number;
}

/** Segments set aside for a refund. `donation` is absent without disclosures. */
export interface Reservation {
  readonly amountMinor: number;
  readonly segments: SegmentList;
  /** Leaf index of RefundReserved: the donation can have withdrawn it only later. */
  readonly position: number;
  readonly donation?: string;
}

/**
 * A fund's number line and what its fen are doing. At every event
 * `lengthMinor = freeMinor + sentMinor + committedMinor + readdressedMinor + reservedMinor + spentMinor`.
 *
 * Whether a committed fen was redeemed, or a reserved one paid back, happens in other streams; the fund does not know.
 * Everything here stays small: nothing grows with the number of intakes.
 */
export interface FundLine {
  readonly kind: OfType<FundEvent, 'FundOpened'>['data']['kind'];
  readonly name: string;
  readonly programme?: string;
  readonly administrationFund?: string;
  readonly feeBasisPoints: number;
  readonly lengthMinor: number;
  /** Normal. */
  readonly free: SegmentList;
  readonly freeMinor: number;
  /** Sent to other funds; in transit until they have received it. */
  readonly sentMinor: number;
  /** Sent so far, by receiving fund. */
  readonly sentTo: Readonly<Record<string, number>>;
  /** Received so far by transfer, by sending fund. */
  readonly receivedFrom: Readonly<Record<string, number>>;
  readonly committedMinor: number;
  readonly committed: Readonly<Record<string, FundedBatch>>;
  /** Addresses that batches gave back; their fen have newer addresses on this line. */
  readonly readdressedMinor: number;
  readonly reservedMinor: number;
  readonly reserved: Readonly<Record<string, Reservation>>;
  readonly spentMinor: number;
  /** The one campaign that a campaign fund serves; known from its first batch on. */
  readonly campaign?: string;
}

/** A closed fund keeps its line: money that was under way when it closed still arrives, and may only be sent on. */
export type FundState = { readonly status: 'none' } | ({ readonly status: 'open' | 'closed' } & FundLine);

export const initialFund: FundState = { status: 'none' };

export function evolveFund(state: FundState, event: Recorded<FundEvent>): FundState {
  if (state.status === 'none') return event.type === 'FundOpened' ? opened(event.data) : state;
  switch (event.type) {
    case 'FundOpened':
      return state;
    case 'IntakeReceived':
    case 'FeeReceived':
      return { ...state, ...appended(state, event.data.interval) };
    case 'TransferReceived':
      return {
        ...state,
        ...appended(state, event.data.interval),
        receivedFrom: plus(state.receivedFrom, event.data.fromFund, event.data.amountMinor),
      };
    case 'TransferSent':
      return {
        ...state,
        ...taken(state, event.data),
        sentMinor: state.sentMinor + event.data.amountMinor,
        sentTo: plus(state.sentTo, event.data.toFund, event.data.amountMinor),
      };
    case 'BatchFunded':
      return { ...state, ...taken(state, event.data), ...commit(state, event.data) };
    case 'FundsReturned':
    case 'FundsRecovered':
      return { ...state, ...appended(state, event.data.interval), ...uncommit(state, event.data) };
    case 'RefundReserved':
      return { ...state, ...taken(state, event.data), ...reserve(state, event) };
    case 'RefundReleased':
      return { ...state, ...release(state, event.data) };
    case 'AdministrationSpent':
      return { ...state, ...taken(state, event.data), spentMinor: state.spentMinor + event.data.amountMinor };
    case 'FundClosed':
      return { ...state, status: 'closed' };
  }
}

function opened(data: OfType<FundEvent, 'FundOpened'>['data']): FundState {
  return {
    status: 'open',
    kind: data.kind,
    name: data.name,
    ...(data.programme === undefined ? {} : { programme: data.programme }),
    ...(data.administrationFund === undefined ? {} : { administrationFund: data.administrationFund }),
    feeBasisPoints: data.feeBasisPoints,
    lengthMinor: 0,
    free: [],
    freeMinor: 0,
    sentMinor: 0,
    sentTo: {},
    receivedFrom: {},
    committedMinor: 0,
    committed: {},
    readdressedMinor: 0,
    reservedMinor: 0,
    reserved: {},
    spentMinor: 0,
  };
}

function appended(line: FundLine, interval: Interval): Pick<FundLine, 'lengthMinor' | 'free' | 'freeMinor'> {
  return {
    lengthMinor: line.lengthMinor + interval[1],
    free: appendInterval(line.free, interval),
    freeMinor: line.freeMinor + interval[1],
  };
}

/** `union`, for the usual case that the interval is the line's new end: one copy of a short list, no merge. */
function appendInterval(free: SegmentList, interval: Interval): SegmentList {
  const last = free[free.length - 1];
  if (last === undefined) return [interval];
  const end = endOf(last);
  if (end < interval[0]) return [...free, interval];
  if (end > interval[0]) return union(free, [interval]);
  const longer = free.slice();
  longer[longer.length - 1] = [last[0], last[1] + interval[1]];
  return longer;
}

function taken(
  line: FundLine,
  data: { readonly segments: SegmentList; readonly amountMinor: number },
): Pick<FundLine, 'free' | 'freeMinor'> {
  return { free: subtract(line.free, data.segments), freeMinor: line.freeMinor - data.amountMinor };
}

function commit(
  line: FundLine,
  data: OfType<FundEvent, 'BatchFunded'>['data'],
): Pick<FundLine, 'committed' | 'committedMinor' | 'campaign'> {
  const already = line.committed[data.batch]?.amountMinor ?? 0;
  const batch = {
    campaign: data.campaign,
    fundingMode: data.fundingMode,
    amountMinor: already + data.amountMinor,
  };
  return {
    committed: { ...line.committed, [data.batch]: batch },
    committedMinor: line.committedMinor + data.amountMinor,
    ...(line.kind === 'campaign' ? { campaign: line.campaign ?? data.campaign } : {}),
  };
}

function uncommit(
  line: FundLine,
  data: { readonly batch: string; readonly amountMinor: number },
): Pick<FundLine, 'committed' | 'committedMinor' | 'readdressedMinor'> {
  const { [data.batch]: batch, ...others } = line.committed;
  const left = batch === undefined ? 0 : batch.amountMinor - data.amountMinor;
  return {
    committed:
      batch === undefined || left === 0 ? others : { ...others, [data.batch]: { ...batch, amountMinor: left } },
    committedMinor: line.committedMinor - data.amountMinor,
    readdressedMinor: line.readdressedMinor + data.amountMinor,
  };
}

function reserve(
  line: FundLine,
  { data, position, private: disclosed }: Recorded<OfType<FundEvent, 'RefundReserved'>>,
): Pick<FundLine, 'reserved' | 'reservedMinor'> {
  const reservation: Reservation = {
    amountMinor: data.amountMinor,
    segments: data.segments,
    position,
    ...(disclosed === undefined ? {} : { donation: disclosed.donation }),
  };
  return {
    reserved: { ...line.reserved, [data.refund]: reservation },
    reservedMinor: line.reservedMinor + data.amountMinor,
  };
}

function release(
  line: FundLine,
  data: OfType<FundEvent, 'RefundReleased'>['data'],
): Pick<FundLine, 'free' | 'freeMinor' | 'reserved' | 'reservedMinor'> {
  const { [data.refund]: _released, ...others } = line.reserved;
  return {
    free: union(line.free, data.segments),
    freeMinor: line.freeMinor + data.amountMinor,
    reserved: others,
    reservedMinor: line.reservedMinor - data.amountMinor,
  };
}

function plus(sums: Readonly<Record<string, number>>, key: string, amount: number): Readonly<Record<string, number>> {
  return { ...sums, [key]: (sums[key] ?? 0) + amount };
}
