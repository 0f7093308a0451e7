import { claimBatch } from './claims.js';
import { companyGift, peoplesGifts, receiveGifts, singleYuanGifts } from './gifts.js';
import { buyTobacco, cheat, comeTooLate, losePhone, reverseSale } from './incidents.js';
import { issueBatch, uploadClean, uploadWorn } from './issuance.js';
import { inventHouseholds } from './people.js';
import { campaignPlans, communities, type CampaignName } from './places.js';
import { yuan } from './print.js';
import { openCampaign, transfer } from './programme.js';
import { fundOf, untilAtRest, untilPublished, type SettlementView } from './reads.js';
import { floodedRoster, tidyRoster, type RosterFile } from './rosters.js';
import { cutOff, pay, prepareAndApprove, requireWindowAddsUp } from './settlements.js';
import { sellOfTheDay } from './shops.js';
import { traceCodeOf } from './staging.js';
import type { Batch, Redemption, Story } from './story.js';
import { submit, UnexpectedAnswer, type World } from './world.js';

/**
 * Starts a local day and waits for a checkpoint over it, to which everything later is anchored, as the ledger demands of
 * every signer. Resolves to that checkpoint's size: all that happened before the day is in it.
 */
export async function startDay(world: World, story: Story, day: string, title: string): Promise<number> {
  world.narrator.heading(`${day}  ${title}`);
  const position = await untilAtRest(world);
  world.steps?.startDay(day);
  await submit(world, [story.cast.services.calendar.signer], { type: 'StartDay', data: { day } });
  world.day = day;
  const size = await untilPublished(world, position + 1);
  await untilAtRest(world);
  return size;
}

/** Gifts arrive, and the first two campaign funds get what they need. */
export async function dayOfGiving(world: World, story: Story): Promise<void> {
  const { cast, funds, gifts, size } = story;
  const { narrator } = world;
  await narrator.step(`${counted(size.singleYuanGifts)} people give 1 yuan each (online)`, async () => {
    const rows = singleYuanGifts(size.singleYuanGifts);
    gifts.singles.intake = await receiveGifts(world, story, {
      channel: cast.channels.online,
      code: 'online',
      fund: funds.general,
      rows,
    });
    await untilAtRest(world);
    return `${yuan(rows.length * 100)} yuan, each with its own address on the fund line`;
  });
  await narrator.step('A company gives 350,000 yuan (bank)', async () => {
    const intake = await receiveGifts(world, story, {
      channel: cast.channels.bank,
      code: 'bank',
      fund: funds.general,
      rows: companyGift(),
    });
    await untilAtRest(world);
    gifts.company = await traceCodeOf(world, cast.channels.bank.signer, { intake, number: 0 });
    return 'management fee 3 % to the administration fund';
  });
  await narrator.step('General fund → preparedness, early warning', async () => {
    const needs = { preparedness: costOf(story, 'preparedness'), warning: costOf(story, 'warning') };
    await transfer(world, story, { from: funds.general, to: funds.preparedness, amountMinor: needs.preparedness });
    await transfer(world, story, { from: funds.general, to: funds.warning, amountMinor: needs.warning });
    await untilAtRest(world);
    return `${yuan(needs.preparedness)} and ${yuan(needs.warning)} yuan`;
  });
}

/** A clean roster becomes vouchers, and households take them. */
export async function beginCampaign(
  world: World,
  story: Story,
  name: Exclude<CampaignName, 'recovery'>,
): Promise<Batch> {
  const fund = story.funds[name === 'second' ? 'general' : name];
  await openCampaign(world, story, name, fund);
  return issueAndClaim(world, story, name, {
    fund,
    maker: name === 'warning' ? 'programme' : 'registrar',
    upload: () => uploadClean(world, story, name, tidyRoster(`${name}.csv`, householdsOf(world, story, name))),
  });
}

/** The flood: people give, the rest of the general fund follows, the county sends its list. */
export async function dayOfFlood(world: World, story: Story): Promise<void> {
  const { cast, funds, size } = story;
  const { narrator } = world;
  await openCampaign(world, story, 'recovery', funds.recovery);
  await narrator.step(`${counted(size.giftsForTheFlood)} people give for the flood (online)`, async () => {
    const rows = peoplesGifts(size.giftsForTheFlood, world.story);
    const channel = cast.channels.online;
    await receiveGifts(world, story, { channel, code: 'online', fund: funds.recovery, rows });
    await untilAtRest(world);
    return `${yuan(rows.reduce((total, row) => total + row.amountMinor, 0))} yuan, earmarked for the recovery fund`;
  });
  await narrator.step('The rest of the general fund → recovery', async () => {
    const { freeMinor } = await fundOf(world, cast.finance[0].signer, funds.general);
    await transfer(world, story, { from: funds.general, to: funds.recovery, amountMinor: freeMinor });
    await untilAtRest(world);
    return `${yuan(freeMinor)} yuan`;
  });
  const file: RosterFile = floodedRoster('青溪县受灾家庭名单.csv', householdsOf(world, story, 'recovery'));
  await issueAndClaim(world, story, 'recovery', {
    fund: funds.recovery,
    maker: 'registrar',
    upload: () => uploadWorn(world, story, 'recovery', file),
  });
}

async function issueAndClaim(
  world: World,
  story: Story,
  name: CampaignName,
  how: {
    readonly fund: string;
    readonly maker: 'registrar' | 'programme';
    readonly upload: () => Promise<string>;
  },
): Promise<Batch> {
  const plan = campaignPlans[name];
  let batch: Batch | undefined;
  const roster = await how.upload();
  await world.narrator.step(`${plan.name}: vouchers issued`, async () => {
    batch = await issueBatch(world, story, name, { roster, fund: how.fund, maker: how.maker });
    return `${batch.count} × ${yuan(batch.faceMinor)} yuan`;
  });
  if (batch === undefined) throw new UnexpectedAnswer('The batch was not issued.');
  const issued = batch;
  await world.narrator.step(`${plan.name}: claimed`, (progress) => claimBatch(world, story, issued, progress));
  return issued;
}

export async function sell(world: World, story: Story): Promise<readonly Redemption[]> {
  let sold: readonly Redemption[] = [];
  await world.narrator.step('Redemptions of the day', async (progress) => {
    sold = await sellOfTheDay(world, story, progress);
    const total = sold.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    return `${sold.length} at ${new Set(sold.map(({ store }) => store.id)).size} stores, ${yuan(total)} yuan`;
  });
  return sold;
}

/** Things that go wrong in shops on one day; each is refused, or put right in the open. */
export async function dayOfTrouble(world: World, story: Story): Promise<readonly Redemption[]> {
  const sold = await sell(world, story);
  await buyTobacco(world, story);
  await cheat(world, story);
  await losePhone(world, story);
  await reverseSale(world, story, sold);
  world.narrator.line('   ↩ one sale reversed before the merchant was paid: the fen are back on the voucher');
  return sold;
}

/** The first campaign is over: what was not spent goes home, to the general fund, and out again to other households. */
export async function dayOfReturn(world: World, story: Story): Promise<void> {
  const { cast, funds, tally } = story;
  const { narrator } = world;
  await narrator.step('Preparedness vouchers expired, money returned', async () => {
    const vouchers = story.batches.get('preparedness')?.vouchers ?? [];
    const expected = vouchers.reduce((total, { balanceMinor }) => total + balanceMinor, 0);
    const { returnedMinor } = await fundOf(world, cast.finance[0].signer, funds.preparedness);
    if (returnedMinor !== expected)
      throw new UnexpectedAnswer(`${returnedMinor} fen came back; ${expected} were on the vouchers.`);
    tally.expiredMinor += expected;
    return `${yuan(returnedMinor)} yuan`;
  });
  await comeTooLate(world, story);
  await narrator.step('Campaign closed, its money → general fund', async () => {
    const campaign = story.campaigns.get('preparedness') ?? '';
    await submit(world, [cast.programme[0].signer], { type: 'CloseCampaign', data: { campaign } });
    const { freeMinor } = await fundOf(world, cast.finance[0].signer, funds.preparedness);
    await transfer(world, story, { from: funds.preparedness, to: funds.general, amountMinor: freeMinor });
    await untilAtRest(world);
    return `${yuan(freeMinor)} yuan`;
  });
  const batch = await beginCampaign(world, story, 'second');
  tally.reissuedMinor += batch.count * batch.faceMinor;
}

/**
 * Cut-off, settlements by policy, prepared and approved by two officers. `to` is a signed tree size; `soldMinor` is
 * what the window has to hold, net of reversals.
 */
export async function settleWindow(
  world: World,
  story: Story,
  window: { readonly to: number; readonly soldMinor: number },
): Promise<readonly SettlementView[]> {
  let views: readonly SettlementView[] = [];
  let ids: readonly string[] = [];
  await world.narrator.step('Cut-off; settlements proposed by policy', async () => {
    ids = await cutOff(world, story, window.to);
    return `${ids.length} settlements`;
  });
  await world.narrator.step('Settlements prepared, approved by another', async () => {
    views = await prepareAndApprove(world, story, ids);
    requireWindowAddsUp(views, window.soldMinor);
    return `${yuan(views.reduce((total, { netMinor }) => total + netMinor, 0))} yuan net`;
  });
  return views;
}

export async function payAll(world: World, story: Story, settlements: readonly SettlementView[]): Promise<void> {
  await world.narrator.step('Paid by bank, recorded and reconciled', async () => {
    const paidMinor = await pay(world, story, settlements);
    return `${settlements.length} payments, ${yuan(paidMinor)} yuan`;
  });
}

function householdsOf(world: World, { size }: Story, name: CampaignName) {
  const { area, division } = campaignPlans[name];
  const count = size.households[name];
  return inventHouseholds({ count, communities: communities[area], division }, world.story);
}

function costOf({ size }: Story, name: CampaignName): number {
  return campaignPlans[name].faceMinor * size.households[name];
}

function counted(people: number): string {
  return people.toLocaleString('en');
}
