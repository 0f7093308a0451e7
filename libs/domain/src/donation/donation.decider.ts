import type { Concept, Context, RefusalText } from '../kernel/concept.js';
import { refuse, type Fact, type FactRequest, type Refusal } from '../kernel/decider.js';
import { actingOfficer, officerMissing, officerOf, secondOfficerMissing } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import type { FundState } from '../fund/fund.state.js';
import { donationCommands, type DonationCommand } from './donation.commands.js';
import { donationEvents, type DonationEvent } from './donation.events.js';
import { donationPacking } from './donation.packing.js';
import { evolveDonation, initialDonation, type DonationState } from './donation.state.js';

export interface DonationFacts {
  readonly context: Context;
  /** Every fund that holds a reservation for the refund. */
  readonly [fund: `fund:${string}`]: Fact<FundState>;
}

export const donationRefusals = {
  payment_reference_used: {
    level: 'L1',
    zh: '该支付凭证号已经入账。',
    en: 'This payment reference has been received already.',
  },
  donation_unknown: { level: 'L1', zh: '没有这笔捐赠。', en: 'There is no such donation.' },
  officer_missing: officerMissing,
  second_officer_missing: secondOfficerMissing,
  not_reserved: {
    level: 'L1',
    zh: '所列资金池没有为此退款预留款项。',
    en: 'A listed fund holds no reservation for this refund.',
  },
  reservation_of_another_donation: {
    level: 'L2',
    zh: '预留款项属于另一笔捐赠。',
    en: 'A reservation is for another donation.',
  },
  refund_withdrawn: {
    level: 'L1',
    zh: '该退款已撤回，预留款项不再退还。',
    en: 'The refund was withdrawn after this was reserved.',
  },
  amounts_differ: {
    level: 'L1',
    zh: '退款金额与各资金池预留总额不符。',
    en: 'The amount is not the sum of the reservations.',
  },
  more_than_given: {
    level: 'L2',
    zh: '退款超过该捐赠的入账净额。',
    en: 'More would be paid back than the gift brought in.',
  },
  receipt_exists: { level: 'L1', zh: '捐赠票据已经开具。', en: 'The receipt has been issued already.' },
} as const satisfies Record<string, RefusalText>;

export type DonationRefusal = keyof typeof donationRefusals;
type Decision = readonly DonationEvent[] | Refusal<DonationRefusal>;

/** One gift. Its stream is named after its payment reference, so the same reference cannot come in twice. */
export const donationConcept = {
  category: 'donation',
  events: donationEvents,
  commands: donationCommands,
  refusals: donationRefusals,
  decider: { initial: initialDonation, decide: decideDonation, evolve: evolveDonation },
  packing: donationPacking,
  streamOf: (command) => `donation-${command.data.donation}`,
  needs: (command): readonly FactRequest[] =>
    command.type === 'RefundDonation'
      ? command.data.funds.map((fund) => ({ name: `fund:${fund}`, stream: `fund-${fund}` }))
      : [],
} satisfies Concept<'donation', DonationState, DonationCommand, DonationFacts, DonationEvent, DonationRefusal>;

function decideDonation(command: DonationCommand, state: DonationState, facts: DonationFacts): Decision {
  switch (command.type) {
    case 'RecordDonation':
      return recordDonation(command, state);
    case 'RefundDonation':
      return refundDonation(command, state, facts);
    case 'WithdrawRefunds':
      return withdrawRefunds(state, facts);
    case 'IssueDonationReceipt':
      return issueReceipt(command, state, facts);
  }
}

/** Policy command; an effect repeated after a crash finds its own donation here. */
function recordDonation(command: OfType<DonationCommand, 'RecordDonation'>, state: DonationState): Decision {
  const { donation: _donation, ...data } = command.data;
  if (state.status !== 'none')
    return state.intake === data.intake && state.number === data.number ? [] : refuse('payment_reference_used');
  return [{ type: 'DonationReceived', data, private: command.private }];
}

/**
 * Pays out what the listed funds have reserved. A reservation is paid or withdrawn on this one stream, by whoever comes
 * first; the funds release only what is withdrawn here, or belongs to a refund that was paid out of other funds.
 */
function refundDonation(
  command: OfType<DonationCommand, 'RefundDonation'>,
  state: DonationState,
  facts: DonationFacts,
): Decision {
  const { donation, refund, amountMinor, funds } = command.data;
  const officer = actingOfficer(facts.context);
  const secondOfficer = officerOf(facts.context.signers[1]);
  if (state.status === 'none') return refuse('donation_unknown');
  if (state.refunds.some((paid) => paid.refund === refund)) return [];
  if (officer === undefined) return refuse('officer_missing');
  if (secondOfficer === undefined || secondOfficer === officer) return refuse('second_officer_missing');
  const payers = [...new Set(funds)];
  const reservations = payers.map((fund) => {
    const line = facts[`fund:${fund}`]?.state;
    return line === undefined || line.status === 'none' ? undefined : line.reserved[refund];
  });
  let reservedMinor = 0;
  for (const reservation of reservations) {
    if (reservation === undefined) return refuse('not_reserved');
    reservedMinor += reservation.amountMinor;
  }
  if (reservations.some((reservation) => (reservation?.donation ?? donation) !== donation))
    return refuse('reservation_of_another_donation');
  const withdrawnAt = state.withdrawnAt ?? 0;
  if (reservations.some((reservation) => reservation !== undefined && reservation.position < withdrawnAt))
    return refuse('refund_withdrawn');
  if (reservedMinor !== amountMinor) return refuse('amounts_differ');
  if (state.refundedMinor + amountMinor > (state.interval?.[1] ?? 0)) return refuse('more_than_given');
  return [
    {
      type: 'DonationRefunded',
      data: { refund, amountMinor, funds: payers, officer, secondOfficer },
      private: command.private,
    },
  ];
}

/** Never "already so": what is reserved on the funds' streams at this moment, this stream cannot know. */
function withdrawRefunds(state: DonationState, facts: DonationFacts): Decision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('donation_unknown');
  if (officer === undefined) return refuse('officer_missing');
  return [{ type: 'RefundsWithdrawn', data: { officer } }];
}

function issueReceipt(
  command: OfType<DonationCommand, 'IssueDonationReceipt'>,
  state: DonationState,
  facts: DonationFacts,
): Decision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('donation_unknown');
  if (officer === undefined) return refuse('officer_missing');
  if (state.receiptIssued) return refuse('receipt_exists');
  return [{ type: 'DonationReceiptIssued', data: { officer }, private: command.private }];
}
