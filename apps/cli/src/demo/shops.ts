import type { Signer } from '@aidtrail/envelope';
import { basketOf, type BasketLine } from './baskets.js';
import { campaignPlans } from './places.js';
import type { Progress } from './narrator.js';
import type { Batch, Redemption, Store, Story, Voucher } from './story.js';
import { momentOf, submitMany, type Order, type SignedOrder, type World } from './world.js';

/** Who agrees to a purchase: the holder's phone or paper, or a field worker for somebody who has neither. */
export type Consent = 'holder' | 'assisted';

export interface Sale {
  readonly voucher: Voucher;
  readonly store: Store;
  readonly amountMinor: number;
  readonly basket: readonly BasketLine[];
  readonly consent: Consent;
}

/** All purchases of the ledger's day. Each household goes to one shop a day, so that the sales do not wait for each other. */
export async function sellOfTheDay(world: World, story: Story, progress: Progress): Promise<readonly Redemption[]> {
  const sales = [...story.batches.values()].flatMap((batch) => salesOf(world, story, batch));
  const orders = sales.map((sale) => saleOrder(world, story, sale));
  const receipts = await submitMany(world, orders, progress);
  return sales.map((sale, i) => book(story, sale, receipts[i]?.event ?? ''));
}

function salesOf(world: World, story: Story, batch: Batch): Sale[] {
  const sales: Sale[] = [];
  for (const voucher of batch.vouchers) {
    const due = voucher.purchases.find(({ day }) => day === world.day);
    if (due === undefined || voucher.holder === undefined) continue;
    const amountMinor = Math.min(due.amountMinor, voucher.balanceMinor);
    if (amountMinor === 0) continue;
    const store = storeFor(world, story, batch);
    const consent = consentOf(world, batch, store);
    sales.push({ voucher, store, amountMinor, basket: basketOf(amountMinor, world.story), consent });
  }
  return sales;
}

/** A shop of the area whose merchant is not suspended, or the online shop. */
function storeFor(world: World, story: Story, batch: Batch): Store {
  const { area } = campaignPlans[batch.campaign];
  const open = story.merchants.filter((merchant) => !merchant.suspended).flatMap((merchant) => merchant.stores);
  const nearby = open.filter((store) => store.merchant.plan.area === area && store.plan.kind !== 'online');
  const online = open.filter((store) => store.plan.kind === 'online');
  return world.story.pick(world.story.chance(8) ? online : nearby);
}

/** At the truck, people without a phone redeem with a worker's help, where the campaign allows it. */
function consentOf(world: World, batch: Batch, store: Store): Consent {
  const helped = world.story.chance(60);
  return helped && store.plan.kind === 'mobile' && campaignPlans[batch.campaign].assistedAllowed
    ? 'assisted'
    : 'holder';
}

/** The till signs, then the holder or the worker. */
export function saleOrder(world: World, story: Story, sale: Sale): SignedOrder {
  const till = world.story.pick(sale.store.tills);
  const worker = world.story.pick(story.cast.workers).signer;
  const second = sale.consent === 'assisted' ? worker : holderOf(sale.voucher);
  return { signers: [till, second], order: redeemOrder(world, sale) };
}

export function redeemOrder(world: World, sale: Sale): Order {
  const { voucher, store, amountMinor, basket, consent } = sale;
  return {
    type: 'RedeemVoucher',
    data: { voucher: voucher.id, amountMinor, consent },
    private: {
      merchant: store.merchant.id,
      store: store.id,
      time: momentOf(world, 3 + world.story.below(8)),
      basket: basket.map((line) => ({ ...line })),
    },
  };
}

/** Notes a confirmed sale in the demo's own books. */
export function book(story: Story, sale: Sale, id: string): Redemption {
  const { voucher, store, amountMinor, consent } = sale;
  voucher.balanceMinor -= amountMinor;
  story.tally.redeemedMinor += amountMinor;
  story.tally.redeemedCount += 1;
  if (consent === 'assisted') story.tally.assistedRedemptions += 1;
  return { id, voucher, store, amountMinor };
}

export function holderOf(voucher: Voucher): Signer {
  if (voucher.holder === undefined) throw new Error('The voucher has no holder yet.');
  return voucher.holder;
}
