import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

/** `recoverableMinor`: the part of the reversals that came after payout, so that the merchant owes it. */
const figures = {
  cutoff: f.count,
  window: f.tuple(f.index, f.index),
  fundingMode: f.fundingMode,
  count: f.ordinal,
  grossMinor: f.amountOrZeroMinor,
  reversalsMinor: f.amountOrZeroMinor,
  recoverableMinor: f.amountOrZeroMinor,
};

/**
 * withheld: kept back now; released: withheld earlier, paid now; carriedIn/carriedOut: debt taken over / passed on;
 * recovered: recoverable reversals, of this window or older, that this settlement nets. The balances are what the
 * merchant's next settlement starts from.
 */
const adjustments = {
  withheldMinor: f.amountOrZeroMinor,
  releasedMinor: f.amountOrZeroMinor,
  carriedInMinor: f.amountOrZeroMinor,
  carriedOutMinor: f.amountOrZeroMinor,
  recoveredMinor: f.amountOrZeroMinor,
  netMinor: f.amountOrZeroMinor,
  withheldBalanceMinor: f.amountOrZeroMinor,
  recoverableBalanceMinor: f.amountOrZeroMinor,
};

export const settlementEvents = defineEvents({
  SettlementProposed: {
    about: 'What one merchant is owed for one window, computed by the ledger from its leaves.',
    public: figures,
    disclosure: { merchant: f.uuid, previous: f.optional(f.uuid) },
  },
  SettlementPrepared: {
    about:
      'The maker in finance prepared it: net = gross − reversals − withheld + released − carried in + carried out. The merchant’s name is public if the window covers at least k redemptions.',
    public: { ...figures, ...adjustments, merchantName: f.optional(f.organisationName), officer: f.officer },
    disclosure: { merchant: f.uuid, reason: f.optional(f.code) },
  },
  SettlementApproved: {
    about: 'The checker approved it; payment may be instructed once the hold window has passed.',
    public: { netMinor: f.amountOrZeroMinor, officer: f.officer, payableFrom: f.day },
  },
  SettlementHeld: {
    about: 'Payment is stopped while something is looked into.',
    public: { officer: f.officer, reason: f.code },
  },
  SettlementReleased: {
    about: 'The hold is lifted.',
    public: { officer: f.officer, reason: f.code },
  },
  PaymentInstructed: {
    about:
      'The bank was told to pay, to the merchant’s account of this digest. The digest stands beside the merchant’s public name, so it is disclosed only.',
    public: { netMinor: f.amountMinor, officer: f.officer },
    disclosure: { instruction: f.reference, bankDigest: f.hash },
    never: ['bank account number'],
  },
  SettlementPaid: {
    about: 'The bank paid (or nothing was due: net 0). `bankDay` is the bank’s own date.',
    public: {
      ...figures,
      netMinor: f.amountOrZeroMinor,
      carriedOutMinor: f.amountOrZeroMinor,
      recoveredMinor: f.amountOrZeroMinor,
      bankDay: f.day,
      merchantName: f.optional(f.organisationName),
      officer: f.officer,
    },
    disclosure: { merchant: f.uuid, bankReference: f.optional(f.reference) },
    never: ['bank account number'],
  },
  PaymentFailed: {
    about: 'The bank declined; it may be instructed again.',
    public: { netMinor: f.amountMinor, reason: f.code },
    disclosure: { bankReference: f.optional(f.reference) },
  },
  PaymentReturned: {
    about: 'The bank had paid, and the money came back.',
    public: { netMinor: f.amountMinor, fundingMode: f.fundingMode, reason: f.code, bankDay: f.day },
    disclosure: { merchant: f.uuid, bankReference: f.reference },
  },
  SettlementReconciled: {
    about: 'The payment was matched with a line of the bank statement.',
    public: { netMinor: f.amountOrZeroMinor, officer: f.officer },
    disclosure: { statementLine: f.reference },
  },
  SettlementDisputed: {
    about: 'The merchant or finance disputes the figures; it goes back to preparation.',
    public: { officer: f.officer, reason: f.code },
  },
});

export type SettlementEvent = EventsOf<typeof settlementEvents>;
