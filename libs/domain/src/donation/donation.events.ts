import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

/** The funds whose reservations make up one refund. */
export const refundFunds = f.listOf(f.uuid, { min: 1, max: 20 });

export const donationEvents = defineEvents({
  DonationReceived: {
    about:
      'One donation of an intake, with its own interval on the fund line: the donor’s address. Amount, interval and name are public only if the donor agreed to be named.',
    public: {
      intake: f.uuid,
      fund: f.uuid,
      number: f.ordinal,
      commitment: f.hash,
      named: f.optional(f.record({ amountMinor: f.amountMinor, interval: f.interval, name: f.organisationName })),
    },
    disclosure: {
      amountMinor: f.amountMinor,
      feeMinor: f.amountOrZeroMinor,
      interval: f.optional(f.interval),
      paymentReference: f.reference,
      channel: f.code,
    },
    never: ['donor', 'contact'],
  },
  DonationRefunded: {
    about:
      'Unspent fen of the donation were paid back out of what the listed funds had reserved under `refund`. The amount is the sum of these reservations, hence public already.',
    public: {
      refund: f.uuid,
      amountMinor: f.amountMinor,
      funds: refundFunds,
      officer: f.officer,
      secondOfficer: f.officer,
    },
    disclosure: { bankReference: f.reference },
  },
  RefundsWithdrawn: {
    about:
      'What was reserved for this donation before this event, and has not been paid back, never will be: the funds may release it. Which reservations those are, and how much, is not said.',
    public: { officer: f.officer },
  },
  DonationReceiptIssued: {
    about: 'The statutory donation receipt was issued.',
    public: { officer: f.officer },
    disclosure: { receiptNumber: f.reference },
  },
});

export type DonationEvent = EventsOf<typeof donationEvents>;
