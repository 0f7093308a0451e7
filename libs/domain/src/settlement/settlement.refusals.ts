import type { RefusalText } from '../kernel/concept.js';
import { officerMissing } from '../kernel/signers.js';

/** Why a settlement says no, in order of precedence: does it exist, where does it stand, who asks, what is asked. */
export const settlementRefusals = {
  settlement_unknown: { level: 'L1', zh: '没有这笔结算。', en: 'There is no such settlement.' },
  settlement_held: { level: 'L1', zh: '结算已被暂停。', en: 'The settlement is held.' },
  settlement_not_held: { level: 'L1', zh: '结算没有被暂停。', en: 'The settlement is not held.' },
  not_proposed: { level: 'L1', zh: '结算已经制单。', en: 'The settlement has been prepared already.' },
  not_prepared: { level: 'L1', zh: '结算尚未制单，或已经复核。', en: 'The settlement does not wait for approval.' },
  not_approved: { level: 'L1', zh: '结算尚未复核。', en: 'The settlement is not approved.' },
  not_instructed: { level: 'L1', zh: '尚未发出付款指令。', en: 'The bank has not been told to pay.' },
  not_paid: { level: 'L1', zh: '结算尚未付款。', en: 'The settlement is not paid.' },
  already_approved: {
    level: 'L1',
    zh: '结算已经复核；更正应在下一笔结算中处理。',
    en: 'The settlement is approved; put it right in the next one.',
  },
  already_instructed: { level: 'L1', zh: '付款指令已经发出。', en: 'The bank has been told to pay.' },
  officer_missing: officerMissing,
  maker_is_checker: { level: 'L1', zh: '制单人不能复核自己的结算。', en: 'The maker cannot be the checker.' },
  same_officer: { level: 'L1', zh: '暂停与解除须由不同的人。', en: 'Who held it cannot release it.' },
  merchant_unknown: { level: 'L2', zh: '找不到该商户的资料。', en: 'The merchant’s terms are not at hand.' },
  previous_not_approved: {
    level: 'L2',
    zh: '该商户的上一笔结算尚未复核。',
    en: 'The merchant’s settlement before this one is not approved yet.',
  },
  reason_missing: { level: 'L2', zh: '暂扣须写明理由。', en: 'Withholding needs a reason.' },
  released_exceeds_withheld: {
    level: 'L2',
    zh: '释放金额超过以前暂扣的余额。',
    en: 'More would be released than is withheld.',
  },
  withheld_exceeds_due: { level: 'L2', zh: '暂扣金额超过应付金额。', en: 'More would be withheld than is due.' },
  net_differs: { level: 'L1', zh: '净额与结算单不符。', en: 'The net is not that of the settlement.' },
  nothing_due: { level: 'L1', zh: '净额为零，无须付款。', en: 'The net is 0; there is nothing to pay.' },
  hold_window: { level: 'L1', zh: '仍在付款等待期内。', en: 'The hold window has not passed.' },
  bank_day_ahead: {
    level: 'L1',
    zh: '银行日期晚于账本的当前日期。',
    en: 'The bank’s day is later than the day of the ledger.',
  },
  bank_reference_missing: {
    level: 'L2',
    zh: '付款须附银行流水号。',
    en: 'A payment needs the bank’s reference.',
  },
} as const satisfies Record<string, RefusalText>;

export type SettlementRefusal = keyof typeof settlementRefusals;
