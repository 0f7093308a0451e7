import { basketOf } from './baskets.js';
import { claimOrder } from './claims.js';
import { merchantPlans } from './places.js';
import { yuan } from './print.js';
import { approveMerchant } from './merchants.js';
import { book, holderOf, redeemOrder, saleOrder, type Sale } from './shops.js';
import { quote } from './staging.js';
import type { Batch, Redemption, Store, Story, Voucher } from './story.js';
import { expectRefusal, submit, UnexpectedAnswer, type World } from './world.js';

/*
 * What goes wrong in shops, on purpose: each attempt has to be refused with the code that the story expects.
 */

/** Rice and cigarettes: the quote says which line the voucher does not pay, asking for all of it is refused. */
export async function buyTobacco(world: World, story: Story): Promise<void> {
  const voucher = someVoucher(batchOf(story), ({ balanceMinor }) => balanceMinor >= 10_000);
  const store = storeNamed(story, '青溪供销社县城店');
  const till = firstTill(store);
  const basket = [
    { category: 'staple-food', quantity: 2, amountMinor: 5_600 },
    { category: 'tobacco', quantity: 1, amountMinor: 2_400 },
  ];
  const sale: Sale = { voucher, store, basket, amountMinor: 8_000, consent: 'holder' };
  await refuse(world, story, sale, {
    title: `a basket with tobacco, all of it on the voucher (${yuan(sale.amountMinor)} yuan)`,
    code: 'goods_denied',
  });
  const { lines, payableMinor } = await quote(world, till, { campaign: campaignOf(story), basket });
  const rows = basket.map(
    ({ category, amountMinor }, i) => `${category} ${yuan(amountMinor)} ${lines[i]?.verdict ?? ''}`,
  );
  world.narrator.lines([`quote: ${rows.join(', ')}; the voucher pays ${yuan(payableMinor)}`]);
  if (payableMinor !== 5_600) throw new UnexpectedAnswer(`The quote is ${payableMinor} fen; the rice costs 5600.`);
  await sell(world, story, { ...sale, amountMinor: payableMinor });
}

/** A till by itself, without the holder; and more than there is on the voucher. */
export async function cheat(world: World, story: Story): Promise<void> {
  const store = storeNamed(story, '禾丰超市河口店');
  const voucher = someVoucher(batchOf(story), ({ balanceMinor }) => balanceMinor >= 5_000 && balanceMinor <= 30_000);
  const amountMinor = 5_000;
  const alone: Sale = { voucher, store, amountMinor, basket: basketOf(amountMinor, world.story), consent: 'holder' };
  await expectRefusal(world, {
    title: 'a till redeems without the holder',
    code: 'second_signature_missing',
    signers: [firstTill(store)],
    order: redeemOrder(world, alone),
  });
  story.tally.refusals += 1;
  const tooMuch = voucher.balanceMinor + 1;
  await refuse(
    world,
    story,
    { ...alone, amountMinor: tooMuch, basket: basketOf(tooMuch, world.story) },
    { title: `one fen more than the ${yuan(voucher.balanceMinor)} yuan that are left`, code: 'insufficient_balance' },
  );
}

/** The phone is gone: a worker kills its key, the household claims again with a new one, the old key opens nothing. */
export async function losePhone(world: World, story: Story): Promise<void> {
  const store = storeNamed(story, '江口百货青石店');
  const voucher = someVoucher(batchOf(story), ({ balanceMinor }) => balanceMinor >= 12_000);
  const lost = holderOf(voucher);
  await submit(world, [story.cast.workers[2].signer], {
    type: 'ReissueVoucher',
    data: { voucher: voucher.id, reason: 'phone-lost' },
  });
  const claim = claimOrder(world, story, voucher, 'self');
  await submit(world, claim.signers, claim.order);
  const amountMinor = 3_000;
  const sale: Sale = { voucher, store, amountMinor, basket: basketOf(amountMinor, world.story), consent: 'holder' };
  await expectRefusal(world, {
    title: 'somebody found the lost phone and goes shopping with it',
    code: 'consent_missing',
    signers: [firstTill(store), lost],
    order: redeemOrder(world, sale),
  });
  story.tally.refusals += 1;
  await sell(world, story, sale);
}

/** The wrong goods were taken home: the till undoes the sale before the merchant is paid, the voucher has its fen back. */
export async function reverseSale(world: World, story: Story, sold: readonly Redemption[]): Promise<void> {
  const redemption = sold.find(({ voucher }) => batchOf(story).vouchers.includes(voucher));
  if (redemption === undefined) throw new Error('Nothing was sold today.');
  const { amountMinor, id, store, voucher } = redemption;
  await submit(world, [firstTill(store)], {
    type: 'ReverseRedemption',
    data: { voucher: voucher.id, redemption: id, amountMinor, reason: 'wrong-goods' },
  });
  voucher.balanceMinor += amountMinor;
  story.tally.reversedToVoucherMinor += amountMinor;
}

/** A preparedness voucher on the day after its last. */
export async function comeTooLate(world: World, story: Story): Promise<void> {
  const batch = story.batches.get('preparedness');
  const store = storeNamed(story, '惠邻超市梧桐店');
  const voucher = someVoucher(batch ?? batchOf(story), ({ balanceMinor }) => balanceMinor >= 2_000);
  const amountMinor = 2_000;
  const sale: Sale = { voucher, store, amountMinor, basket: basketOf(amountMinor, world.story), consent: 'holder' };
  await refuse(world, story, sale, { title: 'a preparedness voucher, a day late', code: 'voucher_expired' });
}

/** One merchant is stopped while its sales are looked into. */
export async function suspendMerchant(world: World, story: Story): Promise<void> {
  const merchant = merchantNamed(story, '江口百货');
  await submit(world, [story.cast.finance[1].signer], {
    type: 'SuspendMerchant',
    data: { merchant: merchant.id, reason: 'unusual-sales' },
  });
  merchant.suspended = true;
  const store = storeNamed(story, '江口百货枫香店');
  const voucher = someVoucher(batchOf(story), ({ balanceMinor }) => balanceMinor >= 2_000);
  const amountMinor = 2_000;
  const sale: Sale = { voucher, store, amountMinor, basket: basketOf(amountMinor, world.story), consent: 'holder' };
  await refuse(world, story, sale, { title: 'a sale at the suspended merchant', code: 'merchant_not_approved' });
}

export async function liftSuspension(world: World, story: Story): Promise<void> {
  const merchant = merchantNamed(story, '江口百货');
  await approveMerchant(world, story.cast, merchant.id);
  merchant.suspended = false;
}

/** Found out after the merchant was paid: the fen are recoverable, the merchant's next settlement nets them. */
export async function reverseAfterPayout(world: World, story: Story, paid: readonly Redemption[]): Promise<Redemption> {
  const merchant = merchantNamed(story, '禾丰超市');
  const redemption = paid.find(({ store }) => store.merchant === merchant);
  if (redemption === undefined) throw new Error('The merchant sold nothing in the first window.');
  const { amountMinor, id, voucher } = redemption;
  await submit(world, [story.cast.finance[2].signer], {
    type: 'ReverseRedemption',
    data: { voucher: voucher.id, redemption: id, amountMinor, reason: 'no-goods-given' },
  });
  story.tally.recoverableMinor += amountMinor;
  return redemption;
}

async function refuse(
  world: World,
  story: Story,
  sale: Sale,
  expected: { readonly title: string; readonly code: string },
): Promise<void> {
  const { order } = saleOrder(world, story, sale);
  await expectRefusal(world, { ...expected, order, signers: [firstTill(sale.store), holderOf(sale.voucher)] });
  story.tally.refusals += 1;
}

async function sell(world: World, story: Story, sale: Sale): Promise<void> {
  const order = redeemOrder(world, sale);
  const receipt = await submit(world, [firstTill(sale.store), holderOf(sale.voucher)], order);
  book(story, sale, receipt.event);
}

function batchOf(story: Story): Batch {
  const batch = story.batches.get('recovery');
  if (batch === undefined) throw new Error('The recovery batch has not been issued.');
  return batch;
}

function campaignOf(story: Story): string {
  const campaign = story.campaigns.get('recovery');
  if (campaign === undefined) throw new Error('The recovery campaign has not begun.');
  return campaign;
}

function someVoucher(batch: Batch, suits: (voucher: Voucher) => boolean): Voucher {
  const voucher = batch.vouchers.find((each) => each.holder !== undefined && suits(each));
  if (voucher === undefined) throw new Error('No claimed voucher suits.');
  return voucher;
}

function merchantNamed(story: Story, name: string) {
  const merchant = story.merchants.find(({ plan }) => plan.name === name);
  if (merchant === undefined) throw new Error(`No merchant of ${merchantPlans.length} has this name.`);
  return merchant;
}

function storeNamed(story: Story, name: string): Store {
  const store = story.merchants.flatMap(({ stores }) => stores).find(({ plan }) => plan.name === name);
  if (store === undefined) throw new Error('No store has this name.');
  return store;
}

function firstTill(store: Store) {
  const [till] = store.tills;
  if (till === undefined) throw new Error('The store has no till.');
  return till;
}
