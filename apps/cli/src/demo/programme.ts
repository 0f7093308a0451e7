import { allowedCategories, deniedCategories } from './baskets.js';
import type { Cast } from './cast.js';
import { campaignPlans, region, type CampaignName } from './places.js';
import type { Funds, Story } from './story.js';
import { submit, type World } from './world.js';

/** The programme, its limits of approval, its goods policy and its funds. */
export async function openProgramme(world: World, cast: Cast): Promise<{ programme: string; funds: Funds }> {
  const { entropy } = world;
  const [officer] = cast.programme;
  const programme = entropy.uuid();
  await submit(world, [officer.signer], {
    type: 'OpenProgramme',
    data: {
      programme,
      name: '爱心云备灾计划（演示）',
      approvalTiers: [{ uptoMinor: ONE_APPROVAL_UP_TO_MINOR, approvals: 1 }, { approvals: 2 }],
    },
  });
  await submit(world, [officer.signer], {
    type: 'PublishGoodsPolicy',
    data: {
      programme,
      rules: [
        ...allowedCategories.map((category) => ({ category, verdict: 'allow' as const })),
        ...deniedCategories.map((category) => ({ category, verdict: 'deny' as const })),
      ],
      unknown: 'deny',
    },
  });
  return { programme, funds: await openFunds(world, cast, programme) };
}

const ONE_APPROVAL_UP_TO_MINOR = 5_000_000;
const FEE_BASIS_POINTS = 300;

async function openFunds(world: World, cast: Cast, programme: string): Promise<Funds> {
  const { entropy } = world;
  const finance = [cast.finance[0].signer];
  const funds: Funds = {
    administration: entropy.uuid(),
    general: entropy.uuid(),
    preparedness: entropy.uuid(),
    warning: entropy.uuid(),
    recovery: entropy.uuid(),
  };
  await submit(world, finance, {
    type: 'OpenFund',
    data: {
      fund: funds.administration,
      kind: 'administration',
      name: '管理费资金',
      currency: 'CNY',
      feeBasisPoints: 0,
    },
  });
  const open = async (fund: string, kind: 'general' | 'campaign', name: string): Promise<void> => {
    await submit(world, finance, {
      type: 'OpenFund',
      data: {
        fund,
        kind,
        name,
        currency: 'CNY',
        programme,
        administrationFund: funds.administration,
        feeBasisPoints: FEE_BASIS_POINTS,
      },
    });
  };
  await open(funds.general, 'general', '备灾计划统筹资金');
  await open(funds.preparedness, 'campaign', '家庭备灾资金');
  await open(funds.warning, 'campaign', '台风预警资金');
  await open(funds.recovery, 'campaign', '洪灾恢复资金');
  return funds;
}

export async function openCampaign(world: World, story: Story, name: CampaignName, fund: string): Promise<void> {
  const plan = campaignPlans[name];
  const campaign = world.entropy.uuid();
  await submit(world, [story.cast.programme[0].signer], {
    type: 'OpenCampaign',
    data: {
      campaign,
      programme: story.programme,
      fund,
      name: plan.name,
      phase: plan.phase,
      hazard: plan.hazard,
      region: region[plan.area],
      purpose: plan.purpose,
      terms: {
        firstDay: plan.firstDay,
        lastDay: plan.lastDay,
        fundingMode: 'merchant-funded',
        assistedAllowed: plan.assistedAllowed,
        ...(plan.largestRedemptionMinor === undefined ? {} : { largestRedemptionMinor: plan.largestRedemptionMinor }),
      },
    },
  });
  story.campaigns.set(name, campaign);
}

/** Money from one fund to another; it is on the way until the policy has received it. */
export async function transfer(
  world: World,
  story: Story,
  way: { readonly from: string; readonly to: string; readonly amountMinor: number },
): Promise<void> {
  await submit(world, [story.cast.finance[0].signer], {
    type: 'SendTransfer',
    data: { fund: way.from, toFund: way.to, amountMinor: way.amountMinor },
  });
}
