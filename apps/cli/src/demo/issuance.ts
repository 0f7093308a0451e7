import type { Signer } from '@aidtrail/envelope';
import { communities, campaignPlans, days, lastSalesDay, type CampaignName } from './places.js';
import { columns, yuan } from './print.js';
import { batchOf } from './reads.js';
import type { RosterFile } from './rosters.js';
import { fetchSlips, prepareBatch, uploadRoster, type PreparedBatch } from './staging.js';
import type { Batch, Purchase, Story, Voucher } from './story.js';
import { expectRefusal, submit, UnexpectedAnswer, until, type World } from './world.js';

/** Sends a roster that is clean. Resolves to its id. */
export async function uploadClean(world: World, story: Story, name: CampaignName, file: RosterFile): Promise<string> {
  const answer = await upload(world, story, name, { file });
  if (answer.status === 'imported') return answer.rosterId;
  throw new UnexpectedAnswer(`The roster ${file.name} was refused: ${answer.code}.`);
}

/**
 * Sends a roster that people made: it comes back with a table of problems, goes in without the lines that nobody can
 * mend, and is refused when it is sent again. Resolves to its id.
 */
export async function uploadWorn(world: World, story: Story, name: CampaignName, file: RosterFile): Promise<string> {
  const { narrator } = world;
  const first = await upload(world, story, name, { file });
  if (first.status !== 'refused' || first.problems.length === 0)
    throw new UnexpectedAnswer(`The roster ${file.name} should have come back with its problems.`);
  story.tally.refusals += 1;
  narrator.line(`   ✘ ${file.name} comes back: ${first.code}`);
  const rows = first.problems.map(({ line, column, code, sentenceEn }) => [`line ${line}`, column, code, sentenceEn]);
  narrator.lines(columns(rows));
  const exclude = [...new Set(first.problems.map(({ line }) => line))];
  const second = await upload(world, story, name, { file, exclude });
  if (second.status !== 'imported')
    throw new UnexpectedAnswer(`The roster ${file.name} was refused without its bad lines: ${second.code}.`);
  const third = await upload(world, story, name, { file, exclude });
  if (third.status !== 'refused' || third.code !== 'roster_already_imported')
    throw new UnexpectedAnswer(`The roster ${file.name} went in twice.`);
  story.tally.refusals += 1;
  narrator.line(`   ✘ the same file once more: ${third.code}`);
  return second.rosterId;
}

function upload(
  world: World,
  story: Story,
  name: CampaignName,
  what: { readonly file: RosterFile; readonly exclude?: readonly number[] },
) {
  const campaign = campaignId(story, name);
  return uploadRoster(world, story.cast.registrars[0].signer, { programme: story.programme, campaign, ...what });
}

/** Prepares and drafts a batch over a roster, has it approved by as many others as its total needs, waits until issued. */
export async function issueBatch(
  world: World,
  story: Story,
  name: CampaignName,
  of: { readonly roster: string; readonly fund: string; readonly maker: 'registrar' | 'programme' },
): Promise<Batch> {
  const { cast } = story;
  const plan = campaignPlans[name];
  const prepared = await prepareBatch(world, cast.registrars[0].signer, {
    roster: of.roster,
    batch: world.entropy.uuid(),
    campaign: campaignId(story, name),
    partner: story.partner,
  });
  const households = story.size.households[name];
  if (prepared.count !== households)
    throw new UnexpectedAnswer(`The batch has ${prepared.count} households, the roster ${households}.`);
  const terms = {
    batch: prepared.batch,
    campaign: campaignId(story, name),
    fund: of.fund,
    count: prepared.count,
    faceMinor: plan.faceMinor,
    totalMinor: plan.faceMinor * prepared.count,
    rosterRoot: prepared.rosterRoot,
  };
  const maker = of.maker === 'registrar' ? cast.registrars[0] : cast.programme[0];
  await submit(world, [maker.signer], {
    type: 'DraftBatch',
    data: terms,
    private: { partner: story.partner, communities: [...communitiesOf(prepared, name)] },
  });
  await expectRefusal(world, {
    title: `${maker.officer} tries to approve the batch that ${maker.officer} drafted (${yuan(terms.totalMinor)} yuan)`,
    code: of.maker === 'registrar' ? 'role_not_allowed' : 'maker_is_checker',
    signers: [maker.signer],
    order: { type: 'ApproveBatch', data: terms },
  });
  story.tally.refusals += 1;
  for (const checker of [cast.programme[1], cast.finance[0]].slice(0, approvalsFor(terms.totalMinor))) {
    await submit(world, [checker.signer], { type: 'ApproveBatch', data: terms });
  }
  return register(world, story, name, prepared);
}

const ONE_APPROVAL_UP_TO_MINOR = 5_000_000;

function approvalsFor(totalMinor: number): number {
  return totalMinor <= ONE_APPROVAL_UP_TO_MINOR ? 1 : 2;
}

function communitiesOf(prepared: PreparedBatch, name: CampaignName): readonly string[] {
  return prepared.communities ?? communities[campaignPlans[name].area];
}

async function register(world: World, story: Story, name: CampaignName, prepared: PreparedBatch): Promise<Batch> {
  const { cast, tally } = story;
  const { batch: id, count } = prepared;
  const { faceMinor } = campaignPlans[name];
  await until(`the issue of ${count} vouchers`, async () => {
    const view = await batchOf(world, cast.finance[0].signer, id);
    if (view?.refusal !== undefined) throw new UnexpectedAnswer(`The batch was not funded: ${view.refusal}.`);
    return view?.status === 'issued' ? view : undefined;
  });
  const slips = await fetchSlips(world, workerOf(story, id), { batch: id, count });
  const vouchers = slips.map((slip): Voucher => {
    const purchases = purchasesOf(world, name);
    return {
      id: slip.voucherId,
      number: slip.number,
      group: slip.group,
      holder: undefined,
      balanceMinor: faceMinor,
      purchases,
    };
  });
  const batch: Batch = { id, campaign: name, count, faceMinor, vouchers };
  story.batches.set(name, batch);
  tally.issuedCount += count;
  tally.issuedMinor += count * faceMinor;
  return batch;
}

/** What a household will buy: on one to three days, at least so much of the voucher, now and then all of it. */
function purchasesOf(world: World, name: CampaignName): Purchase[] {
  const { story } = world;
  const { faceMinor, firstDay, lastDay, largestRedemptionMinor, leastSpentMinor } = campaignPlans[name];
  const open = days.filter((day) => day >= firstDay && day <= lastDay && day <= lastSalesDay);
  const visits = story.shuffled(open).slice(0, story.between(1, 3)).sort();
  let leftMinor = story.chance(30) ? faceMinor : story.between(leastSpentMinor, faceMinor);
  return visits.map((day, i) => {
    const isLast = i === visits.length - 1;
    const boughtMinor = Math.min(
      largestRedemptionMinor ?? faceMinor,
      isLast ? leftMinor : story.between(1_000, leftMinor - 1_000 * (visits.length - 1 - i)),
    );
    leftMinor -= boughtMinor;
    return { day, amountMinor: boughtMinor };
  });
}

function campaignId(story: Story, name: CampaignName): string {
  const campaign = story.campaigns.get(name);
  if (campaign === undefined) throw new Error(`The campaign ${name} has not begun.`);
  return campaign;
}

function workerOf(story: Story, batch: string): Signer {
  const { workers } = story.cast;
  return (workers[parseInt(batch.slice(0, 2), 16) % workers.length] ?? workers[0]).signer;
}
