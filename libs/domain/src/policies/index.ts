export type { Effect, WithoutId } from './effect.js';
export { reactToIntake, type IntakeChunk, type IntakeRow } from './intake.js';
export { reactToTransfer } from './transfer.js';
export { reactToBatchApproval, reactToFundingRefusal } from './batch-funding.js';
export { reactToBatchFunding, reactToIssuance, type IssuanceChunk, type PlanRow } from './issuance.js';
export { reactToDay, type ExpiryChunk } from './expiry.js';
export { chunkReturns, reactToEndings, type Ending, type NumberedEnding } from './returns.js';
export { reactToCutoff, type Movement, type Window } from './proposals.js';
export { reactToPayment, type Recovery } from './recovery.js';

/**
 * Which event sets which policy off. An event type that is not here causes nothing.
 *
 * `effects` are the commands that may follow, `events` what they become: an auditor finds any of these without its cause,
 * and any cause without these.
 */
export const policyTriggers = {
  IntakeReceived: {
    policy: 'intake',
    effects: ['ReceiveFee', 'RecordDonation'],
    events: ['FeeReceived', 'DonationReceived'],
  },
  TransferSent: { policy: 'transfer', effects: ['ReceiveTransfer'], events: ['TransferReceived'] },
  BatchApproved: {
    policy: 'batch-funding',
    effects: ['FundBatch', 'RefuseBatchFunding'],
    events: ['BatchFunded', 'BatchFundingRefused'],
  },
  BatchFunded: {
    policy: 'issuance',
    effects: ['IssueVoucher', 'CompleteBatch'],
    events: ['VoucherIssued', 'BatchCompleted'],
  },
  DayStarted: { policy: 'expiry', effects: ['ExpireVoucher'], events: ['VoucherExpired'] },
  VoucherExpired: { policy: 'returns', effects: ['ReturnFunds'], events: ['FundsReturned'] },
  VoucherCancelled: { policy: 'returns', effects: ['ReturnFunds'], events: ['FundsReturned'] },
  RedemptionReversed: { policy: 'returns', effects: ['ReturnFunds'], events: ['FundsReturned'] },
  CutoffSet: { policy: 'proposals', effects: ['ProposeSettlement'], events: ['SettlementProposed'] },
  SettlementPaid: { policy: 'recovery', effects: ['RecoverFunds'], events: ['FundsRecovered'] },
} as const;

export type PolicyTrigger = keyof typeof policyTriggers;
