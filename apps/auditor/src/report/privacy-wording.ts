import type { CampaignPrivacy, CrowdSizes, NeighbourView, PrivacySummary, SingledOut } from '@aidtrail/verification';
import { count, counted, type Words } from './wording.js';

export const privacyTitle: Words = {
  zh: '隐私：邻居从公开条目中能看出什么',
  en: 'Privacy: what a neighbour learns from the published entries',
};

/** What somebody knows of the purchase, and what of it tells the views apart. */
export const views: readonly (readonly [keyof PrivacySummary & `by${string}`, Words, Words])[] = [
  ['byAmount', { zh: '日期、金额', en: 'day and amount' }, { zh: '金额', en: 'amount' }],
  ['byCounty', { zh: '日期、金额、区县', en: 'day, amount and county' }, { zh: '区县', en: 'county' }],
  ['byTill', { zh: '日期、金额、收银终端', en: 'day, amount and till' }, { zh: '收银终端', en: 'till' }],
];

export const crowdWords: readonly (readonly [keyof CrowdSizes, string])[] = [
  ['one', '1'],
  ['twoToFour', '2–4'],
  ['fiveToNine', '5–9'],
  ['tenOrMore', '≥ 10'],
];

/** What was played, and on what it rests. */
export function privacyIntroduction({ redemptions, vouchers }: PrivacySummary): readonly Words[] {
  if (redemptions === 0)
    return [{ zh: '还没有核销可供查找。', en: 'There are no redemptions yet that anybody could look for.' }];
  return [
    {
      zh: `有人看到了一次购物，再到公开条目里查找：条目载明日期、金额、赈济券编号和收银终端的密钥，不含姓名、门店和商品。${count(vouchers)} 张券共有 ${count(redemptions)} 笔核销。`,
      en: `Somebody who saw one purchase looks for it: entries show its day, amount, voucher and the key of the till, and no person, shop or goods. There are ${counted(redemptions, 'redemption')} of ${counted(vouchers, 'voucher')}.`,
    },
    {
      zh: '只与一张券相符的核销，就把那张券辨认了出来。另一张券当天有看起来一样的核销，两者便互相掩护；同一张券的不算。',
      en: 'A redemption that fits one voucher alone singles that voucher out. What hides it is another voucher with a redemption that looks the same on that day; its own do not.',
    },
  ];
}

/** Redemptions and vouchers that a view singles out, with their shares. */
export function singledOutOf(
  { redemptions, vouchers }: PrivacySummary,
  { crowds, singledOut }: NeighbourView,
): { readonly redemptions: string; readonly vouchers: string } {
  return {
    redemptions: `${count(crowds.one)} (${percent(crowds.one, redemptions)})`,
    vouchers: `${count(singledOut.vouchers)} (${percent(singledOut.vouchers, vouchers)})`,
  };
}

/** What else it tells, sentence by sentence; nothing where there is nothing to look for. */
export function privacyMeaning(summary: PrivacySummary): readonly Words[] {
  if (summary.redemptions === 0) return [];
  return [revealed(summary.byTill.singledOut), tillWords(summary), LIMITS];
}

function revealed(found: SingledOut): Words {
  const { vouchers, otherRedemptions, withOtherRedemptions, onSeveralDays, mostRedemptions, helped, withMoneyLeft } =
    found;
  return {
    zh: `一旦辨认出一张券，它的其他条目也就可读：活动与区县、所在批次与号码、面额与余额、领取方式，以及其余每一笔核销的日期、金额与收银终端。按日期、金额与收银终端辨认出的 ${count(vouchers)} 张中：${count(withOtherRedemptions)} 张另有核销（共 ${count(otherRedemptions)} 笔，一张最多 ${count(mostRedemptions)} 笔），${count(onSeveralDays)} 张跨了多天，${count(helped)} 张由他人协助领取或核销，${count(withMoneyLeft)} 张还有余额。`,
    en: `Whoever finds a voucher can read its other entries: campaign and county, batch and number in it, worth and balance, how it was claimed, and day, amount and till of every other redemption. Of ${counted(vouchers, 'voucher')} found by day, amount and till: ${count(withOtherRedemptions)} with other redemptions (${count(otherRedemptions)} in all; a voucher has at most ${counted(mostRedemptions, 'redemption')}), ${count(onSeveralDays)} used on several days, ${count(helped)} claimed or used with help, ${count(withMoneyLeft)} with money left.`,
  };
}

function tillWords({
  tills: { tills, fittingOneSettlement, namedMerchant, redemptionsAtNamed },
}: PrivacySummary): Words {
  return {
    zh: `收银终端的密钥在它的每一笔核销里都相同，在那里买过东西的人从凭证上就能认出。共 ${count(tills)} 个：其中 ${count(fittingOneSettlement)} 个在某一结算周期的合计只与一笔商户结算相符，${count(namedMerchant)} 个由此可知商户名称，涉及 ${count(redemptionsAtNamed)} 笔核销。`,
    en: `A till has the same key in all its redemptions, and whoever bought there finds it on the receipt. Of ${counted(tills, 'till')}, ${count(fittingOneSettlement)} can be matched with one settlement by the sums of a window; for ${count(namedMerchant)} that tells the merchant’s name, with ${counted(redemptionsAtNamed, 'redemption')}.`,
  };
}

const LIMITS: Words = {
  zh: '这些不是问题：都出自供人核对而公开的内容，而且条目不含受助人的身份。这里数的是券，不是家庭。一直盯着日志增长的人还知道公布时段，掩护会更少。',
  en: 'None of this is a finding: it follows from what is published so that it can be checked, and entries do not tell who a household is. Vouchers are counted, not households. Somebody who watches the log as it grows knows the slot as well, and then less hides a purchase.',
};

/** Campaigns that are told one by one to people; `--json` has all of them. */
const MOST_CAMPAIGNS = 20;

/** Those with the most vouchers singled out first. */
export function campaignsToTell({
  campaigns,
}: PrivacySummary): readonly (CampaignPrivacy & { readonly called: string })[] {
  return [...campaigns]
    .sort((a, b) => b.byTill - a.byTill)
    .slice(0, MOST_CAMPAIGNS)
    .map((one) => ({ ...one, called: `${one.name === '' ? one.campaign : one.name} (${one.county})` }));
}

export const notCounted: Words = {
  zh: '没有计数：规则没有检查到最后一个条目。',
  en: 'Not counted: the rules were not looked at to the last entry.',
};

function percent(part: number, whole: number): string {
  return whole === 0 ? '—' : `${((100 * part) / whole).toFixed(1)} %`;
}
