import { describe, expect, it } from '@jest/globals';
import { fundConcept } from '../fund/fund.decider.js';
import type { FundEvent } from '../fund/fund.events.js';
import { fundEventExamples as fundEvent } from '../fund/fund.examples.js';
import { exampleContext, exampleDevice, exampleOfficer, exampleUuid } from '../kernel/examples.js';
import { testRefusals, type Setup } from '../kernel/refusal-cases.testing.js';
import { factOf, spec } from '../kernel/testing.js';
import type { DonationCommand } from './donation.commands.js';
import { donationConcept, type DonationFacts } from './donation.decider.js';
import type { DonationEvent } from './donation.events.js';
import { donationCommandExamples as ask, donationEventExamples as event } from './donation.examples.js';

const fund = exampleUuid(0x101);
const otherFund = exampleUuid(0x102);
const li = exampleOfficer('finance', 'finance-li');
const wang = exampleOfficer('finance', 'finance-wang');
const context = exampleContext({ signers: [li, wang] });

const opened = [fundEvent.FundOpened(), fundEvent.IntakeReceived()];
const line = (...more: FundEvent[]) => factOf(fundConcept, `fund-${fund}`, [...opened, ...more]);
/** Place of the reservation in `line`, which the examples take for its leaf index. */
const RESERVED_AT = opened.length;
const reserved = line(fundEvent.RefundReserved());
const ofAnother = line({ ...fundEvent.RefundReserved(), private: { donation: exampleUuid(1) } });
const larger = line(fundEvent.RefundReserved({ amountMinor: 2_001, segments: [[6_000, 2_001]] }));
const having = (facts: object): DonationFacts => ({ context, [`fund:${fund}`]: reserved, ...facts }) as DonationFacts;

const setup = (when: DonationCommand): Setup<DonationCommand, DonationFacts, DonationEvent> => ({
  given: [event.DonationReceived()],
  when,
  facts: having({}),
});
const recording = { ...setup(ask.RecordDonation()), given: [] };
const refunding = setup(ask.RefundDonation());
const withdrawing = setup(ask.WithdrawRefunds());
const receipt = setup(ask.IssueDonationReceipt());

testRefusals(donationConcept, {
  payment_reference_used: {
    of: recording,
    change: { given: [event.DonationReceived({ intake: exampleUuid(1) })] },
  },
  donation_unknown: { of: refunding, change: { given: [] } },
  officer_missing: {
    of: refunding,
    change: { context: { signers: [exampleDevice('finance'), wang] } },
    notWith: ['second_officer_missing'],
  },
  second_officer_missing: { of: refunding, change: { context: { signers: [li, li] } } },
  not_reserved: {
    of: refunding,
    change: { facts: { [`fund:${fund}`]: line() } },
    notWith: ['reservation_of_another_donation'],
  },
  reservation_of_another_donation: { of: refunding, change: { facts: { [`fund:${fund}`]: ofAnother } } },
  refund_withdrawn: {
    of: refunding,
    change: { also: [{ ...event.RefundsWithdrawn(), position: RESERVED_AT + 1 }] },
    notWith: ['more_than_given'],
  },
  amounts_differ: { of: refunding, change: { data: { amountMinor: 1_999 } }, notWith: ['more_than_given'] },
  more_than_given: {
    of: refunding,
    change: { facts: { [`fund:${fund}`]: larger }, data: { amountMinor: 2_001 } },
  },
  receipt_exists: { of: receipt, change: { also: [event.DonationReceiptIssued()] } },
});

describe('a donation', () => {
  it('is recorded once, also when its effect is repeated after a crash', () => {
    spec(donationConcept).given([]).when(ask.RecordDonation(), having({})).then([event.DonationReceived()]);
    spec(donationConcept).given([event.DonationReceived()]).when(ask.RecordDonation(), having({})).then([]);
  });

  it('is refunded once under one refund', () => {
    const refunded = spec(donationConcept).given([event.DonationReceived()]).when(ask.RefundDonation(), having({}));
    refunded.then([event.DonationRefunded()]);
    refunded.accepted().when(ask.RefundDonation(), having({})).then([]);
  });

  it('is refunded out of every line where it lies', () => {
    const elsewhere = line(fundEvent.RefundReserved({ amountMinor: 500, segments: [[0, 500]] }));
    const here = line(fundEvent.RefundReserved({ amountMinor: 1_500, segments: [[6_500, 1_500]] }));
    const facts = having({ [`fund:${fund}`]: here, [`fund:${otherFund}`]: elsewhere });
    spec(donationConcept)
      .given([event.DonationReceived()])
      .when(ask.RefundDonation({ funds: [fund, otherFund] }), facts)
      .then([event.DonationRefunded({ funds: [fund, otherFund] })]);
  });

  it('counts a fund once, though it be listed twice', () => {
    const half = line(fundEvent.RefundReserved({ amountMinor: 1_000, segments: [[6_000, 1_000]] }));
    spec(donationConcept)
      .given([event.DonationReceived()])
      .when(ask.RefundDonation({ funds: [fund, fund] }), having({ [`fund:${fund}`]: half }))
      .thenRefused('amounts_differ');
  });

  it('pays out what was reserved since its refunds were withdrawn, though not what was reserved before', () => {
    const [before, after] = [RESERVED_AT - 1, RESERVED_AT + 1];
    const given = (position: number) =>
      spec(donationConcept).given([event.DonationReceived(), { ...event.RefundsWithdrawn(), position }]);
    given(before).when(ask.RefundDonation(), having({})).then([event.DonationRefunded()]);
    given(after).when(ask.RefundDonation(), having({})).thenRefused('refund_withdrawn');
  });

  it('withdraws its refunds as often as it is asked: what is reserved meanwhile, it does not know', () => {
    spec(donationConcept)
      .given([event.DonationReceived(), event.RefundsWithdrawn()])
      .when(withdrawing.when, withdrawing.facts)
      .then([event.RefundsWithdrawn()]);
  });

  it('is never refunded by more than it brought in, over several refunds', () => {
    spec(donationConcept)
      .given([event.DonationReceived(), event.DonationRefunded({ refund: exampleUuid(7), amountMinor: 1 })])
      .when(ask.RefundDonation(), having({}))
      .thenRefused('more_than_given');
  });

  it('shows no amount and no interval without disclosures, unless the donor is named', () => {
    const { type, data } = event.DonationReceived();
    const state = spec(donationConcept).given([{ type, data }]).state();
    expect(state).not.toHaveProperty('amountMinor');
    expect(state).not.toHaveProperty('interval');
    const named = { amountMinor: 2_061, interval: [6_000, 2_000] as [number, number], name: '某某有限公司' };
    const public_ = { type, data: { ...data, named } };
    expect(spec(donationConcept).given([public_]).state()).toMatchObject({ interval: [6_000, 2_000] });
  });
});
