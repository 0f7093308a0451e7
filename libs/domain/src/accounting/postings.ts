import type { BatchEvent } from '../batch/batch.events.js';
import type { CalendarEvent } from '../calendar/calendar.events.js';
import type { CampaignEvent } from '../campaign/campaign.events.js';
import type { CutoffEvent } from '../cutoff/cutoff.events.js';
import type { FiguresEvent } from '../figures/figures.events.js';
import type { FundEvent } from '../fund/fund.events.js';
import type { KeyEvent } from '../key/key.events.js';
import type { LedgerEvent } from '../ledger/ledger.events.js';
import type { MerchantEvent } from '../merchant/merchant.events.js';
import type { PeriodEvent } from '../period/period.events.js';
import type { ProgrammeEvent } from '../programme/programme.events.js';
import type { AnyEvent } from '../schema/tables.js';
import type { VoucherEvent } from '../voucher/voucher.events.js';
import type { OfType } from '../kernel/table.js';
import type { AccountCode } from './chart.js';

/** The event types that move no money between accounts. A new type does not compile until it is here or in `entryOf`. */
type Unposted =
  | BatchEvent['type']
  | CalendarEvent['type']
  | CampaignEvent['type']
  | CutoffEvent['type']
  | FiguresEvent['type']
  | KeyEvent['type']
  | LedgerEvent['type']
  | MerchantEvent['type']
  | PeriodEvent['type']
  | ProgrammeEvent['type']
  | 'DonationReceived'
  | 'DonationReceiptIssued'
  | 'RefundsWithdrawn'
  | 'FundOpened'
  | 'FeeReceived'
  | 'TransferSent'
  | 'TransferReceived'
  | 'FundClosed'
  | 'VoucherClaimed'
  | 'VoucherReissued'
  | 'SettlementProposed'
  | 'SettlementPrepared'
  | 'SettlementApproved'
  | 'SettlementHeld'
  | 'SettlementReleased'
  | 'SettlementDisputed'
  | 'SettlementReconciled'
  | 'PaymentInstructed'
  | 'PaymentFailed';

/** One side of an entry: debit is positive, credit negative. `merchant` only where disclosures name one. */
export interface Posting {
  readonly account: AccountCode;
  readonly amountMinor: number;
  readonly merchant?: string;
}

/**
 * When giving vouchers becomes an expense: when they are issued (the unspent part is a liability) or only when they are
 * redeemed (issued vouchers are then a commitment off the books). A matter of accounting policy.
 */
export type ExpenseAt = 'issue' | 'redemption';

/**
 * The double entry of an event: balanced, whole minor units, nothing for most events. Needs public fields only; from
 * public leaves merchants are one total, with disclosures each has its own.
 */
export function postings(event: AnyEvent, expenseAt: ExpenseAt = 'issue'): readonly Posting[] {
  const entry = entryOf(event);
  return expenseAt === 'issue' || entry.length === 0 ? entry : withoutCommitments(entry);
}

function entryOf(event: AnyEvent): readonly Posting[] {
  switch (event.type) {
    case 'IntakeReceived':
      return intake(event.data);
    case 'BatchFunded':
      return event.data.fundingMode === 'prepaid' ? move('wallet_locked', 'bank', event.data.amountMinor) : [];
    case 'FundsReturned':
      return event.data.fundingMode === 'prepaid' ? move('bank', 'wallet_locked', event.data.amountMinor) : [];
    case 'FundsRecovered':
      return move('merchant_payable', 'merchant_receivable', event.data.amountMinor, event.private?.merchant);
    case 'RefundReserved':
      return move('restricted_income', 'refunds_payable', event.data.amountMinor);
    case 'RefundReleased':
      return move('refunds_payable', 'restricted_income', event.data.amountMinor);
    case 'DonationRefunded':
      return move('refunds_payable', 'bank', event.data.amountMinor);
    case 'AdministrationSpent':
      return move('administration_expense', 'bank', event.data.amountMinor);
    case 'VoucherIssued':
      return move('programme_expense', 'vouchers_outstanding', event.data.interval[1]);
    case 'VoucherRedeemed':
      return move('vouchers_outstanding', owedOrLocked(event.data), event.data.amountMinor, event.private?.merchant);
    case 'RedemptionReversed':
      return reversal(event);
    case 'VoucherExpired':
    case 'VoucherCancelled':
      return move('vouchers_outstanding', 'programme_expense', event.data.amountMinor);
    case 'SettlementPaid':
      return event.data.fundingMode === 'prepaid'
        ? []
        : move('merchant_payable', 'bank', event.data.netMinor, event.private?.merchant);
    case 'PaymentReturned':
      return event.data.fundingMode === 'prepaid'
        ? []
        : move('bank', 'merchant_payable', event.data.netMinor, event.private?.merchant);
    default:
      event.type satisfies Unposted;
      return [];
  }
}

/** The fee's own arrival on the administration line moves no account: it was income of administration from the start. */
function intake(data: OfType<FundEvent, 'IntakeReceived'>['data']): readonly Posting[] {
  const net: Posting[] = [
    { account: 'bank', amountMinor: data.grossMinor },
    { account: 'restricted_income', amountMinor: data.feeMinor - data.grossMinor },
  ];
  return data.feeMinor === 0 ? net : [...net, { account: 'administration_income', amountMinor: -data.feeMinor }];
}

function reversal({ data, private: disclosed }: OfType<VoucherEvent, 'RedemptionReversed'>): readonly Posting[] {
  const debit = data.to === 'recoverable' ? 'merchant_receivable' : owedOrLocked(data);
  const credit = data.to === 'voucher' ? 'vouchers_outstanding' : 'programme_expense';
  return move(debit, credit, data.amountMinor, disclosed?.merchant);
}

function owedOrLocked({ fundingMode }: { readonly fundingMode: 'merchant-funded' | 'prepaid' }): AccountCode {
  return fundingMode === 'prepaid' ? 'wallet_locked' : 'merchant_payable';
}

function move(debit: AccountCode, credit: AccountCode, amountMinor: number, merchant?: string): readonly Posting[] {
  if (amountMinor === 0) return [];
  return [posting(debit, amountMinor, merchant), posting(credit, -amountMinor, merchant)];
}

function posting(account: AccountCode, amountMinor: number, merchant: string | undefined): Posting {
  const ofMerchant = account === 'merchant_payable' || account === 'merchant_receivable';
  return ofMerchant && merchant !== undefined ? { account, amountMinor, merchant } : { account, amountMinor };
}

/** With expense at redemption the liability falls together with the expense; what cancels out is no entry. */
function withoutCommitments(entry: readonly Posting[]): readonly Posting[] {
  const renamed = entry.map((side): Posting =>
    side.account === 'vouchers_outstanding' ? { ...side, account: 'programme_expense' } : side,
  );
  return renamed.every(({ account }) => account === renamed[0]?.account) ? [] : renamed;
}
