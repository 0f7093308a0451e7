import type { RefusalText } from '../kernel/concept.js';
import { officerMissing, secondOfficerMissing } from '../kernel/signers.js';

/** In order of precedence: what exists, who asks, whether it is the time, whether it is fit. */
export const merchantRefusals = {
  merchant_exists: { level: 'L1', zh: '该商户已经申请过。', en: 'This merchant has applied already.' },
  merchant_unknown: { level: 'L1', zh: '没有这家商户。', en: 'There is no such merchant.' },
  officer_missing: officerMissing,
  second_officer_missing: secondOfficerMissing,
  store_exists: { level: 'L1', zh: '该门店编号已经使用过。', en: 'This store id has been used already.' },
  store_unknown: { level: 'L1', zh: '商户没有这家门店。', en: 'The merchant has no such store.' },
  merchant_not_approved: { level: 'L1', zh: '商户尚未通过审批。', en: 'The merchant is not approved.' },
  approver_repeats: {
    level: 'L1',
    zh: '同一经办人不能重复审批。',
    en: 'This officer has approved already; another one must.',
  },
  not_assessed: {
    level: 'L1',
    zh: '尚无评估方认为该商户合适。',
    en: 'No assessor has found the merchant suitable yet.',
  },
  assessed_unsuitable: {
    level: 'L1',
    zh: '有评估方认为该商户不合适。',
    en: 'An assessor finds the merchant unsuitable.',
  },
  hold_days_differ: {
    level: 'L1',
    zh: '付款等待天数与先前的审批不一致。',
    en: 'The days to wait before payment differ from the earlier approval.',
  },
} as const satisfies Record<string, RefusalText>;

export type MerchantRefusal = keyof typeof merchantRefusals;
