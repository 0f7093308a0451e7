import { PIPELINE_REFUSALS, REJECTIONS, type PipelineRefusal, type RejectionCode } from '@aidtrail/ledger';
import { commandConcept, refusalText, type Category, type DomainRefusal } from '@aidtrail/domain';
import type { ProblemText } from '@aidtrail/nest';

/** Every code with which the ledger can turn a command down. A new one does not compile until it has a status. */
type LedgerCode = DomainRefusal | PipelineRefusal | RejectionCode;

/**
 * 400 not a command; 401 nobody we know signed it; 403 they may not; 404 there is no such thing; 409 not in this state;
 * 410 over for good; 422 what it asks for does not add up.
 */
type CommandStatus = 400 | 401 | 403 | 404 | 409 | 410 | 422;

const statuses: Readonly<Record<LedgerCode, CommandStatus>> = {
  // rejections: nothing was recorded
  malformed: 400,
  unknown_command: 400,
  wrong_log: 400,
  schema: 400,
  key_unknown: 401,
  signature_invalid: 401,
  command_id_reused: 409,
  // pipeline
  anchor_unknown: 409,
  anchor_stale: 409,
  subject_erased: 410,
  redemption_erased: 410,
  // entitlement
  key_not_approved: 403,
  key_revoked: 403,
  role_not_allowed: 403,
  second_signature_missing: 403,
  too_many_signatures: 403,
  same_officer: 403,
  holder_key_wrong: 403,
  // new keys
  public_key_unacceptable: 422,
  // ledger
  ledger_exists: 409,
  ledger_not_open: 409,
  root_officers_not_distinct: 422,
  root_signature_missing: 403,
  two_roots_needed: 403,
  root_officer_unknown: 404,
  key_in_use: 409,
  day_not_in_calendar: 422,
  // calendar
  day_not_later: 422,
  // key
  key_already_enrolled: 409,
  key_not_enrolled: 404,
  key_already_revoked: 409,
  officer_missing: 403,
  role_reserved_to_roots: 403,
  owner_missing: 403,
  store_missing: 422,
  enroller_is_owner: 403,
  approver_is_enroller: 403,
  approver_is_owner: 403,
  // programme
  programme_exists: 409,
  programme_unknown: 404,
  programme_closed: 409,
  approval_tiers_invalid: 422,
  duplicate_category: 422,
  // fund
  fund_exists: 409,
  fund_unknown: 404,
  fund_closed: 409,
  second_officer_missing: 403,
  administration_has_no_fee: 422,
  programme_missing: 422,
  programme_not_open: 409,
  fee_too_high: 422,
  administration_fund_missing: 422,
  not_an_administration_fund: 422,
  administration_takes_fees_only: 422,
  same_fund: 422,
  target_unknown: 404,
  target_is_administration: 422,
  target_closed: 409,
  administration_stays: 422,
  not_administration: 422,
  campaign_unknown: 404,
  earmarked: 422,
  line_full: 422,
  segments_not_normal: 422,
  refund_exists: 409,
  donation_unknown: 404,
  not_of_this_donation: 409,
  not_free: 409,
  reservation_unknown: 404,
  already_refunded: 409,
  refund_not_withdrawn: 409,
  insufficient_funds: 422,
  more_than_committed: 422,
  amounts_differ: 422,
  fund_not_empty: 409,
  refund_pending: 409,
  transfer_in_transit: 409,
  vouchers_outstanding: 409,
  // donation
  payment_reference_used: 409,
  not_reserved: 409,
  reservation_of_another_donation: 409,
  refund_withdrawn: 409,
  more_than_given: 422,
  receipt_exists: 409,
  // campaign
  campaign_exists: 409,
  campaign_closed: 409,
  fund_not_open: 409,
  fund_not_for_campaign: 409,
  last_day_before_first: 422,
  last_day_passed: 410,
  last_day_not_later: 422,
  // batch
  batch_exists: 409,
  batch_unknown: 404,
  batch_not_drafted: 409,
  batch_not_approved: 409,
  maker_is_checker: 403,
  checker_repeats: 403,
  terms_differ: 422,
  campaign_not_open: 409,
  fund_not_of_campaign: 409,
  total_differs: 422,
  // voucher
  voucher_unknown: 404,
  voucher_cancelled: 410,
  voucher_expired: 410,
  voucher_not_over: 409,
  already_claimed: 409,
  voucher_not_claimed: 409,
  voucher_not_yet_valid: 409,
  out_of_scope: 403,
  worker_required: 403,
  proxy_reference_missing: 422,
  holder_proof_missing: 403,
  holder_key_used: 409,
  holder_key_enrolled: 409,
  redemption_unknown: 404,
  till_not_of_store: 403,
  merchant_not_approved: 409,
  store_not_open: 409,
  assisted_not_allowed: 403,
  consent_missing: 403,
  amount_above_limit: 422,
  policy_missing: 422,
  amount_exceeds_basket: 422,
  goods_denied: 422,
  insufficient_balance: 422,
  reversal_exceeds_redemption: 422,
  too_fragmented: 422,
  // merchant
  merchant_exists: 409,
  merchant_unknown: 404,
  store_exists: 409,
  store_unknown: 404,
  approver_repeats: 403,
  not_assessed: 409,
  assessed_unsuitable: 409,
  hold_days_differ: 422,
  // cutoff
  cutoff_not_later: 422,
  beyond_checkpoint: 422,
  // figures
  figures_not_cut: 409,
  figures_already_published: 409,
  // settlement
  settlement_unknown: 404,
  settlement_held: 409,
  settlement_not_held: 409,
  not_proposed: 409,
  not_prepared: 409,
  not_approved: 409,
  not_instructed: 409,
  not_paid: 409,
  already_approved: 409,
  already_instructed: 409,
  previous_not_approved: 409,
  reason_missing: 422,
  released_exceeds_withheld: 422,
  withheld_exceeds_due: 422,
  net_differs: 422,
  nothing_due: 422,
  hold_window: 409,
  bank_day_ahead: 422,
  bank_reference_missing: 422,
  // period
  period_closed: 409,
  period_not_over: 409,
  period_not_begun: 409,
};

/** For an answer that a newer program stored: it stays an answer. */
const STATUS_OF_UNKNOWN: CommandStatus = 409;

/** Status and sentences of a rejection or refusal. Some codes say it differently from one concept to another. */
export function commandProblem(code: string, commandType?: string): ProblemText {
  const status = isKnown(code) ? statuses[code] : STATUS_OF_UNKNOWN;
  const { zh, en } = textOf(code, commandType);
  return { code, status, zh, en };
}

export function isKnown(code: string): code is LedgerCode {
  return Object.hasOwn(statuses, code);
}

function textOf(code: string, commandType?: string): { readonly zh: string; readonly en: string } {
  if (Object.hasOwn(REJECTIONS, code)) return REJECTIONS[code as RejectionCode];
  if (Object.hasOwn(PIPELINE_REFUSALS, code)) return PIPELINE_REFUSALS[code as PipelineRefusal];
  const category = commandType === undefined ? undefined : commandConcept(commandType)?.category;
  return (
    refusalText(code, category as Category | undefined) ?? {
      zh: '账本拒绝了该指令。',
      en: 'The ledger refused the command.',
    }
  );
}
