import { refuse } from '../kernel/decider.js';
import { includes, isNormal, listed, totalOf } from '../kernel/segments.js';
import { actingOfficer } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import type { FundCommand } from './fund.commands.js';
import type { FundDecision, FundFacts } from './fund.facts.js';
import type { FundState } from './fund.state.js';

/*
 * Money that comes back, and money that goes back to a donor. What policies bring (transfers, returns, recoveries) is
 * accepted on a closed line too: a crash or a delay between cause and effect must not leave money without an address.
 */

export function receiveTransfer(command: OfType<FundCommand, 'ReceiveTransfer'>, state: FundState): FundDecision {
  const { fund: _fund, ...data } = command.data;
  if (state.status === 'none') return refuse('fund_unknown');
  if (state.kind === 'administration') return refuse('administration_takes_fees_only');
  if (totalOf(data.segments) !== data.amountMinor) return refuse('amounts_differ');
  return [{ type: 'TransferReceived', data: { ...data, interval: [state.lengthMinor, data.amountMinor] } }];
}

export function returnFunds(command: OfType<FundCommand, 'ReturnFunds'>, state: FundState): FundDecision {
  const { batch, segments } = command.data;
  if (state.status === 'none') return refuse('fund_unknown');
  const amountMinor = totalOf(segments);
  const funded = state.committed[batch];
  if (funded === undefined || funded.amountMinor < amountMinor) return refuse('more_than_committed');
  return [
    {
      type: 'FundsReturned',
      data: {
        batch,
        amountMinor,
        segments,
        interval: [state.lengthMinor, amountMinor],
        fundingMode: funded.fundingMode,
      },
    },
  ];
}

export function recoverFunds(command: OfType<FundCommand, 'RecoverFunds'>, state: FundState): FundDecision {
  const { batch, settlement, segments } = command.data;
  if (state.status === 'none') return refuse('fund_unknown');
  const amountMinor = totalOf(segments);
  if ((state.committed[batch]?.amountMinor ?? 0) < amountMinor) return refuse('more_than_committed');
  return [
    {
      type: 'FundsRecovered',
      data: { batch, settlement, amountMinor, segments, interval: [state.lengthMinor, amountMinor] },
      private: command.private,
    },
  ];
}

/**
 * On the line that the gift came in on, the segments must lie in the gift's own interval. On other lines only a trace
 * through transfers, batches and returns can tell; the caller traces, the auditor repeats it.
 */
export function reserveRefund(
  command: OfType<FundCommand, 'ReserveRefund'>,
  state: FundState,
  facts: FundFacts,
): FundDecision {
  const { fund, refund, segments } = command.data;
  const donation = facts.donation?.state;
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('fund_unknown');
  if (state.status === 'closed') return refuse('fund_closed');
  if (officer === undefined) return refuse('officer_missing');
  if (state.kind === 'administration') return refuse('administration_stays');
  if (!isNormal(segments)) return refuse('segments_not_normal');
  if (state.reserved[refund] !== undefined) return refuse('refund_exists');
  if (donation === undefined || donation.status === 'none') return refuse('donation_unknown');
  const own = donation.interval === undefined ? [] : [donation.interval];
  if (donation.fund === fund ? !includes(own, segments) : totalOf(own) < totalOf(segments))
    return refuse('not_of_this_donation');
  if (!includes(state.free, segments)) return refuse('not_free');
  if (donation.refunds?.some((paid) => paid.refund === refund) === true) return refuse('already_refunded');
  return [
    {
      type: 'RefundReserved',
      data: { refund, amountMinor: totalOf(segments), segments, officer },
      private: command.private,
    },
  ];
}

/**
 * Whether a reservation is paid or given up is decided on the donation's stream; this stream only follows. It rests on what
 * can never change again: the donation has withdrawn its refunds since, or has paid this one without this fund.
 */
export function releaseRefund(
  command: OfType<FundCommand, 'ReleaseRefund'>,
  state: FundState,
  facts: FundFacts,
): FundDecision {
  const { fund, refund } = command.data;
  if (state.status === 'none') return refuse('fund_unknown');
  const reservation = state.reserved[refund];
  if (reservation === undefined) return refuse('reservation_unknown');
  const { refunds = [], withdrawnAt = 0 } = facts.donation?.state ?? {};
  const paid = refunds.find((one) => one.refund === refund);
  if (paid?.funds.includes(fund) === true) return refuse('already_refunded');
  if (paid === undefined && withdrawnAt <= reservation.position) return refuse('refund_not_withdrawn');
  return [
    {
      type: 'RefundReleased',
      data: { refund, amountMinor: reservation.amountMinor, segments: listed(reservation.segments) },
    },
  ];
}
