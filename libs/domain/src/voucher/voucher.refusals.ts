import type { RefusalText } from '../kernel/concept.js';
import { officerMissing } from '../kernel/signers.js';

/**
 * Why a voucher says no, in order of precedence: does it exist, is it alive, may these parties act here, did the holder
 * consent, is the amount in order, are the goods allowed, is there enough on it. What the first codes tell is public in
 * the log; a till is told of balances and goods only when the holder stands at it. A redemption of another merchant is
 * "unknown" to a till, so that ids cannot be tried out.
 */
export const voucherRefusals = {
  voucher_unknown: { level: 'L1', zh: '没有这张赈济券。', en: 'There is no such voucher.' },
  voucher_cancelled: { level: 'L1', zh: '赈济券已被取消。', en: 'The voucher was cancelled.' },
  voucher_expired: { level: 'L1', zh: '赈济券已过期。', en: 'The last day of the voucher has passed.' },
  voucher_not_over: { level: 'L1', zh: '赈济券尚未到期。', en: 'The last day of the voucher has not passed yet.' },
  already_claimed: { level: 'L1', zh: '赈济券已被领取。', en: 'The voucher has been claimed.' },
  voucher_not_claimed: { level: 'L1', zh: '赈济券尚未领取。', en: 'The voucher has not been claimed.' },
  voucher_not_yet_valid: {
    level: 'L1',
    zh: '赈济券尚未到可用日期。',
    en: 'The first day of the voucher has not come yet.',
  },
  out_of_scope: {
    level: 'L2',
    zh: '签名密钥不适用于此活动。',
    en: 'A signing key may not act for this campaign.',
  },
  officer_missing: officerMissing,
  worker_required: {
    level: 'L1',
    zh: '协助领取须由工作人员签名。',
    en: 'An assisted claim must be signed by a field worker.',
  },
  proxy_reference_missing: {
    level: 'L2',
    zh: '代领须附代领登记编号。',
    en: 'A claim by proxy needs the reference of the proxy’s registration.',
  },
  holder_proof_missing: {
    level: 'L1',
    zh: '缺少新持券密钥的签名。',
    en: 'The new holder key has not signed.',
  },
  holder_key_used: {
    level: 'L1',
    zh: '该持券密钥已作废，不能再用。',
    en: 'This holder key was killed by a reissue.',
  },
  holder_key_enrolled: {
    level: 'L1',
    zh: '该持券密钥是已登记的工作密钥，请为此券另建密钥。',
    en: 'The holder key is, or was, the key of somebody who acts in the ledger. Make one for this voucher alone.',
  },
  redemption_unknown: {
    level: 'L2',
    zh: '没有这笔可由你冲正的核销。',
    en: 'There is no such redemption that you could reverse.',
  },
  redemption_erased: {
    level: 'L2',
    zh: '该户信息已删除，无法得知商户，不能冲正。',
    en: 'The household was erased, so nobody can tell whose redemption to reverse.',
  },
  till_not_of_store: {
    level: 'L2',
    zh: '收银终端不属于该商户门店。',
    en: 'The till is not enrolled for this merchant and store.',
  },
  merchant_not_approved: {
    level: 'L2',
    zh: '商户未获批准或已被暂停。',
    en: 'The merchant is not approved, or suspended.',
  },
  store_not_open: { level: 'L2', zh: '门店未开放核销。', en: 'The store is not open for vouchers.' },
  assisted_not_allowed: {
    level: 'L1',
    zh: '该活动不允许协助核销。',
    en: 'The campaign does not allow assisted redemption.',
  },
  consent_missing: {
    level: 'L1',
    zh: '缺少持券人（或协助工作人员）的签名。',
    en: 'The holder, or the assisting field worker, has not signed.',
  },
  amount_above_limit: {
    level: 'L1',
    zh: '超过单次核销限额。',
    en: 'The amount is above the limit for one redemption.',
  },
  policy_missing: {
    level: 'L1',
    zh: '项目尚未公布可购商品规则。',
    en: 'The programme has published no goods policy.',
  },
  amount_exceeds_basket: {
    level: 'L2',
    zh: '核销金额超过购物清单总额。',
    en: 'The amount is more than the basket costs.',
  },
  goods_denied: {
    level: 'L2',
    zh: '购物清单含有不可用券购买的商品。',
    en: 'The basket’s allowed goods do not reach the amount.',
  },
  insufficient_balance: { level: 'L1', zh: '赈济券余额不足。', en: 'There is not enough left on the voucher.' },
  reversal_exceeds_redemption: {
    level: 'L1',
    zh: '冲正金额超过该笔核销的剩余金额。',
    en: 'More would be reversed than is left of the redemption.',
  },
  too_fragmented: {
    level: 'L1',
    zh: '赈济券资金坐标过于零碎，无法再冲正到券内。',
    en: 'The voucher’s fen lie in too many pieces to take back another one.',
  },
} as const satisfies Record<string, RefusalText>;

export type VoucherRefusal = keyof typeof voucherRefusals;
