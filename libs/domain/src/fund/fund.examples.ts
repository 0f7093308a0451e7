import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { FundCommand } from './fund.commands.js';
import type { FundEvent } from './fund.events.js';

export const exampleFunds = {
  general: exampleUuid(0x101),
  campaign: exampleUuid(0x102),
  administration: exampleUuid(0x103),
};
const programme = exampleUuid(0x110);
const campaign = exampleUuid(0x111);
const batch = exampleUuid(0x112);
const intake = exampleUuid(0x113);
const transfer = exampleUuid(0x114);
const refund = exampleUuid(0x115);
const settlement = exampleUuid(0x116);
const donation = exampleUuid(0x117);
const merchant = exampleUuid(0x118);

type EventData<K extends FundEvent['type']> = Partial<OfType<FundEvent, K>['data']>;
type CommandData<K extends FundCommand['type']> = Partial<OfType<FundCommand, K>['data']>;

/** A valid event of each type; fields may be given. */
export const fundEventExamples = {
  FundOpened: (data: EventData<'FundOpened'> = {}): OfType<FundEvent, 'FundOpened'> => ({
    type: 'FundOpened',
    data: { kind: 'general', name: '赈济总池', currency: 'CNY', feeBasisPoints: 0, ...data },
  }),
  IntakeReceived: (data: EventData<'IntakeReceived'> = {}): OfType<FundEvent, 'IntakeReceived'> => ({
    type: 'IntakeReceived',
    data: {
      intake,
      count: 1,
      grossMinor: 10_000,
      feeMinor: 0,
      feeBasisPoints: 0,
      interval: [0, 10_000],
      rowsRoot: exampleBase64(1),
      ...data,
    },
    private: { channel: 'wechat' },
  }),
  FeeReceived: (data: EventData<'FeeReceived'> = {}): OfType<FundEvent, 'FeeReceived'> => ({
    type: 'FeeReceived',
    data: { intake, fromFund: exampleFunds.general, amountMinor: 300, interval: [0, 300], ...data },
  }),
  TransferSent: (data: EventData<'TransferSent'> = {}): OfType<FundEvent, 'TransferSent'> => ({
    type: 'TransferSent',
    data: {
      transfer,
      toFund: exampleFunds.campaign,
      amountMinor: 4_000,
      segments: [[0, 4_000]],
      part: 1,
      parts: 1,
      officer: 'finance-li',
      ...data,
    },
  }),
  TransferReceived: (data: EventData<'TransferReceived'> = {}): OfType<FundEvent, 'TransferReceived'> => ({
    type: 'TransferReceived',
    data: {
      transfer,
      fromFund: exampleFunds.general,
      amountMinor: 4_000,
      segments: [[0, 4_000]],
      interval: [0, 4_000],
      part: 1,
      parts: 1,
      ...data,
    },
  }),
  BatchFunded: (data: EventData<'BatchFunded'> = {}): OfType<FundEvent, 'BatchFunded'> => ({
    type: 'BatchFunded',
    data: {
      batch,
      campaign,
      amountMinor: 5_000,
      segments: [[0, 5_000]],
      offset: 0,
      part: 1,
      parts: 1,
      fundingMode: 'merchant-funded',
      ...data,
    },
  }),
  FundsReturned: (data: EventData<'FundsReturned'> = {}): OfType<FundEvent, 'FundsReturned'> => ({
    type: 'FundsReturned',
    data: {
      batch,
      amountMinor: 700,
      segments: [
        [300, 200],
        [1_500, 500],
      ],
      interval: [10_000, 700],
      fundingMode: 'merchant-funded',
      ...data,
    },
  }),
  FundsRecovered: (data: EventData<'FundsRecovered'> = {}): OfType<FundEvent, 'FundsRecovered'> => ({
    type: 'FundsRecovered',
    data: { batch, settlement, amountMinor: 100, segments: [[0, 100]], interval: [10_000, 100], ...data },
    private: { merchant },
  }),
  RefundReserved: (data: EventData<'RefundReserved'> = {}): OfType<FundEvent, 'RefundReserved'> => ({
    type: 'RefundReserved',
    data: { refund, amountMinor: 2_000, segments: [[6_000, 2_000]], officer: 'finance-li', ...data },
    private: { donation },
  }),
  RefundReleased: (data: EventData<'RefundReleased'> = {}): OfType<FundEvent, 'RefundReleased'> => ({
    type: 'RefundReleased',
    data: { refund, amountMinor: 2_000, segments: [[6_000, 2_000]], ...data },
  }),
  AdministrationSpent: (data: EventData<'AdministrationSpent'> = {}): OfType<FundEvent, 'AdministrationSpent'> => ({
    type: 'AdministrationSpent',
    data: {
      amountMinor: 120,
      segments: [[0, 120]],
      purpose: 'bank-fees',
      officer: 'finance-li',
      secondOfficer: 'finance-wang',
      ...data,
    },
    private: { payee: '中国工商银行', bankReference: 'ICBC-20261102-7' },
  }),
  FundClosed: (data: EventData<'FundClosed'> = {}): OfType<FundEvent, 'FundClosed'> => ({
    type: 'FundClosed',
    data: { officer: 'finance-li', ...data },
  }),
};

/** A valid command of each type; fields of the public part may be given. */
export const fundCommandExamples = {
  OpenFund: (data: CommandData<'OpenFund'> = {}): OfType<FundCommand, 'OpenFund'> => ({
    type: 'OpenFund',
    id: exampleUuid(0x121),
    data: {
      fund: exampleFunds.general,
      kind: 'general',
      name: '赈济总池',
      currency: 'CNY',
      programme,
      administrationFund: exampleFunds.administration,
      feeBasisPoints: 300,
      ...data,
    },
  }),
  RecordIntake: (data: CommandData<'RecordIntake'> = {}): OfType<FundCommand, 'RecordIntake'> => ({
    type: 'RecordIntake',
    id: intake,
    data: { fund: exampleFunds.general, count: 3, totalMinor: 10_001, rowsRoot: exampleBase64(1), ...data },
    private: { channel: 'wechat', fileDigest: exampleBase64(2) },
  }),
  SendTransfer: (data: CommandData<'SendTransfer'> = {}): OfType<FundCommand, 'SendTransfer'> => ({
    type: 'SendTransfer',
    id: transfer,
    data: { fund: exampleFunds.general, toFund: exampleFunds.campaign, amountMinor: 4_000, ...data },
  }),
  ReserveRefund: (data: CommandData<'ReserveRefund'> = {}): OfType<FundCommand, 'ReserveRefund'> => ({
    type: 'ReserveRefund',
    id: exampleUuid(0x124),
    data: { fund: exampleFunds.general, refund, segments: [[6_000, 2_000]], ...data },
    private: { donation },
  }),
  ReleaseRefund: (data: CommandData<'ReleaseRefund'> = {}): OfType<FundCommand, 'ReleaseRefund'> => ({
    type: 'ReleaseRefund',
    id: exampleUuid(0x125),
    data: { fund: exampleFunds.general, refund, ...data },
  }),
  SpendAdministration: (data: CommandData<'SpendAdministration'> = {}): OfType<FundCommand, 'SpendAdministration'> => ({
    type: 'SpendAdministration',
    id: exampleUuid(0x126),
    data: { fund: exampleFunds.administration, amountMinor: 120, purpose: 'bank-fees', ...data },
    private: { payee: '中国工商银行', bankReference: 'ICBC-20261102-7' },
  }),
  CloseFund: (data: CommandData<'CloseFund'> = {}): OfType<FundCommand, 'CloseFund'> => ({
    type: 'CloseFund',
    id: exampleUuid(0x127),
    data: { fund: exampleFunds.general, ...data },
  }),
  ReceiveFee: (data: CommandData<'ReceiveFee'> = {}): OfType<FundCommand, 'ReceiveFee'> => ({
    type: 'ReceiveFee',
    id: exampleUuid(0x128),
    data: { fund: exampleFunds.administration, intake, fromFund: exampleFunds.general, amountMinor: 300, ...data },
  }),
  ReceiveTransfer: (data: CommandData<'ReceiveTransfer'> = {}): OfType<FundCommand, 'ReceiveTransfer'> => ({
    type: 'ReceiveTransfer',
    id: exampleUuid(0x129),
    data: {
      fund: exampleFunds.campaign,
      transfer,
      fromFund: exampleFunds.general,
      amountMinor: 4_000,
      segments: [[0, 4_000]],
      part: 1,
      parts: 1,
      ...data,
    },
  }),
  FundBatch: (data: CommandData<'FundBatch'> = {}): OfType<FundCommand, 'FundBatch'> => ({
    type: 'FundBatch',
    id: exampleUuid(0x12a),
    data: {
      fund: exampleFunds.general,
      batch,
      campaign,
      totalMinor: 5_000,
      fundingMode: 'merchant-funded',
      ...data,
    },
  }),
  ReturnFunds: (data: CommandData<'ReturnFunds'> = {}): OfType<FundCommand, 'ReturnFunds'> => ({
    type: 'ReturnFunds',
    id: exampleUuid(0x12b),
    data: {
      fund: exampleFunds.general,
      batch,
      segments: [
        [300, 200],
        [1_500, 500],
      ],
      ...data,
    },
  }),
  RecoverFunds: (data: CommandData<'RecoverFunds'> = {}): OfType<FundCommand, 'RecoverFunds'> => ({
    type: 'RecoverFunds',
    id: exampleUuid(0x12c),
    data: { fund: exampleFunds.general, batch, settlement, segments: [[0, 100]], ...data },
    private: { merchant },
  }),
};
