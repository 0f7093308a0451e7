import type { VoucherEvent } from '@aidtrail/domain';
import { idOf } from '../projector/load.js';
import { windowOf, type Work } from '../projector/work.js';
import { ERASED, ERASED_GROUP } from '../tables/voucher-tables.js';
import { weekOf } from '../trace/weeks.js';
import { goodsOf } from './goods.js';
import { privateText, type Projected, type Projections } from './projection.js';
import { reverseRedemption } from './reversal-projection.js';
import { campaignOfBatch, count, unspentState, type VoucherRow } from './voucher-sums.js';

type Of<K extends VoucherEvent['type']> = Projected<Extract<VoucherEvent, { readonly type: K }>>;

export const voucherProjections: Projections<VoucherEvent> = {
  VoucherIssued: issue,

  VoucherClaimed({ data, day, stream }, work) {
    const voucher = work.vouchers.getOrThrow(idOf(stream));
    const campaignDay = work.campaignDays.at(campaignOfBatch(work, voucher.batch), day);
    campaignDay.claimed_count += 1;
    if (data.channel !== 'self') campaignDay.assisted_claim_count += 1;
    const unspent = voucher.unspent_minor;
    count(work, voucher, 'unclaimed', -unspent);
    count(work, voucher, 'held', unspent);
    voucher.status = 'claimed';
    voucher.claim_channel = data.channel;
    const batch = work.batches.getOrThrow(voucher.batch);
    batch.claimed_count += 1;
    if (voucher.claimed_day === null) {
      voucher.claimed_day = day;
      campaignDay.household_count += 1;
    }
    work.vouchers.put(voucher);
    work.batches.put(batch);
  },

  VoucherRedeemed: redeem,
  RedemptionReversed: reverseRedemption,

  VoucherExpired({ data, day, stream }, work) {
    const voucher = work.vouchers.getOrThrow(idOf(stream));
    const campaignDay = work.campaignDays.at(campaignOfBatch(work, voucher.batch), day);
    campaignDay.expired_count += 1;
    campaignDay.expired_minor += data.amountMinor;
    end(work, voucher, { status: 'expired', day });
  },

  VoucherCancelled({ data, day, stream }, work) {
    const voucher = work.vouchers.getOrThrow(idOf(stream));
    const campaignDay = work.campaignDays.at(campaignOfBatch(work, voucher.batch), day);
    campaignDay.cancelled_count += 1;
    campaignDay.cancelled_minor += data.amountMinor;
    end(work, voucher, { status: 'cancelled', day });
  },

  VoucherReissued({ day, stream }, work) {
    const voucher = work.vouchers.getOrThrow(idOf(stream));
    work.campaignDays.at(campaignOfBatch(work, voucher.batch), day).reissued_count += 1;
    const unspent = voucher.unspent_minor;
    count(work, voucher, unspentState(voucher), -unspent);
    count(work, voucher, 'unclaimed', unspent);
    const batch = work.batches.getOrThrow(voucher.batch);
    if (voucher.status === 'claimed') batch.claimed_count -= 1;
    work.batches.put(batch);
    voucher.status = 'issued';
    voucher.claim_channel = null;
    voucher.reissues += 1;
    work.vouchers.put(voucher);
  },
};

function issue(event: Of<'VoucherIssued'>, work: Work): void {
  const { data, day, stream } = event;
  const face = data.interval[1];
  const voucher: VoucherRow = {
    voucher: idOf(stream),
    batch: data.batch,
    number: data.number,
    target_group: privateText(event, 'group') ?? ERASED_GROUP,
    face_minor: face,
    status: 'issued',
    unspent_minor: 0,
    redeemed_minor: 0,
    given_back_minor: 0,
    owed_minor: 0,
    reissues: 0,
    claim_channel: null,
    issued_day: day,
    claimed_day: null,
    ended_day: null,
  };
  count(work, voucher, 'unclaimed', face);
  work.sums.add(data.batch, data.number, { measure: 'issued' }, 1);
  work.sums.add(data.batch, data.number, { measure: 'group', item: voucher.target_group }, 1);
  const batch = work.batches.getOrThrow(data.batch);
  batch.issued_count += 1;
  const campaignDay = work.campaignDays.at(batch.campaign, day);
  campaignDay.issued_count += 1;
  campaignDay.issued_minor += face;
}

function redeem(event: Of<'VoucherRedeemed'>, work: Work): void {
  const { data, day, id, position, stream } = event;
  const voucher = work.vouchers.getOrThrow(idOf(stream));
  const merchant = privateText(event, 'merchant') ?? ERASED;
  const store = privateText(event, 'store') ?? ERASED;
  const cutoff = windowOf(work, position);
  const goods = goodsOf(data.amountMinor, event.private);
  count(work, voucher, unspentState(voucher), -data.amountMinor);
  count(work, voucher, 'redeemed', data.amountMinor, { item: merchant, cutoff });
  for (const [item, amount] of goods ?? [['', data.amountMinor] as const])
    work.sums.add(voucher.batch, voucher.number, { measure: 'goods', item, cutoff: weekOf(day) }, amount);
  work.redemptions.put({
    redemption: id,
    position,
    batch: voucher.batch,
    number: voucher.number,
    merchant,
    store,
    funding_mode: data.fundingMode,
    consent: data.consent,
    amount_minor: data.amountMinor,
    reversed_minor: 0,
    segments: data.segments,
    goods: goods ?? null,
    reversed: null,
    day,
    time: privateText(event, 'time') ?? null,
  });
  const campaignDay = work.campaignDays.at(campaignOfBatch(work, voucher.batch), day);
  campaignDay.redeemed_count += 1;
  campaignDay.redeemed_minor += data.amountMinor;
  if (data.consent === 'assisted') campaignDay.assisted_redemption_count += 1;
  const merchantDay = work.merchantDays.at(merchant, store, day);
  merchantDay.redeemed_count += 1;
  merchantDay.redeemed_minor += data.amountMinor;
  const window = work.merchantWindows.at(merchant, cutoff, data.fundingMode);
  window.redeemed_count += 1;
  window.gross_minor += data.amountMinor;
}

/** What is unspent counts as given back; `FundsReturned` then moves it to new addresses. */
function end(
  work: Work,
  voucher: VoucherRow,
  how: { readonly status: 'expired' | 'cancelled'; readonly day: string },
): void {
  const unspent = voucher.unspent_minor;
  count(work, voucher, unspentState(voucher), -unspent);
  count(work, voucher, 'given_back', unspent);
  voucher.status = how.status;
  voucher.ended_day = how.day;
  work.vouchers.put(voucher);
  const batch = work.batches.getOrThrow(voucher.batch);
  batch.ended_count += 1;
  work.batches.put(batch);
}
