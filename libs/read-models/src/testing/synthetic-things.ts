import type { Interval, SegmentList } from '@aidtrail/domain';

export interface SyntheticFund {
  readonly id: string;
  readonly administration?: string;
  readonly feeBasisPoints: number;
  length: number;
  free: SegmentList;
}

export interface SyntheticRedemption {
  readonly id: string;
  readonly position: number;
  remaining: SegmentList;
}

export interface SyntheticVoucher {
  readonly id: string;
  readonly batch: SyntheticBatch;
  readonly number: number;
  status: 'issued' | 'claimed' | 'ended';
  unspent: SegmentList;
  readonly redemptions: SyntheticRedemption[];
}

export interface SyntheticBatch {
  readonly id: string;
  readonly campaign: string;
  readonly fund: SyntheticFund;
  readonly count: number;
  readonly face: number;
  readonly vouchers: SyntheticVoucher[];
  /** Given back or owed, and not yet at new addresses. */
  givenBack: Interval[];
  owed: Interval[];
}

export interface Sale {
  readonly merchant: string;
  readonly store: string;
  readonly basket?: readonly { readonly category: string; readonly quantity: number; readonly amountMinor: number }[];
}
