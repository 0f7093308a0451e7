import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { VoucherCommand } from './voucher.commands.js';
import type { VoucherEvent } from './voucher.events.js';

/** Voucher 3 of a batch of 100-yuan vouchers. */
const exampleVoucher = exampleUuid(0x301);
export const exampleHolderKey = exampleBase64(0x31);
export const exampleMerchant = exampleUuid(0x118);
export const exampleStore = exampleUuid(0x119);
const batch = exampleUuid(0x112);
const campaign = exampleUuid(0x111);
const fund = exampleUuid(0x102);
const redemption = exampleUuid(0x302);

type EventData<K extends VoucherEvent['type']> = Partial<OfType<VoucherEvent, K>['data']>;
type CommandData<K extends VoucherCommand['type']> = Partial<OfType<VoucherCommand, K>['data']>;
type CommandPrivate<K extends VoucherCommand['type']> = Partial<
  Extract<VoucherCommand, { type: K; private: unknown }>['private']
>;

const issued = { batch, campaign, fund, number: 3, commitment: exampleBase64(4) };
const household = { group: 'flood-2026', community: '幸福里社区', partner: exampleUuid(0x11a) };

export const voucherEventExamples = {
  VoucherIssued: (data: EventData<'VoucherIssued'> = {}): OfType<VoucherEvent, 'VoucherIssued'> => ({
    type: 'VoucherIssued',
    data: { ...issued, interval: [30_000, 10_000], ...data },
    private: household,
  }),
  VoucherClaimed: (data: EventData<'VoucherClaimed'> = {}): OfType<VoucherEvent, 'VoucherClaimed'> => ({
    type: 'VoucherClaimed',
    data: { holder: exampleHolderKey, channel: 'self', ...data },
    private: { time: '2026-11-02T01:02:03Z' },
  }),
  VoucherRedeemed: (data: EventData<'VoucherRedeemed'> = {}): OfType<VoucherEvent, 'VoucherRedeemed'> => ({
    type: 'VoucherRedeemed',
    data: {
      campaign,
      amountMinor: 2_500,
      segments: [[30_000, 2_500]],
      consent: 'holder',
      fundingMode: 'merchant-funded',
      ...data,
    },
    private: {
      merchant: exampleMerchant,
      store: exampleStore,
      policyVersion: 2,
      verdicts: [{ line: 0, verdict: 'allowed', rule: 'rice' }],
    },
  }),
  RedemptionReversed: (data: EventData<'RedemptionReversed'> = {}): OfType<VoucherEvent, 'RedemptionReversed'> => ({
    type: 'RedemptionReversed',
    data: {
      redemption,
      batch,
      fund,
      amountMinor: 500,
      segments: [[32_000, 500]],
      to: 'voucher',
      reason: 'goods-returned',
      fundingMode: 'merchant-funded',
      ...data,
    },
    private: { merchant: exampleMerchant },
  }),
  VoucherExpired: (data: EventData<'VoucherExpired'> = {}): OfType<VoucherEvent, 'VoucherExpired'> => ({
    type: 'VoucherExpired',
    data: { batch, fund, amountMinor: 7_500, segments: [[32_500, 7_500]], ...data },
  }),
  VoucherCancelled: (data: EventData<'VoucherCancelled'> = {}): OfType<VoucherEvent, 'VoucherCancelled'> => ({
    type: 'VoucherCancelled',
    data: {
      batch,
      fund,
      amountMinor: 10_000,
      segments: [[30_000, 10_000]],
      reason: 'moved-away',
      officer: 'programme-zhao',
      ...data,
    },
  }),
  VoucherReissued: (data: EventData<'VoucherReissued'> = {}): OfType<VoucherEvent, 'VoucherReissued'> => ({
    type: 'VoucherReissued',
    data: { reason: 'phone-lost', formerHolder: exampleHolderKey, ...data },
  }),
};

export const voucherCommandExamples = {
  ClaimVoucher: (
    data: CommandData<'ClaimVoucher'> = {},
    disclosed: CommandPrivate<'ClaimVoucher'> = {},
  ): OfType<VoucherCommand, 'ClaimVoucher'> => ({
    type: 'ClaimVoucher',
    id: exampleUuid(0x311),
    data: { voucher: exampleVoucher, holder: exampleHolderKey, channel: 'self', ...data },
    private: { time: '2026-11-02T01:02:03Z', ...disclosed },
  }),
  RedeemVoucher: (
    data: CommandData<'RedeemVoucher'> = {},
    disclosed: CommandPrivate<'RedeemVoucher'> = {},
  ): OfType<VoucherCommand, 'RedeemVoucher'> => ({
    type: 'RedeemVoucher',
    id: exampleUuid(0x312),
    data: { voucher: exampleVoucher, amountMinor: 2_500, consent: 'holder', ...data },
    private: {
      merchant: exampleMerchant,
      store: exampleStore,
      time: '2026-11-02T02:03:04Z',
      basket: [{ category: 'rice', quantity: 1, amountMinor: 2_500 }],
      ...disclosed,
    },
  }),
  ReverseRedemption: (data: CommandData<'ReverseRedemption'> = {}): OfType<VoucherCommand, 'ReverseRedemption'> => ({
    type: 'ReverseRedemption',
    id: exampleUuid(0x313),
    data: { voucher: exampleVoucher, redemption, amountMinor: 500, reason: 'goods-returned', ...data },
  }),
  CancelVoucher: (data: CommandData<'CancelVoucher'> = {}): OfType<VoucherCommand, 'CancelVoucher'> => ({
    type: 'CancelVoucher',
    id: exampleUuid(0x314),
    data: { voucher: exampleVoucher, reason: 'moved-away', ...data },
  }),
  ReissueVoucher: (data: CommandData<'ReissueVoucher'> = {}): OfType<VoucherCommand, 'ReissueVoucher'> => ({
    type: 'ReissueVoucher',
    id: exampleUuid(0x315),
    data: { voucher: exampleVoucher, reason: 'phone-lost', ...data },
  }),
  IssueVoucher: (data: CommandData<'IssueVoucher'> = {}): OfType<VoucherCommand, 'IssueVoucher'> => ({
    type: 'IssueVoucher',
    id: exampleUuid(0x316),
    data: { voucher: exampleVoucher, ...issued, faceMinor: 10_000, ...data },
    private: household,
  }),
  ExpireVoucher: (data: CommandData<'ExpireVoucher'> = {}): OfType<VoucherCommand, 'ExpireVoucher'> => ({
    type: 'ExpireVoucher',
    id: exampleUuid(0x317),
    data: { voucher: exampleVoucher, ...data },
  }),
};
