import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { SettlementCommand } from './settlement.commands.js';
import type { SettlementEvent } from './settlement.events.js';

const settlement = exampleUuid(0x116);
const merchant = exampleUuid(0x118);

type EventData<K extends SettlementEvent['type']> = Partial<OfType<SettlementEvent, K>['data']>;
type CommandData<K extends SettlementCommand['type']> = Partial<OfType<SettlementCommand, K>['data']>;
type Disclosed<K extends SettlementEvent['type']> = Partial<
  NonNullable<Extract<SettlementEvent, { type: K; private?: unknown }>['private']>
>;

/** Twelve redemptions of 1,000 yuan in all; 80 yuan reversed, of which 30 after payout. */
const figures = {
  cutoff: 2,
  window: [500, 900] as [number, number],
  fundingMode: 'merchant-funded' as const,
  count: 12,
  grossMinor: 100_000,
  reversalsMinor: 8_000,
  recoverableMinor: 3_000,
};
const adjusted = {
  withheldMinor: 0,
  releasedMinor: 0,
  carriedInMinor: 0,
  carriedOutMinor: 0,
  recoveredMinor: 3_000,
  netMinor: 92_000,
  withheldBalanceMinor: 0,
  recoverableBalanceMinor: 0,
};

export const settlementEventExamples = {
  SettlementProposed: (
    data: EventData<'SettlementProposed'> = {},
    disclosed: Disclosed<'SettlementProposed'> = {},
  ): OfType<SettlementEvent, 'SettlementProposed'> => ({
    type: 'SettlementProposed',
    data: { ...figures, ...data },
    private: { merchant, ...disclosed },
  }),
  SettlementPrepared: (data: EventData<'SettlementPrepared'> = {}): OfType<SettlementEvent, 'SettlementPrepared'> => ({
    type: 'SettlementPrepared',
    data: { ...figures, ...adjusted, merchantName: '京客隆超市', officer: 'finance-li', ...data },
    private: { merchant },
  }),
  SettlementApproved: (data: EventData<'SettlementApproved'> = {}): OfType<SettlementEvent, 'SettlementApproved'> => ({
    type: 'SettlementApproved',
    data: { netMinor: 92_000, officer: 'finance-wang', payableFrom: '2026-11-05', ...data },
  }),
  SettlementHeld: (data: EventData<'SettlementHeld'> = {}): OfType<SettlementEvent, 'SettlementHeld'> => ({
    type: 'SettlementHeld',
    data: { officer: 'finance-wang', reason: 'unusual-hours', ...data },
  }),
  SettlementReleased: (data: EventData<'SettlementReleased'> = {}): OfType<SettlementEvent, 'SettlementReleased'> => ({
    type: 'SettlementReleased',
    data: { officer: 'finance-li', reason: 'explained', ...data },
  }),
  PaymentInstructed: (data: EventData<'PaymentInstructed'> = {}): OfType<SettlementEvent, 'PaymentInstructed'> => ({
    type: 'PaymentInstructed',
    data: { netMinor: 92_000, officer: 'finance-li', ...data },
    private: { instruction: 'PAIN-20261105-1', bankDigest: exampleBase64(0x5b) },
  }),
  SettlementPaid: (data: EventData<'SettlementPaid'> = {}): OfType<SettlementEvent, 'SettlementPaid'> => ({
    type: 'SettlementPaid',
    data: {
      ...figures,
      netMinor: 92_000,
      carriedOutMinor: 0,
      recoveredMinor: 3_000,
      bankDay: '2026-11-05',
      merchantName: '京客隆超市',
      officer: 'finance-li',
      ...data,
    },
    private: { merchant, bankReference: 'ICBC-20261105-1' },
  }),
  PaymentFailed: (data: EventData<'PaymentFailed'> = {}): OfType<SettlementEvent, 'PaymentFailed'> => ({
    type: 'PaymentFailed',
    data: { netMinor: 92_000, reason: 'account-closed', ...data },
    private: {},
  }),
  PaymentReturned: (data: EventData<'PaymentReturned'> = {}): OfType<SettlementEvent, 'PaymentReturned'> => ({
    type: 'PaymentReturned',
    data: {
      netMinor: 92_000,
      fundingMode: 'merchant-funded',
      reason: 'wrong-name',
      bankDay: '2026-11-06',
      ...data,
    },
    private: { merchant, bankReference: 'ICBC-20261106-4' },
  }),
  SettlementReconciled: (
    data: EventData<'SettlementReconciled'> = {},
  ): OfType<SettlementEvent, 'SettlementReconciled'> => ({
    type: 'SettlementReconciled',
    data: { netMinor: 92_000, officer: 'finance-wang', ...data },
    private: { statementLine: 'ICBC-2026-11/17' },
  }),
  SettlementDisputed: (data: EventData<'SettlementDisputed'> = {}): OfType<SettlementEvent, 'SettlementDisputed'> => ({
    type: 'SettlementDisputed',
    data: { officer: 'finance-wang', reason: 'withheld-too-much', ...data },
  }),
};

export const settlementCommandExamples = {
  ProposeSettlement: (data: CommandData<'ProposeSettlement'> = {}): OfType<SettlementCommand, 'ProposeSettlement'> => ({
    type: 'ProposeSettlement',
    id: exampleUuid(0x401),
    data: { settlement, ...figures, ...data },
    private: { merchant },
  }),
  PrepareSettlement: (
    data: CommandData<'PrepareSettlement'> = {},
    reason?: string,
  ): OfType<SettlementCommand, 'PrepareSettlement'> => ({
    type: 'PrepareSettlement',
    id: exampleUuid(0x402),
    data: { settlement, withheldMinor: 0, releasedMinor: 0, ...data },
    private: reason === undefined ? {} : { reason },
  }),
  ApproveSettlement: (data: CommandData<'ApproveSettlement'> = {}): OfType<SettlementCommand, 'ApproveSettlement'> => ({
    type: 'ApproveSettlement',
    id: exampleUuid(0x403),
    data: { settlement, netMinor: 92_000, ...data },
  }),
  HoldSettlement: (data: CommandData<'HoldSettlement'> = {}): OfType<SettlementCommand, 'HoldSettlement'> => ({
    type: 'HoldSettlement',
    id: exampleUuid(0x404),
    data: { settlement, reason: 'unusual-hours', ...data },
  }),
  ReleaseSettlement: (data: CommandData<'ReleaseSettlement'> = {}): OfType<SettlementCommand, 'ReleaseSettlement'> => ({
    type: 'ReleaseSettlement',
    id: exampleUuid(0x405),
    data: { settlement, reason: 'explained', ...data },
  }),
  InstructPayment: (data: CommandData<'InstructPayment'> = {}): OfType<SettlementCommand, 'InstructPayment'> => ({
    type: 'InstructPayment',
    id: exampleUuid(0x406),
    data: { settlement, ...data },
    private: { instruction: 'PAIN-20261105-1' },
  }),
  RecordPayment: (data: CommandData<'RecordPayment'> = {}): OfType<SettlementCommand, 'RecordPayment'> => ({
    type: 'RecordPayment',
    id: exampleUuid(0x407),
    data: { settlement, netMinor: 92_000, bankDay: '2026-11-05', ...data },
    private: { bankReference: 'ICBC-20261105-1' },
  }),
  FailPayment: (data: CommandData<'FailPayment'> = {}): OfType<SettlementCommand, 'FailPayment'> => ({
    type: 'FailPayment',
    id: exampleUuid(0x408),
    data: { settlement, reason: 'account-closed', ...data },
    private: {},
  }),
  ReturnPayment: (data: CommandData<'ReturnPayment'> = {}): OfType<SettlementCommand, 'ReturnPayment'> => ({
    type: 'ReturnPayment',
    id: exampleUuid(0x409),
    data: { settlement, reason: 'wrong-name', bankDay: '2026-11-06', ...data },
    private: { bankReference: 'ICBC-20261106-4' },
  }),
  ReconcileSettlement: (
    data: CommandData<'ReconcileSettlement'> = {},
  ): OfType<SettlementCommand, 'ReconcileSettlement'> => ({
    type: 'ReconcileSettlement',
    id: exampleUuid(0x40a),
    data: { settlement, ...data },
    private: { statementLine: 'ICBC-2026-11/17' },
  }),
  DisputeSettlement: (data: CommandData<'DisputeSettlement'> = {}): OfType<SettlementCommand, 'DisputeSettlement'> => ({
    type: 'DisputeSettlement',
    id: exampleUuid(0x40b),
    data: { settlement, reason: 'withheld-too-much', ...data },
  }),
};
