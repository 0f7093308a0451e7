import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';
import { fundKind } from './fund.events.js';

export const fundCommands = defineCommands({
  OpenFund: {
    about: 'Opens a number line. An administration fund has no fee and no administration fund of its own.',
    public: {
      fund: f.uuid,
      kind: fundKind,
      name: f.organisationName,
      currency: f.currency,
      programme: f.optional(f.uuid),
      administrationFund: f.optional(f.uuid),
      feeBasisPoints: f.basisPoints,
    },
    signatures: 'one',
    roles: ['finance'],
  },
  RecordIntake: {
    about: 'A payment channel reports gifts whose rows were staged before under the id of this command.',
    public: { fund: f.uuid, count: f.count, totalMinor: f.amountMinor, rowsRoot: f.hash },
    disclosure: { channel: f.code, fileDigest: f.optional(f.hash) },
    signatures: 'one',
    roles: ['channel'],
  },
  SendTransfer: {
    about:
      'Moves free money, leftmost first, to another fund; never into administration. The transfer’s id is the command’s.',
    public: { fund: f.uuid, toFund: f.uuid, amountMinor: f.amountMinor },
    signatures: 'one',
    roles: ['finance'],
  },
  ReserveRefund: {
    about: 'Sets aside the free segments of a donation on this line. `refund` groups the reservations of one refund.',
    public: { fund: f.uuid, refund: f.uuid, segments: f.segments },
    disclosure: { donation: f.uuid },
    signatures: 'one',
    roles: ['finance'],
  },
  ReleaseRefund: {
    about: 'Frees a reservation that the donation has withdrawn, or that was left out when its refund was paid.',
    public: { fund: f.uuid, refund: f.uuid },
    signatures: 'one',
    roles: ['finance'],
  },
  SpendAdministration: {
    about: 'Spends money of the administration line; two officers sign.',
    public: { fund: f.uuid, amountMinor: f.amountMinor, purpose: f.code },
    disclosure: { payee: f.privateText, bankReference: f.reference },
    signatures: 'two',
    roles: ['finance'],
  },
  CloseFund: {
    about: 'Closes an empty fund.',
    public: { fund: f.uuid },
    signatures: 'one',
    roles: ['finance'],
  },
  ReceiveFee: {
    about: 'The fee of an intake reaches the administration line.',
    public: { fund: f.uuid, intake: f.uuid, fromFund: f.uuid, amountMinor: f.amountMinor },
    signatures: 'policy',
    roles: [],
  },
  ReceiveTransfer: {
    about: 'One part of a transfer reaches its fund.',
    public: {
      fund: f.uuid,
      transfer: f.uuid,
      fromFund: f.uuid,
      amountMinor: f.amountMinor,
      segments: f.segments,
      part: f.part,
      parts: f.part,
    },
    signatures: 'policy',
    roles: [],
  },
  FundBatch: {
    about: 'An approved batch takes the money it needs.',
    public: {
      fund: f.uuid,
      batch: f.uuid,
      campaign: f.uuid,
      totalMinor: f.amountMinor,
      fundingMode: f.fundingMode,
    },
    signatures: 'policy',
    roles: [],
  },
  ReturnFunds: {
    about: 'Segments of a batch line come home.',
    public: { fund: f.uuid, batch: f.uuid, segments: f.segments },
    signatures: 'policy',
    roles: [],
  },
  RecoverFunds: {
    about: 'Recoverable segments were netted or repaid and come home.',
    public: { fund: f.uuid, batch: f.uuid, settlement: f.uuid, segments: f.segments },
    disclosure: { merchant: f.uuid },
    signatures: 'policy',
    roles: [],
  },
});

export type FundCommand = CommandsOf<typeof fundCommands>;
