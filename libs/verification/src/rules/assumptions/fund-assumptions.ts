import type { FundCommand, FundState } from '@aidtrail/domain';
import { ALL_CHECKED, ASSUMED, type Asked, type Assumed, type Assumptions } from './assumption.js';

type Ask<T extends FundCommand['type']> = Asked<Extract<FundCommand, { readonly type: T }>>;

const RESERVATION = ['donation_unknown', 'not_of_this_donation', 'already_refunded'];
const RELEASE = ['already_refunded', 'refund_not_withdrawn'];
const CLOSING = ['refund_pending'];

/** A gift on another line, larger than any reservation, of which nothing was paid back and all was withdrawn. */
const SUITABLE_GIFT = {
  status: 'received',
  fund: ASSUMED,
  interval: [0, Number.MAX_SAFE_INTEGER],
  refunds: [],
  withdrawnAt: Number.MAX_SAFE_INTEGER,
};

/**
 * Without disclosures the gift behind a reservation is not known: it is taken to cover the reservation; when that is
 * released, to have been withdrawn; and when the fund closes, to have been paid back.
 */
export const fundAssumptions: Assumptions = {
  ReserveRefund: ({ command, state, signers, disclosed }) =>
    disclosed === undefined
      ? {
          command: { ...command, private: { donation: ASSUMED } },
          state,
          signers,
          facts: { donation: SUITABLE_GIFT },
          notChecked: RESERVATION,
        }
      : { command, state, signers, notChecked: ALL_CHECKED },
  ReleaseRefund: release,
  CloseFund: close,
};

function release({ command, state, signers }: Ask<'ReleaseRefund'>): Assumed {
  const fund = state as FundState;
  const { refund } = command.data;
  const reservation = fund.status === 'none' ? undefined : fund.reserved[refund];
  if (fund.status === 'none' || reservation === undefined || reservation.donation !== undefined)
    return { command, state, signers, notChecked: ALL_CHECKED };
  return {
    command,
    state: { ...fund, reserved: { ...fund.reserved, [refund]: { ...reservation, donation: ASSUMED } } },
    signers,
    facts: { donation: SUITABLE_GIFT },
    notChecked: RELEASE,
  };
}

function close({ command, state, signers }: Ask<'CloseFund'>): Assumed {
  const fund = state as FundState;
  const unknown =
    fund.status === 'none' ? [] : Object.entries(fund.reserved).filter(([, { donation }]) => donation === undefined);
  if (fund.status === 'none' || unknown.length === 0) return { command, state, signers, notChecked: ALL_CHECKED };
  const reserved = unknown.map(([refund, reservation]) => [refund, { ...reservation, donation: refund }] as const);
  const paid = unknown.map(
    ([refund]) => [`donation:${refund}`, { refunds: [{ refund, funds: [command.data.fund] }] }] as const,
  );
  return {
    command,
    state: { ...fund, reserved: { ...fund.reserved, ...Object.fromEntries(reserved) } },
    signers,
    facts: Object.fromEntries(paid),
    notChecked: CLOSING,
  };
}
