import type { ConservationCode } from '@aidtrail/domain';
import { defineFindings, type FindingText } from '../findings/finding-text.js';

/** What the sweep over the lines of fen finds, by the sweep's own codes. */
const lineFindings = defineFindings({
  line_unknown: {
    level: 'L1',
    zh: '事件涉及的资金池或批次不存在。',
    en: 'The event moves money of a fund or batch that does not exist.',
  },
  line_gap: {
    level: 'L1',
    zh: '到账资金的坐标没有接在资金线末尾，中间留有空缺。',
    en: 'Money that arrives does not begin at the end of the line: addresses are left out.',
  },
  line_overlap: {
    level: 'L1',
    zh: '到账资金的坐标与已使用的坐标重叠。',
    en: 'Money that arrives takes addresses that are in use already.',
  },
  wrong_state: {
    level: 'L1',
    zh: '有若干分所处的状态与该事件所说的不同。',
    en: 'Some fen are in another state than the one from which the event moves them.',
  },
  amount_differs: {
    level: 'L1',
    zh: '事件的金额与其资金坐标的长度不符。',
    en: 'The amount of the event is not that of its segments.',
  },
  voucher_unknown: {
    level: 'L1',
    zh: '事件涉及一张从未发放的赈济券。',
    en: 'The event moves money of a voucher that was never issued.',
  },
  outside_voucher: {
    level: 'L1',
    zh: '事件动用了不属于该赈济券的资金坐标。',
    en: 'The event moves fen that are not those of its voucher.',
  },
  fee_not_due: {
    level: 'L1',
    zh: '到账的管理费与入账时分出的不一致，或已经到账。',
    en: 'The management fee that arrives was not split off by an intake, or has arrived before.',
  },
  refund_unknown: {
    level: 'L1',
    zh: '退还或释放了没有预留的退款。',
    en: 'A refund is paid or released that nothing was reserved for.',
  },
  closed_with_money: {
    level: 'L1',
    zh: '资金池关闭时仍有可用、在途、已承诺或应收回的资金。',
    en: 'A fund is closed while money of it is free, in transit, committed or recoverable.',
  },
}) satisfies Record<ConservationCode, FindingText>;

/** What can be wrong with the money: addresses of fen, windows, settlements, the trial balance. */
export const moneyFindings = defineFindings({
  ...lineFindings,
  states_do_not_sum: {
    level: 'L1',
    zh: '各状态的金额之和不等于入账总额。',
    en: 'What is in each state does not sum to the intake.',
  },
  books_differ: {
    level: 'L1',
    zh: '账户余额与资金坐标上的金额不一致。',
    en: 'The balance of an account is not what the lines of fen say.',
  },
  batch_over_issued: {
    level: 'L1',
    zh: '已发放的金额超过该批次获得的资金。',
    en: 'More was issued than the batch was funded with.',
  },
  batch_does_not_add_up: {
    level: 'L1',
    zh: '批次的发放额不等于未用、核销、过期、取消与冲正之和。',
    en: 'What a batch issued is not what is outstanding, redeemed, expired, cancelled and reversed.',
  },
  window_gap: {
    level: 'L1',
    zh: '结算区间没有首尾相接，存在空缺或重叠。',
    en: 'The windows do not follow each other without a gap or an overlap.',
  },
  window_beyond_tree: {
    level: 'L1',
    zh: '结算区间或封账位置超出了当时已有的条目。',
    en: 'A window, or a closed month, ends beyond the leaves that were there.',
  },
  window_sum_differs: {
    level: 'L1',
    zh: '区间内各商户结算之和不等于核销减冲正。',
    en: 'The settlements of a window do not sum to its redemptions and reversals.',
  },
  settlement_counted_twice: {
    level: 'L1',
    zh: '同一结算被提出两次。',
    en: 'The same settlement is proposed twice.',
  },
  settlement_differs: {
    level: 'L1',
    zh: '结算的金额与先前的步骤不一致。',
    en: 'A settlement says other figures than at its step before.',
  },
  settlement_arithmetic: {
    level: 'L1',
    zh: '结算的净额、结转或追回计算有误。',
    en: 'Net, carried or recovered amounts of a settlement do not follow from its figures.',
  },
  settlement_paid_twice: {
    level: 'L1',
    zh: '同一结算重复付款，或未经付款指令付款。',
    en: 'A settlement is paid twice, or without having been instructed.',
  },
  bank_account_unknown: {
    level: 'L2',
    zh: '付款的银行账户不是任何商户登记的账户。',
    en: 'A payment goes to a bank account that no merchant has given.',
  },
  balance_taken_twice: {
    level: 'L1',
    zh: '后续结算承接的欠款、暂扣或应收回余额超过先前结转的总额。',
    en: 'Settlements took over more debt, withheld or recoverable money than earlier ones passed on.',
  },
  balance_differs: {
    level: 'L2',
    zh: '结算承接的余额与该商户上一结算的不一致。',
    en: 'What a settlement takes over is not what the merchant’s settlement before it passed on.',
  },
  period_changed: {
    level: 'L1',
    zh: '已封账的月份再次封账或仍有资金变动。',
    en: 'A closed month is closed again, or money moves in it.',
  },
});

export type MoneyFindingCode = keyof typeof moneyFindings;
