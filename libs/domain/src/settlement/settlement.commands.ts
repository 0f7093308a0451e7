import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';

export const settlementCommands = defineCommands({
  ProposeSettlement: {
    about: 'What one merchant is owed for one window.',
    public: {
      settlement: f.uuid,
      cutoff: f.count,
      window: f.tuple(f.index, f.index),
      fundingMode: f.fundingMode,
      count: f.ordinal,
      grossMinor: f.amountOrZeroMinor,
      reversalsMinor: f.amountOrZeroMinor,
      recoverableMinor: f.amountOrZeroMinor,
    },
    disclosure: { merchant: f.uuid, previous: f.optional(f.uuid) },
    signatures: 'policy',
    roles: [],
  },
  PrepareSettlement: {
    about: 'The maker prepares it and may withhold part, or release what an earlier settlement withheld.',
    public: { settlement: f.uuid, withheldMinor: f.amountOrZeroMinor, releasedMinor: f.amountOrZeroMinor },
    disclosure: { reason: f.optional(f.code) },
    signatures: 'one',
    roles: ['finance'],
  },
  ApproveSettlement: {
    about: 'The checker approves, repeating the net.',
    public: { settlement: f.uuid, netMinor: f.amountOrZeroMinor },
    signatures: 'one',
    roles: ['finance'],
  },
  HoldSettlement: {
    about: 'Stops payment.',
    public: { settlement: f.uuid, reason: f.code },
    signatures: 'one',
    roles: ['finance', 'programme'],
  },
  ReleaseSettlement: {
    about: 'Lifts a hold; by another officer than the one who set it.',
    public: { settlement: f.uuid, reason: f.code },
    signatures: 'one',
    roles: ['finance'],
  },
  InstructPayment: {
    about: 'Tells the bank to pay, after the hold window.',
    public: { settlement: f.uuid },
    disclosure: { instruction: f.reference },
    signatures: 'one',
    roles: ['finance'],
  },
  RecordPayment: {
    about: 'The bank paid; for a net of 0 it records that nothing was due.',
    public: { settlement: f.uuid, netMinor: f.amountOrZeroMinor, bankDay: f.day },
    disclosure: { bankReference: f.optional(f.reference) },
    signatures: 'one',
    roles: ['finance', 'service'],
  },
  FailPayment: {
    about: 'The bank declined.',
    public: { settlement: f.uuid, reason: f.code },
    disclosure: { bankReference: f.optional(f.reference) },
    signatures: 'one',
    roles: ['finance', 'service'],
  },
  ReturnPayment: {
    about: 'The money came back from the merchant’s bank.',
    public: { settlement: f.uuid, reason: f.code, bankDay: f.day },
    disclosure: { bankReference: f.reference },
    signatures: 'one',
    roles: ['finance', 'service'],
  },
  ReconcileSettlement: {
    about: 'Matches the payment with a bank statement line.',
    public: { settlement: f.uuid },
    disclosure: { statementLine: f.reference },
    signatures: 'one',
    roles: ['finance'],
  },
  DisputeSettlement: {
    about: 'Sends the figures back to preparation.',
    public: { settlement: f.uuid, reason: f.code },
    signatures: 'one',
    roles: ['finance'],
  },
});

export type SettlementCommand = CommandsOf<typeof settlementCommands>;
