import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { DonationCommand } from './donation.commands.js';
import type { DonationEvent } from './donation.events.js';

const donation = exampleUuid(0x117);
const refund = exampleUuid(0x115);
const fund = exampleUuid(0x101);
const intake = exampleUuid(0x113);

type EventData<K extends DonationEvent['type']> = Partial<OfType<DonationEvent, K>['data']>;
type CommandData<K extends DonationCommand['type']> = Partial<OfType<DonationCommand, K>['data']>;

const received = { intake, fund, number: 0, commitment: exampleBase64(3) };
const given = {
  amountMinor: 2_061,
  feeMinor: 61,
  interval: [6_000, 2_000] as [number, number],
  paymentReference: '4200002468202611021234567890',
  channel: 'wechat',
};

export const donationEventExamples = {
  DonationReceived: (data: EventData<'DonationReceived'> = {}): OfType<DonationEvent, 'DonationReceived'> => ({
    type: 'DonationReceived',
    data: { ...received, ...data },
    private: given,
  }),
  DonationRefunded: (data: EventData<'DonationRefunded'> = {}): OfType<DonationEvent, 'DonationRefunded'> => ({
    type: 'DonationRefunded',
    data: {
      refund,
      amountMinor: 2_000,
      funds: [fund],
      officer: 'finance-li',
      secondOfficer: 'finance-wang',
      ...data,
    },
    private: { bankReference: 'ICBC-20261102-9' },
  }),
  RefundsWithdrawn: (data: EventData<'RefundsWithdrawn'> = {}): OfType<DonationEvent, 'RefundsWithdrawn'> => ({
    type: 'RefundsWithdrawn',
    data: { officer: 'finance-li', ...data },
  }),
  DonationReceiptIssued: (
    data: EventData<'DonationReceiptIssued'> = {},
  ): OfType<DonationEvent, 'DonationReceiptIssued'> => ({
    type: 'DonationReceiptIssued',
    data: { officer: 'finance-li', ...data },
    private: { receiptNumber: '0011223344' },
  }),
};

export const donationCommandExamples = {
  RecordDonation: (data: CommandData<'RecordDonation'> = {}): OfType<DonationCommand, 'RecordDonation'> => ({
    type: 'RecordDonation',
    id: exampleUuid(0x211),
    data: { donation, ...received, ...data },
    private: given,
  }),
  RefundDonation: (data: CommandData<'RefundDonation'> = {}): OfType<DonationCommand, 'RefundDonation'> => ({
    type: 'RefundDonation',
    id: exampleUuid(0x212),
    data: { donation, refund, amountMinor: 2_000, funds: [fund], ...data },
    private: { bankReference: 'ICBC-20261102-9' },
  }),
  WithdrawRefunds: (data: CommandData<'WithdrawRefunds'> = {}): OfType<DonationCommand, 'WithdrawRefunds'> => ({
    type: 'WithdrawRefunds',
    id: exampleUuid(0x214),
    data: { donation, ...data },
  }),
  IssueDonationReceipt: (
    data: CommandData<'IssueDonationReceipt'> = {},
  ): OfType<DonationCommand, 'IssueDonationReceipt'> => ({
    type: 'IssueDonationReceipt',
    id: exampleUuid(0x213),
    data: { donation, ...data },
    private: { receiptNumber: '0011223344' },
  }),
};
