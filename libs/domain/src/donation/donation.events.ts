import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

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
      'Unspent fen of the donation were paid back out of reservations on every line where they lay. The amount is the sum of the reservations made under `refund`, hence public already.',
    public: { refund: f.uuid, amountMinor: f.amountMinor, officer: f.officer, secondOfficer: f.officer },
    disclosure: { bankReference: f.reference },
  },
  DonationReceiptIssued: {
    about: 'The statutory donation receipt was issued.',
    public: { officer: f.officer },
    disclosure: { receiptNumber: f.reference },
  },
});

export type DonationEvent = EventsOf<typeof donationEvents>;
