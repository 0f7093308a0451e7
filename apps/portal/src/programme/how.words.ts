import { DIMENSIONS, FIGURE_DEFINITIONS, FIGURE_KEYS, type Dimension, type FigureKey } from '@aidtrail/figures';
import { inBoth } from '../language/words.js';

type Ways = Readonly<Record<FigureKey, string>>;
type TableWays = Readonly<Record<Dimension, string>>;

const zh: Ways = {
  receivedMinor: '全部 IntakeReceived 的 grossMinor 之和：所有捐赠，含管理费。',
  freeMinor: '各资金池坐标上，没有拨付、没有投入批次、没有预留、没有退还、也没有支出的金额。',
  inTransitMinor: 'TransferSent 尚未 TransferReceived 的拨付，加上尚未 FeeReceived 的管理费。',
  committedMinor: 'BatchFunded 之和，减去已核销、待商户退回和已收回的：在券上，或收回在途。',
  redeemedMinor: 'VoucherRedeemed 减 RedemptionReversed。',
  recoverableMinor: '冲正为待退回（recoverable）的 RedemptionReversed 减 FundsRecovered：商户欠的。',
  refundReservedMinor: 'RefundReserved 中既未释放也未退还的。',
  refundedMinor: '已退还给捐赠人的金额。',
  spentOnAdministrationMinor: '全部 AdministrationSpent 之和。',
  feeMinor: '全部 IntakeReceived 的 feeMinor 之和，即管理费。',
  donationCount: '全部 IntakeReceived 的 count 之和。',
  fundedMinor: '全部 BatchFunded 之和。',
  issuedMinor: '全部 VoucherIssued 的面值之和。',
  issuedCount: 'VoucherIssued 的条数。',
  claimedCount: '至少领取过一次的券：惠及的家庭数。',
  assistedClaimCount: '领取方式为协助（assisted）或代领（proxy）的 VoucherClaimed。',
  redemptionCount: 'VoucherRedeemed 的条数。',
  assistedRedemptionCount: '由工作人员代为同意的 VoucherRedeemed。',
  grossRedeemedMinor: '全部 VoucherRedeemed 之和，未减冲正。',
  reversedCount: 'RedemptionReversed 的条数。',
  reversedMinor: '全部 RedemptionReversed 之和。',
  endedCount: 'VoucherExpired 与 VoucherCancelled 的条数。',
  returnedMinor: 'FundsReturned 与 FundsRecovered 之和：从批次回到资金池。',
  paidMinor: '全部 SettlementPaid 的 netMinor 减 PaymentReturned。',
  heldSettlementCount: '当前处于暂缓状态的结算。',
  disputedSettlementCount: '当前有争议的结算。',
  returnedPaymentCount: 'PaymentReturned 的条数。',
  suspendedMerchantCount: '当前被暂停的商户。',
  revokedKeyCount: 'KeyRevoked 的条数。',
  correctionCount: 'CorrectionPublished 的条数。',
  erasureCount: '个人资料删除名单的条数；名单在账本之外，不公开。',
};

const tablesZh: TableWays = {
  campaign: '每张券属于一个批次，批次属于一个行动；按行动累加 VoucherRedeemed 的金额和笔数，以及首次 VoucherClaimed。',
  phase: '同上，按行动在 CampaignOpened 里公布的阶段合并。',
  county: '同上，按行动在 CampaignOpened 里公布的行政区划合并；不是按家庭住址。',
  month: '每月最后一次公布的总数之差；没有公布的变化记在后来的月份。',
  category: '购物明细里的商品类别，属于私密字段，公开日志里只有摘要。',
  merchant: '核销的商户，属于私密字段，公开日志里只有摘要。',
};

const tablesEn: TableWays = {
  campaign:
    'A voucher belongs to a batch and the batch to a campaign: amounts and counts of VoucherRedeemed, and first VoucherClaimed, by campaign.',
  phase: 'The same, by the phase that CampaignOpened names.',
  county: 'The same, by the division that CampaignOpened names; nobody’s address has a part in it.',
  month:
    'What the total grew by between the last publication of one month and of the next: what was held back counts later.',
  category: 'Goods categories of the basket lines. They are private fields: the public log has their digests only.',
  merchant: 'Merchants of redemptions. They are private fields: the public log has their digests only.',
};

const en = Object.fromEntries(FIGURE_KEYS.map((key) => [key, FIGURE_DEFINITIONS[key].how])) as Ways;

/** How each figure is computed: in English the definitions themselves, which name events and fields of the log. */
export const howWords = inBoth(
  {
    ask: (level: string) => `${level} · 怎么算`,
    of: (level: string, name: string) => `${level} · 怎么算：${name}`,
    totals: zh,
    tables: tablesZh,
    settlements: '每笔结算的最新状态；合计不足规定核销笔数的状态不显示。净额是应付商户的金额。',
    ageing: '已编制而未付的结算，从截止日算到公布日的天数。',
    privacy:
      '假设有人看见一次购物，知道哪一天、多少钱：在公开日志里，有多少笔核销会因此只剩一张券相符。只算已经结束的日子。',
    derived: '由下面各项相加。',
    L1: 'L1：任何人都能由公开日志重算。',
    L2: 'L2：要用私密字段核对，由持有披露信息的审计人员重算。',
    asOf: (size: string) => `准确到日志前 ${size} 条记录。`,
    heldBack: (size: string) => `截至日志前 ${size} 条；之后的变动涉及的券太少，暂不公布`,
    released: (k: number) => `凡来自赈济券的数，攒满 ${k} 张不同的券才一起公布，所以可能略早。`,
    audit: '重算：npx aidtrail audit',
  },
  {
    ask: (level: string) => `${level} · how`,
    of: (level: string, name: string) => `${level} · how: ${name}`,
    totals: en,
    tables: tablesEn,
    settlements:
      'The newest state of each settlement; a state that covers too few redemptions has no numbers. Net is what the merchants are owed.',
    ageing: 'Settlements that are prepared and not paid: days from their cut-off to the day of publication.',
    privacy:
      'If somebody saw one purchase and knows its day and its amount: for how many redemptions does the public log then leave one voucher that fits? Days that have ended are counted.',
    derived: 'The sum of the parts below.',
    L1: 'L1: anybody can compute it from the public log.',
    L2: 'L2: it needs private fields; an auditor who holds the disclosures computes it.',
    asOf: (size: string) => `Exact for the first ${size} entries of the log.`,
    heldBack: (size: string) => `As of the first ${size} entries; what followed is of too few vouchers to be told`,
    released: (k: number) =>
      `What comes from vouchers is published once ${k} different vouchers stand behind it, so it may be a little older.`,
    audit: 'Compute it again: npx aidtrail audit',
  },
);

/** Untrusted: the key or dimension. */
export function knownTotal(key: string): FigureKey | undefined {
  return FIGURE_KEYS.find((known) => known === key);
}

export function knownDimension(dimension: string): Dimension | undefined {
  return DIMENSIONS.find((known) => known === dimension);
}
