import { countCampaign, countControl } from './count-control.js';
import { countMoney } from './count-money.js';
import { countSettlement } from './count-settlement.js';
import { countVoucher } from './count-voucher.js';
import { endPrivacyDay } from '../privacy-count.js';
import type { CountedLeaf, FigureLookups } from './counted-leaf.js';
import type { FigureState } from './figure-state.js';

/** The event types that change no figure. A new type does not compile until it is here or counted below. */
type Uncounted =
  | 'RootKeyRotated'
  | 'EventKeyRotated'
  | 'KeyEnrolled'
  | 'KeyApproved'
  | 'ProgrammeOpened'
  | 'GoodsPolicyPublished'
  | 'ProgrammeClosed'
  | 'FundOpened'
  | 'FundClosed'
  | 'DonationReceived'
  | 'RefundsWithdrawn'
  | 'DonationReceiptIssued'
  | 'CampaignExtended'
  | 'CampaignClosed'
  | 'BatchApproved'
  | 'BatchRejected'
  | 'BatchFundingRefused'
  | 'BatchCompleted'
  | 'MerchantAssessed'
  | 'StoreOpened'
  | 'StoreClosed'
  | 'BankDetailsChanged'
  | 'PeriodClosed'
  | 'FiguresCut'
  | 'FiguresPublished';

/** Changes the state by one leaf. Give it every leaf, in the order of the log, once. */
export function countLeaf(state: FigureState, leaf: CountedLeaf, lookups: FigureLookups): void {
  switch (leaf.type) {
    case 'LedgerOpened':
      state.day = leaf.data.openingDay;
      return;
    case 'DayStarted':
      endPrivacyDay(state.privacy);
      state.day = leaf.data.day;
      return;
    case 'CampaignOpened':
    case 'BatchDrafted':
      return countCampaign(state, leaf);
    case 'IntakeReceived':
    case 'FeeReceived':
    case 'TransferSent':
    case 'TransferReceived':
    case 'BatchFunded':
    case 'RefundReserved':
    case 'RefundReleased':
    case 'DonationRefunded':
    case 'AdministrationSpent':
      return countMoney(state, leaf);
    case 'VoucherIssued':
    case 'VoucherClaimed':
    case 'VoucherReissued':
    case 'VoucherRedeemed':
    case 'RedemptionReversed':
    case 'VoucherExpired':
    case 'VoucherCancelled':
    case 'FundsReturned':
    case 'FundsRecovered':
      return countVoucher(state, leaf, lookups);
    case 'CutoffSet':
    case 'SettlementProposed':
    case 'SettlementPrepared':
    case 'SettlementApproved':
    case 'SettlementHeld':
    case 'SettlementReleased':
    case 'PaymentInstructed':
    case 'SettlementPaid':
    case 'PaymentFailed':
    case 'PaymentReturned':
    case 'SettlementReconciled':
    case 'SettlementDisputed':
      return countSettlement(state, leaf);
    case 'MerchantApplied':
    case 'MerchantApproved':
    case 'MerchantSuspended':
    case 'KeyRevoked':
    case 'CorrectionPublished':
      return countControl(state, leaf);
    default:
      leaf.type satisfies Uncounted;
  }
}
