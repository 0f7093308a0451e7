import type { Recorded } from '../kernel/decider.js';
import type { FundingMode } from '../kernel/fields.js';
import type { Interval } from '../kernel/segments.js';
import type { AnyEvent } from '../schema/tables.js';
import type { RunLine } from './runs.js';

/** A recorded event with the stream that holds it. Disclosures are not needed. */
export type SweptEvent = Recorded<AnyEvent> & { readonly stream: string };

export type ConservationCode =
  | 'line_unknown'
  | 'line_gap'
  | 'line_overlap'
  | 'wrong_state'
  | 'amount_differs'
  | 'voucher_unknown'
  | 'outside_voucher'
  | 'fee_not_due'
  | 'refund_unknown'
  | 'closed_with_money';

/** Something that breaks conservation, with the leaf where it shows. `line` is `fund-…` or `batch-…`. */
export interface ConservationFinding {
  readonly code: ConservationCode;
  readonly position: number;
  readonly line: string;
  readonly interval?: Interval;
  readonly expected?: string | number;
  readonly actual?: string | number;
}

export interface BatchLine {
  readonly name: string;
  readonly fund: string;
  readonly fundingMode: FundingMode;
  readonly line: RunLine;
  issuedMinor: number;
  expiredMinor: number;
  cancelledMinor: number;
  /** Reversed to the fund or to be recovered from the merchant; not what went back to the voucher. */
  reversedMinor: number;
}
