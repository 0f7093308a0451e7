import type { Signer } from '@aidtrail/envelope';
import { createLedgerHarness, newSigner, publicKeyOf, type LedgerHarness } from './ledger-harness.js';
import {
  claim,
  giveAndTransfer,
  issueBatch,
  openCampaign,
  openMerchant,
  openRelief,
  redemption,
  type ReliefScenario,
} from './relief-scenario.js';
import { approveSettlement, cutOff, paySettlement, startDay } from './relief-settling.js';

type Shop = 'corner' | 'market';

/** By day: who spends how much where. Vouchers of the recovery campaign, 0 to 13, and of the typhoon campaign, 14 to 16. */
const PURCHASES: readonly (readonly [
  day: string,
  purchases: readonly (readonly [vouchers: readonly number[], amountMinor: number, at: Shop])[],
])[] = [
  [
    '2026-06-02',
    [
      [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 60, 'corner'],
      [[10, 11], 30, 'corner'],
      [[12, 14], 30, 'market'],
      [[15, 15], 45, 'market'],
    ],
  ],
  [
    '2026-06-03',
    [
      [[0], 40, 'corner'],
      [[13], 40, 'market'],
      [[1, 2, 3, 4, 5], 20, 'corner'],
      [[15, 16], 5, 'market'],
    ],
  ],
];
const CLAIMED_BY_PROXY = 14;
const SPENT_WITH_A_WORKER = 13;

/**
 * A small ledger in which it is known who hides behind whom: 25 redemptions of 17 vouchers, of 1.00 each, on two days, in two
 * campaigns of two counties and two shops with one till each. The settlements are approved; with `isPaid`, paid as well.
 */
export async function liveAmongNeighbours({ isPaid }: { readonly isPaid: boolean }): Promise<LedgerHarness> {
  const h = await createLedgerHarness();
  const recovery = await openRelief(h);
  await giveAndTransfer(h, recovery, [30_000]);
  const typhoon = await openTyphoon(h, recovery);
  const shops = { corner: recovery, market: await openMarket(h, recovery) };
  const vouchers = [
    ...(await issueBatch(h, recovery, { count: 14, faceMinor: 100 })).voucherIds,
    ...(await issueBatch(h, typhoon, { count: 3, faceMinor: 100 })).voucherIds,
  ];
  const holders: Signer[] = [];
  for (const [number, voucher] of vouchers.entries())
    holders.push(await (number === CLAIMED_BY_PROXY ? claimByProxy : claim)(h, recovery, voucher));
  for (const [day, purchases] of PURCHASES) {
    await startDay(h, recovery, day);
    for (const [numbers, amountMinor, at] of purchases)
      for (const number of numbers) {
        const isAssisted = number === SPENT_WITH_A_WORKER;
        const command = redemption(shops[at], vouchers[number] as string, amountMinor);
        const data = { ...command.data, consent: isAssisted ? 'assisted' : 'holder' };
        const second = isAssisted ? recovery.keys.worker : (holders[number] as Signer);
        await h.accept({ ...command, data }, [shops[at].keys.till, second]);
      }
  }
  await settle(h, recovery, isPaid);
  return h;
}

/** With money of its own: a campaign's fund pays for no other. */
async function openTyphoon(h: LedgerHarness, relief: ReliefScenario): Promise<ReliefScenario> {
  const typhoon = { ...relief, campaign: h.entropy.uuid(), campaignFund: h.entropy.uuid() };
  const { campaignFund: fund, programme } = typhoon;
  const terms = { kind: 'campaign', name: 'typhoon fund', currency: 'CNY', feeBasisPoints: 0, programme };
  await h.accept({ type: 'OpenFund', data: { fund, ...terms } }, [relief.keys.finance1]);
  await openCampaign(h, typhoon, { name: 'Typhoon warning', region: '460105' });
  await giveAndTransfer(h, typhoon, [1_000]);
  return typhoon;
}

async function openMarket(h: LedgerHarness, relief: ReliefScenario): Promise<ReliefScenario> {
  const [merchant, store] = [h.entropy.uuid(), h.entropy.uuid()];
  const till = await h.enroll('till', { private: { organisation: merchant, store } });
  const market = { ...relief, merchant, store, keys: { ...relief.keys, till } };
  await openMerchant(h, market, { name: 'Market hall', account: 'another account' });
  return market;
}

async function claimByProxy(h: LedgerHarness, relief: ReliefScenario, voucher: string): Promise<Signer> {
  const holder = newSigner(h.entropy);
  const data = { voucher, holder: publicKeyOf(holder), channel: 'proxy' };
  const hidden = { time: '2026-06-02T03:04:05Z', proxyReference: h.entropy.uuid() };
  await h.accept({ type: 'ClaimVoucher', data, private: hidden }, [relief.keys.service, holder]);
  return holder;
}

async function settle(h: LedgerHarness, relief: ReliefScenario, isPaid: boolean): Promise<void> {
  const due: { readonly settlement: string; readonly netMinor: number }[] = [];
  for (const settlement of await cutOff(h, relief))
    due.push({ settlement, netMinor: await approveSettlement(h, relief, settlement) });
  await startDay(h, relief, '2026-06-04');
  if (isPaid) for (const payment of due) await paySettlement(h, relief, payment);
}
