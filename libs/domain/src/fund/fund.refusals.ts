import type { RefusalText } from '../kernel/concept.js';
import { officerMissing, secondOfficerMissing } from '../kernel/signers.js';

/** Why a fund says no, in order of precedence: what exists, what it is for, who asks, how much there is. */
export const fundRefusals = {
  fund_exists: { level: 'L1', zh: '该资金池已经开立。', en: 'This fund is open already.' },
  fund_unknown: { level: 'L1', zh: '没有这个资金池。', en: 'There is no such fund.' },
  fund_closed: { level: 'L1', zh: '资金池已关闭。', en: 'The fund is closed.' },
  officer_missing: officerMissing,
  second_officer_missing: secondOfficerMissing,
  administration_has_no_fee: {
    level: 'L1',
    zh: '管理费资金池本身不收管理费，也不再指定管理费资金池。',
    en: 'An administration fund charges no fee and names no administration fund.',
  },
  programme_missing: {
    level: 'L1',
    zh: '活动专用资金池必须属于一个项目。',
    en: 'A campaign fund must belong to a programme.',
  },
  programme_not_open: { level: 'L1', zh: '项目不存在或已结束。', en: 'The programme does not exist or is closed.' },
  fee_too_high: {
    level: 'L1',
    zh: '管理费不能达到捐赠的全部。',
    en: 'The fee may not take all of a gift.',
  },
  administration_fund_missing: {
    level: 'L1',
    zh: '收取管理费时必须指定管理费资金池。',
    en: 'A fund with a fee must name the administration fund.',
  },
  not_an_administration_fund: {
    level: 'L1',
    zh: '所指定的不是开放的管理费资金池。',
    en: 'The fund named for fees is not an open administration fund.',
  },
  administration_takes_fees_only: {
    level: 'L1',
    zh: '管理费资金池只能由捐赠入账时提取的管理费形成。',
    en: 'An administration fund takes nothing but the fees of intakes.',
  },
  same_fund: { level: 'L1', zh: '不能拨付给自己。', en: 'A fund cannot send to itself.' },
  target_unknown: { level: 'L1', zh: '收款资金池不存在。', en: 'The receiving fund does not exist.' },
  target_is_administration: {
    level: 'L1',
    zh: '任何拨付都不得进入管理费资金池。',
    en: 'No transfer goes into administration.',
  },
  target_closed: { level: 'L1', zh: '收款资金池已关闭。', en: 'The receiving fund is closed.' },
  administration_stays: {
    level: 'L1',
    zh: '管理费资金池的资金只能用于管理支出。',
    en: 'Money of the administration fund can only be spent on administration.',
  },
  not_administration: { level: 'L1', zh: '这不是管理费资金池。', en: 'This is not an administration fund.' },
  campaign_unknown: { level: 'L1', zh: '没有这个活动。', en: 'There is no such campaign.' },
  earmarked: {
    level: 'L1',
    zh: '该资金有限定用途，不能用于此处。',
    en: 'The money is earmarked for something else.',
  },
  line_full: { level: 'L1', zh: '金额超出资金坐标的上限。', en: 'The fund’s line has no room for this amount.' },
  segments_not_normal: {
    level: 'L1',
    zh: '资金坐标必须有序、不重叠并已合并。',
    en: 'The segments must be in order, disjoint and merged.',
  },
  refund_exists: {
    level: 'L1',
    zh: '该退款编号已在此资金池预留。',
    en: 'This fund holds a reservation under this refund already.',
  },
  donation_unknown: { level: 'L2', zh: '没有这笔捐赠。', en: 'There is no such donation.' },
  not_of_this_donation: {
    level: 'L2',
    zh: '所指资金坐标不属于这笔捐赠。',
    en: 'The segments are not those of this donation.',
  },
  not_free: { level: 'L1', zh: '所指资金不是可用状态。', en: 'Some of the segments are not free.' },
  reservation_unknown: { level: 'L1', zh: '没有这笔退款预留。', en: 'There is no such reservation.' },
  already_refunded: { level: 'L2', zh: '该预留款项已经退还捐赠人。', en: 'The donor has been paid out of it already.' },
  refund_not_withdrawn: {
    level: 'L2',
    zh: '预留后尚未撤回退款，预留款项仍可能退还捐赠人。',
    en: 'The donation has not withdrawn its refunds since this was reserved: it may still be paid.',
  },
  insufficient_funds: { level: 'L1', zh: '可用资金不足。', en: 'There is not enough free money.' },
  more_than_committed: {
    level: 'L1',
    zh: '收回金额超过该批次在此资金池的余额。',
    en: 'More comes back than the batch holds of this fund.',
  },
  amounts_differ: { level: 'L1', zh: '金额与资金坐标不符。', en: 'The amount is not that of the segments.' },
  fund_not_empty: { level: 'L1', zh: '资金池仍有可用资金。', en: 'The fund still has free money.' },
  refund_pending: { level: 'L2', zh: '仍有未完成的退款。', en: 'A refund is still under way.' },
  transfer_in_transit: {
    level: 'L1',
    zh: '仍有在途拨付。',
    en: 'A transfer of this fund has not been received yet.',
  },
  vouchers_outstanding: {
    level: 'L1',
    zh: '由此资金池出资的赈济券可能仍可使用。',
    en: 'Vouchers paid by this fund may still be spent.',
  },
} as const satisfies Record<string, RefusalText>;

export type FundRefusal = keyof typeof fundRefusals;
