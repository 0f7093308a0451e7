import type { FigureKey, FigureLevel } from './public-figures.js';

export interface FigureDefinition {
  readonly level: FigureLevel;
  readonly unit: 'minor' | 'count';
  /** Computed from which leaves, in words; the same stands in the reference. */
  readonly how: string;
  /** Released by k: part of it is held back until k vouchers moved. */
  readonly released: boolean;
}

const exact = (unit: 'minor' | 'count', how: string): FigureDefinition => ({ level: 'L1', unit, how, released: false });
const byK = (unit: 'minor' | 'count', how: string): FigureDefinition => ({ level: 'L1', unit, how, released: true });

export const FIGURE_DEFINITIONS: Readonly<Record<FigureKey, FigureDefinition>> = {
  receivedMinor: exact('minor', 'Sum of `grossMinor` of IntakeReceived: all gifts, with their fees.'),
  freeMinor: byK('minor', 'On the lines of all funds, and neither sent, funded, reserved, refunded nor spent.'),
  inTransitMinor: exact('minor', 'TransferSent not yet TransferReceived, and fees not yet FeeReceived.'),
  committedMinor: byK(
    'minor',
    'BatchFunded, less what was redeemed, is recoverable or came back: in vouchers, or on the way back.',
  ),
  redeemedMinor: byK('minor', 'VoucherRedeemed less RedemptionReversed.'),
  recoverableMinor: byK('minor', 'RedemptionReversed to `recoverable` less FundsRecovered: merchants owe it.'),
  refundReservedMinor: exact('minor', 'RefundReserved, neither released nor refunded.'),
  refundedMinor: exact('minor', 'Given back to donors.'),
  spentOnAdministrationMinor: exact('minor', 'Sum of AdministrationSpent.'),
  feeMinor: exact('minor', 'Sum of `feeMinor` of IntakeReceived: the management fees (管理费).'),
  donationCount: exact('count', 'Sum of `count` of IntakeReceived.'),
  fundedMinor: exact('minor', 'Sum of BatchFunded.'),
  issuedMinor: exact('minor', 'Sum of the face values of VoucherIssued.'),
  issuedCount: exact('count', 'VoucherIssued.'),
  claimedCount: byK('count', 'Vouchers claimed at least once: households reached.'),
  assistedClaimCount: byK('count', 'Of these, those by channel `assisted` or `proxy`.'),
  redemptionCount: byK('count', 'VoucherRedeemed.'),
  assistedRedemptionCount: byK('count', 'VoucherRedeemed with a worker’s consent.'),
  grossRedeemedMinor: byK('minor', 'Sum of VoucherRedeemed.'),
  reversedCount: byK('count', 'RedemptionReversed.'),
  reversedMinor: byK('minor', 'Sum of RedemptionReversed.'),
  endedCount: byK('count', 'VoucherExpired and VoucherCancelled.'),
  returnedMinor: byK('minor', 'Sum of FundsReturned and FundsRecovered: from batches back to their funds.'),
  paidMinor: byK(
    'minor',
    'Sum of `netMinor` of SettlementPaid less PaymentReturned, of settlements that cover k redemptions together.',
  ),
  heldSettlementCount: exact('count', 'Settlements that are held.'),
  disputedSettlementCount: exact('count', 'Settlements that are disputed.'),
  returnedPaymentCount: exact('count', 'PaymentReturned.'),
  suspendedMerchantCount: exact('count', 'Merchants that are suspended.'),
  revokedKeyCount: exact('count', 'KeyRevoked.'),
  correctionCount: exact('count', 'CorrectionPublished.'),
  erasureCount: {
    level: 'L2',
    unit: 'count',
    how: 'Entries of the list of erasures, which stands beside the ledger and is not public.',
    released: false,
  },
};
