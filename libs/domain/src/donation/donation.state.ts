import type { Recorded } from '../kernel/decider.js';
import type { Interval } from '../kernel/segments.js';
import type { OfType } from '../kernel/table.js';
import type { DonationEvent } from './donation.events.js';

/** What was paid under one refund, and out of which funds' reservations. */
export interface PaidRefund {
  readonly refund: string;
  readonly funds: readonly string[];
}

/**
 * One donation. Amount and interval are absent without disclosures, unless the donor agreed to be named; a gift that
 * its fee ate up (a few fen) has no interval.
 */
export type DonationState =
  | { readonly status: 'none' }
  | {
      readonly status: 'received';
      readonly intake: string;
      readonly fund: string;
      readonly number: number;
      readonly amountMinor?: number;
      readonly interval?: Interval;
      /** Paid back so far. */
      readonly refundedMinor: number;
      readonly refunds: readonly PaidRefund[];
      /** Leaf index of the latest RefundsWithdrawn: what was reserved before it and is not paid, never will be. */
      readonly withdrawnAt?: number;
      readonly receiptIssued: boolean;
    };

export const initialDonation: DonationState = { status: 'none' };

export function evolveDonation(state: DonationState, event: Recorded<DonationEvent>): DonationState {
  if (event.type === 'DonationReceived') return state.status === 'none' ? received(event) : state;
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'DonationRefunded':
      return {
        ...state,
        refundedMinor: state.refundedMinor + event.data.amountMinor,
        refunds: [...state.refunds, { refund: event.data.refund, funds: event.data.funds }],
      };
    case 'RefundsWithdrawn':
      return { ...state, withdrawnAt: event.position };
    case 'DonationReceiptIssued':
      return { ...state, receiptIssued: true };
  }
}

function received({ data, private: disclosed }: OfType<DonationEvent, 'DonationReceived'>): DonationState {
  const amountMinor = disclosed?.amountMinor ?? data.named?.amountMinor;
  const interval = disclosed?.interval ?? data.named?.interval;
  return {
    status: 'received',
    intake: data.intake,
    fund: data.fund,
    number: data.number,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    ...(interval === undefined ? {} : { interval }),
    refundedMinor: 0,
    refunds: [],
    receiptIssued: false,
  };
}
