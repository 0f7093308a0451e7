import { amountMinorOrThrow, feeOf } from '@aidtrail/domain';
import type { Signer } from '@aidtrail/envelope';
import { hashOf, newSigner, publicKeyOf, type LedgerHarness } from './ledger-harness.js';

/** A small programme that is ready to redeem: for specs of the ledger, its policies and its readers. */
export interface ReliefScenario {
  readonly keys: Readonly<
    Record<
      'programme1' | 'programme2' | 'finance1' | 'finance2' | 'registrar' | 'worker' | 'channel' | 'service' | 'till',
      Signer
    >
  >;
  readonly programme: string;
  readonly generalFund: string;
  readonly administrationFund: string;
  readonly campaignFund: string;
  readonly campaign: string;
  readonly merchant: string;
  readonly store: string;
}

/** Keys, programme, goods policy, funds (3 % fee), a campaign to the last day of June, one merchant with one store. */
export async function openRelief(h: LedgerHarness): Promise<ReliefScenario> {
  const merchant = h.entropy.uuid();
  const store = h.entropy.uuid();
  const keys = {
    programme1: await h.enroll('programme', { officer: 'programme-1' }),
    programme2: await h.enroll('programme', { officer: 'programme-2' }),
    finance1: await h.enroll('finance', { officer: 'finance-1' }),
    finance2: await h.enroll('finance', { officer: 'finance-2' }),
    registrar: await h.enroll('registrar', { officer: 'registrar-1' }),
    worker: await h.enroll('worker', { officer: 'worker-1' }),
    channel: await h.enroll('channel'),
    service: await h.enroll('service'),
    till: await h.enroll('till', { private: { organisation: merchant, store } }),
  };
  const ids = {
    programme: h.entropy.uuid(),
    generalFund: h.entropy.uuid(),
    administrationFund: h.entropy.uuid(),
    campaignFund: h.entropy.uuid(),
    campaign: h.entropy.uuid(),
  };
  const relief = { keys, ...ids, merchant, store };
  await openFunds(h, relief);
  await openCampaign(h, relief);
  await openMerchant(h, relief);
  return relief;
}

/** A gift arrives in the general fund. */
export async function give(h: LedgerHarness, relief: ReliefScenario, amountsMinor: readonly number[]) {
  const intake = h.entropy.uuid();
  const { count, totalMinor, rowsRoot } = h.registers.stageIntake(intake, amountsMinor);
  await h.accept(
    {
      type: 'RecordIntake',
      id: intake,
      data: { fund: relief.generalFund, count, totalMinor, rowsRoot },
      private: { channel: 'online' },
    },
    [relief.keys.channel],
  );
  await h.ledger.settle();
  return { intake, netMinor: totalMinor - feeOf(amountMinorOrThrow(totalMinor), 300) };
}

/** The general fund sends money to the campaign's fund. */
export async function transfer(h: LedgerHarness, relief: ReliefScenario, amountMinor: number): Promise<string> {
  const data = { fund: relief.generalFund, toFund: relief.campaignFund, amountMinor };
  const sent = await h.accept({ type: 'SendTransfer', data }, [relief.keys.finance1]);
  await h.ledger.settle();
  return sent;
}

/** A gift arrives in the general fund, and all of the net goes to the campaign's fund. */
export async function giveAndTransfer(h: LedgerHarness, relief: ReliefScenario, amountsMinor: readonly number[]) {
  const gift = await give(h, relief, amountsMinor);
  await transfer(h, relief, gift.netMinor);
  return gift;
}

/** Drafts and approves a batch; the vouchers are issued when this resolves. */
export async function issueBatch(
  h: LedgerHarness,
  relief: ReliefScenario,
  terms: { readonly count: number; readonly faceMinor: number },
) {
  const drafted = await draftBatch(h, relief, terms);
  await h.ledger.settle();
  return drafted;
}

/** Drafts and approves a batch, and leaves the rest to the policies. */
export async function draftBatch(
  h: LedgerHarness,
  relief: ReliefScenario,
  terms: { readonly count: number; readonly faceMinor: number },
) {
  const batch = h.entropy.uuid();
  const { rosterRoot, voucherIds } = h.registers.prepareBatch(batch, terms.count);
  const data = {
    batch,
    campaign: relief.campaign,
    fund: relief.campaignFund,
    ...terms,
    totalMinor: terms.count * terms.faceMinor,
    rosterRoot,
  };
  await h.accept({ type: 'DraftBatch', data, private: { partner: h.entropy.uuid(), communities: ['riverside'] } }, [
    relief.keys.registrar,
  ]);
  await h.accept({ type: 'ApproveBatch', data }, [relief.keys.programme1]);
  return { batch, voucherIds };
}

/** Claims a voucher with a fresh holder key. */
export async function claim(h: LedgerHarness, relief: ReliefScenario, voucher: string): Promise<Signer> {
  const holder = newSigner(h.entropy);
  await h.accept(
    {
      type: 'ClaimVoucher',
      data: { voucher, holder: publicKeyOf(holder), channel: 'self' },
      private: { time: '2026-06-02T03:04:05Z' },
    },
    [relief.keys.service, holder],
  );
  return holder;
}

/** A redemption of one basket line of rice. */
export function redemption(relief: ReliefScenario, voucher: string, amountMinor: number, category = 'staple') {
  return {
    type: 'RedeemVoucher',
    data: { voucher, amountMinor, consent: 'holder' },
    private: {
      merchant: relief.merchant,
      store: relief.store,
      time: '2026-06-03T04:05:06Z',
      basket: [{ category, quantity: 1, amountMinor }],
    },
  };
}

async function openFunds(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const { finance1, programme1 } = relief.keys;
  await h.accept(
    {
      type: 'OpenProgramme',
      data: { programme: relief.programme, name: 'Relief', approvalTiers: [{ approvals: 1 }] },
    },
    [programme1],
  );
  const rules = [
    { category: 'staple', verdict: 'allow' },
    { category: 'tobacco', verdict: 'deny' },
  ];
  await h.accept({ type: 'PublishGoodsPolicy', data: { programme: relief.programme, rules, unknown: 'deny' } }, [
    programme1,
  ]);
  const fund = (id: string, kind: string, more: object) =>
    h.accept({ type: 'OpenFund', data: { fund: id, kind, name: `${kind} fund`, currency: 'CNY', ...more } }, [
      finance1,
    ]);
  await fund(relief.administrationFund, 'administration', { feeBasisPoints: 0 });
  await fund(relief.generalFund, 'general', { administrationFund: relief.administrationFund, feeBasisPoints: 300 });
  await fund(relief.campaignFund, 'campaign', { programme: relief.programme, feeBasisPoints: 0 });
}

export async function openCampaign(
  h: LedgerHarness,
  relief: ReliefScenario,
  { name = 'Flood recovery', region = '522632' } = {},
): Promise<void> {
  const terms = {
    firstDay: '2026-06-01',
    lastDay: '2026-06-30',
    fundingMode: 'merchant-funded',
    assistedAllowed: true,
  };
  const data = {
    campaign: relief.campaign,
    programme: relief.programme,
    fund: relief.campaignFund,
    name,
    phase: 'recovery',
    hazard: 'flood',
    region,
    purpose: 'resettlement',
    terms,
  };
  await h.accept({ type: 'OpenCampaign', data }, [relief.keys.programme1]);
}

export async function openMerchant(
  h: LedgerHarness,
  relief: ReliefScenario,
  { name = 'Corner shop', account = 'account' } = {},
): Promise<void> {
  const { programme1, programme2, registrar } = relief.keys;
  const { merchant, store } = relief;
  await h.accept(
    {
      type: 'ApplyMerchant',
      data: { merchant, name, region: '522632', bankDigest: hashOf(account) },
      private: { wechatMerchantNumber: '1900000001' },
    },
    [registrar],
  );
  await h.accept({ type: 'AssessMerchant', data: { merchant, assessor: 'foundation', outcome: 'suitable' } }, [
    registrar,
  ]);
  for (const officer of [programme1, programme2]) {
    await h.accept({ type: 'ApproveMerchant', data: { merchant, holdDays: 1 } }, [officer]);
  }
  await h.accept({ type: 'OpenStore', data: { merchant, store, name: 'Corner', kind: 'shop', region: '522632' } }, [
    registrar,
  ]);
}
