import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';
import { refundFunds } from './donation.events.js';

export const donationCommands = defineCommands({
  RefundDonation: {
    about: 'Pays unspent fen back to the donor out of reservations made under `refund`; two officers sign.',
    public: {
      donation: f.uuid,
      refund: f.uuid,
      amountMinor: f.amountMinor,
      funds: refundFunds,
    },
    disclosure: { bankReference: f.reference },
    signatures: 'two',
    roles: ['finance'],
  },
  WithdrawRefunds: {
    about:
      'Gives up every refund of the donation that is reserved and not paid; its reservations can then be released, and no more be paid.',
    public: { donation: f.uuid },
    signatures: 'one',
    roles: ['finance'],
  },
  IssueDonationReceipt: {
    about: 'Records that the statutory receipt was issued.',
    public: { donation: f.uuid },
    disclosure: { receiptNumber: f.reference },
    signatures: 'one',
    roles: ['finance'],
  },
  RecordDonation: {
    about: 'One donation of an intake.',
    public: {
      donation: f.uuid,
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
    signatures: 'policy',
    roles: [],
  },
});

export type DonationCommand = CommandsOf<typeof donationCommands>;
