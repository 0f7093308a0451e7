import { enrolCast, rolesOf, type Cast, type ServerKeys } from './cast.js';
import * as act from './days.js';
import { liftSuspension, reverseAfterPayout, suspendMerchant } from './incidents.js';
import { takeOnMerchants } from './merchants.js';
import { merchantPlans } from './places.js';
import { yuan } from './print.js';
import { openProgramme } from './programme.js';
import type { SettlementView } from './reads.js';
import { hold, payTooEarly, release } from './settlements.js';
import { wholeStory, type StorySize } from './size.js';
import { emptyTally, type Redemption, type Story } from './story.js';
import type { World } from './world.js';

/** The whole story, from the first key to the last payment. */
export async function playStory(world: World, keys: ServerKeys, size = wholeStory): Promise<Story> {
  world.narrator.heading('Before the first day');
  const story = await begin(world, keys, size);
  await act.startDay(world, story, '2026-06-01', 'Gifts');
  await act.dayOfGiving(world, story);

  await act.startDay(world, story, '2026-06-02', 'Everyday preparedness (日常备灾)');
  await act.beginCampaign(world, story, 'preparedness');
  const sold = [...(await act.sell(world, story))];

  await act.startDay(world, story, '2026-06-03', 'Early warning (灾害预警): a typhoon is two days away');
  await act.beginCampaign(world, story, 'warning');
  sold.push(...(await act.sell(world, story)));

  await act.startDay(world, story, '2026-06-04', 'After the flood (灾后恢复)');
  await act.dayOfFlood(world, story);
  sold.push(...(await act.sell(world, story)));

  await act.startDay(world, story, '2026-06-05', 'Shops, and what goes wrong in them');
  sold.push(...(await act.dayOfTrouble(world, story)));
  await firstWindow(world, story, sold);
  return story;
}

async function begin(world: World, keys: ServerKeys, size: StorySize): Promise<Story> {
  const { narrator } = world;
  let cast: Cast | undefined;
  await narrator.step('Keys enrolled by one officer, approved by another', async () => {
    cast = await enrolCast(world, keys);
    return `${rolesOf(cast).length} keys`;
  });
  const everybody = cast;
  if (everybody === undefined) throw new Error('Nobody was enrolled.');
  const { programme, funds } = await openProgramme(world, everybody);
  narrator.line('     programme with limits of approval, goods policy version 1, five funds');
  const story: Story = {
    cast: everybody,
    programme,
    funds,
    partner: world.entropy.uuid(),
    merchants: [],
    campaigns: new Map(),
    batches: new Map(),
    gifts: { company: '', single: '', singles: { intake: '' } },
    tally: emptyTally(),
    size,
  };
  await narrator.step('Merchants assessed and approved by two', async (progress) => {
    const merchants = await takeOnMerchants(world, everybody, progress);
    (story.merchants as (typeof merchants)[number][]).push(...merchants);
    const stores = merchants.flatMap((merchant) => merchant.stores);
    const tills = stores.reduce((total, store) => total + store.tills.length, 0);
    return `${merchantPlans.length} merchants, ${stores.length} stores, ${tills} tills`;
  });
  return story;
}

async function firstWindow(world: World, story: Story, sold: readonly Redemption[]): Promise<void> {
  const { narrator } = world;
  const to = await act.startDay(world, story, '2026-06-06', 'Preparedness vouchers expire; the first settlement');
  const first = await act.settleWindow(world, story, { to, soldMinor: netSold(story) });
  const [held] = first;
  if (held === undefined) throw new Error('There is nothing to settle.');
  await payTooEarly(world, story, held);
  await hold(world, story, held);
  narrator.line('   ⏸ one settlement is held: somebody looks into it');
  await act.dayOfReturn(world, story);
  const soldAfter = [...(await act.sell(world, story))];

  await act.startDay(world, story, '2026-06-07', 'Merchants are paid; one is suspended');
  await release(world, story, held);
  narrator.line('   ▶ the held settlement is released by another officer');
  await act.payAll(world, story, first);
  await suspendMerchant(world, story);
  soldAfter.push(...(await act.sell(world, story)));

  await act.startDay(world, story, '2026-06-08', 'A sale without goods comes to light');
  await liftSuspension(world, story);
  narrator.line('   ▶ the suspension is lifted, by two officers');
  const { amountMinor } = await reverseAfterPayout(world, story, sold);
  narrator.line(`   ↩ ${yuan(amountMinor)} yuan reversed after payout: the merchant owes it`);
  soldAfter.push(...(await act.sell(world, story)));
  await secondWindow(world, story, { first, soldAfter, reversedMinor: amountMinor });
}

async function secondWindow(
  world: World,
  story: Story,
  before: {
    readonly first: readonly SettlementView[];
    readonly soldAfter: readonly Redemption[];
    readonly reversedMinor: number;
  },
): Promise<void> {
  const to = await act.startDay(world, story, '2026-06-09', 'The second settlement nets what is owed');
  const soldMinor = before.soldAfter.reduce((total, { amountMinor }) => total + amountMinor, 0);
  const second = await act.settleWindow(world, story, { to, soldMinor: soldMinor - before.reversedMinor });
  const netted = second.reduce((total, { recoveredMinor }) => total + recoveredMinor, 0);
  world.narrator.line(`     ${yuan(netted)} yuan of it were owed by a merchant and are netted`);

  await act.startDay(world, story, '2026-06-10', 'Paid');
  await act.payAll(world, story, second);
}

/** What the shops sold so far, less what was given back, by the demo's own books. */
function netSold({ tally }: Story): number {
  return tally.redeemedMinor - tally.reversedToVoucherMinor;
}
