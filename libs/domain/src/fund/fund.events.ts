import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const fundKind = f.oneOf('general', 'campaign', 'administration');

export const fundEvents = defineEvents({
  FundOpened: {
    about: 'A number line of fen, at first of length 0. A campaign fund serves its one campaign only.',
    public: {
      kind: fundKind,
      name: f.organisationName,
      currency: f.currency,
      programme: f.optional(f.uuid),
      administrationFund: f.optional(f.uuid),
      feeBasisPoints: f.basisPoints,
    },
  },
  IntakeReceived: {
    about:
      'Gifts arrived: `count` donations, `grossMinor` in all. The management fee is split off; the net takes `interval` at the end of the line. `rowsRoot` is the RFC 6962 root over one commitment per donation.',
    public: {
      intake: f.uuid,
      count: f.count,
      grossMinor: f.amountMinor,
      feeMinor: f.amountOrZeroMinor,
      feeBasisPoints: f.basisPoints,
      administrationFund: f.optional(f.uuid),
      interval: f.interval,
      rowsRoot: f.hash,
    },
    disclosure: { channel: f.code, fileDigest: f.optional(f.hash) },
    never: ['donor', 'contact'],
  },
  FeeReceived: {
    about: 'The management fee (管理费) of an intake arrives on the administration line.',
    public: { intake: f.uuid, fromFund: f.uuid, amountMinor: f.amountMinor, interval: f.interval },
  },
  TransferSent: {
    about: 'Segments leave this line for another fund; until they are received they are in transit.',
    public: {
      transfer: f.uuid,
      toFund: f.uuid,
      amountMinor: f.amountMinor,
      segments: f.segments,
      part: f.part,
      parts: f.part,
      officer: f.officer,
    },
  },
  TransferReceived: {
    about: 'Segments of another line take new addresses at the end of this one, in order.',
    public: {
      transfer: f.uuid,
      fromFund: f.uuid,
      amountMinor: f.amountMinor,
      segments: f.segments,
      interval: f.interval,
      part: f.part,
      parts: f.part,
    },
  },
  BatchFunded: {
    about:
      'Free segments, leftmost first, are committed to a batch and mapped in order onto the batch line from `offset` on. Issuing starts after the last part.',
    public: {
      batch: f.uuid,
      campaign: f.uuid,
      amountMinor: f.amountMinor,
      segments: f.segments,
      offset: f.ordinal,
      part: f.part,
      parts: f.part,
      fundingMode: f.fundingMode,
    },
  },
  FundsReturned: {
    about:
      'Segments of a batch line (`segments`, expired, cancelled or reversed) take new addresses `interval` at the end of this line, in order.',
    public: {
      batch: f.uuid,
      amountMinor: f.amountMinor,
      segments: f.segments,
      interval: f.interval,
      fundingMode: f.fundingMode,
    },
  },
  FundsRecovered: {
    about: 'What a paid merchant owed was netted or repaid: segments of the batch line take new addresses.',
    public: {
      batch: f.uuid,
      settlement: f.uuid,
      amountMinor: f.amountMinor,
      segments: f.segments,
      interval: f.interval,
    },
    disclosure: { merchant: f.uuid },
  },
  RefundReserved: {
    about: 'Free segments are set aside to be refunded to a donor.',
    public: { refund: f.uuid, amountMinor: f.amountMinor, segments: f.segments, officer: f.officer },
    disclosure: { donation: f.uuid },
  },
  RefundReleased: {
    about: 'A reservation that will not be paid is given up; its segments are free again.',
    public: { refund: f.uuid, amountMinor: f.amountMinor, segments: f.segments },
  },
  AdministrationSpent: {
    about: 'Money of the administration line was spent on running the programme.',
    public: {
      amountMinor: f.amountMinor,
      segments: f.segments,
      purpose: f.code,
      officer: f.officer,
      secondOfficer: f.officer,
    },
    disclosure: { payee: f.privateText, bankReference: f.reference },
  },
  FundClosed: {
    about: 'Nothing is free, committed, in transit or recoverable any more.',
    public: { officer: f.officer },
  },
});

export type FundEvent = EventsOf<typeof fundEvents>;
