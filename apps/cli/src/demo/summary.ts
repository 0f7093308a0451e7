import { campaignPlans, divisionNames, region, type CampaignName } from './places.js';
import { columns, yuan } from './print.js';
import { campaignOf, fundOf, trialBalance, type CampaignView, type FundView } from './reads.js';
import { traceCodeOf } from './staging.js';
import type { Batch, Story } from './story.js';
import { traceLines, type DonationTrace } from './trace-print.js';
import type { World } from './world.js';

/** What `--json` prints. Amounts in fen. */
export interface DemoSummary {
  readonly origin: string;
  readonly day: string;
  readonly logSize: number;
  readonly money: Readonly<Record<MoneyLine, number>>;
  readonly counts: Readonly<
    Record<'donations' | 'issued' | 'claimed' | 'redemptions' | 'assistedRedemptions' | 'refusals', number>
  >;
  readonly invariants: readonly Invariant[];
  readonly traces: { readonly company: DonationTrace; readonly single: DonationTrace };
}

export interface Invariant {
  readonly name: string;
  readonly holds: boolean;
}

export type MoneyLine = keyof typeof LABELS;

const LABELS = {
  intakeMinor: ['捐赠收入', 'money in'],
  feeMinor: ['管理费', 'management fee'],
  issuedMinor: ['发放', 'issued'],
  redeemedMinor: ['核销（净额）', 'redeemed, net of reversals'],
  outstandingMinor: ['未用', 'outstanding on vouchers'],
  expiredMinor: ['过期', 'expired'],
  returnedMinor: ['收回', 'returned to funds'],
  reissuedMinor: ['再次发放', 're-issued'],
  recoveredMinor: ['追回', 'recovered from a merchant'],
  settledMinor: ['商户结算', 'settled with merchants'],
  paidMinor: ['已付', 'paid by bank'],
  freeMinor: ['可用余额', 'still free for vouchers'],
  feeUnspentMinor: ['管理费结余', 'management fee not spent yet'],
} as const;

/** Reads the ledger's figures, holds them against each other and against the demo's own books. */
export async function summarise(
  world: World,
  story: Story,
  ledger: { readonly origin: string; readonly logSize: number },
): Promise<DemoSummary> {
  const { tally } = story;
  const finance = story.cast.finance[0].signer;
  const funds = await Promise.all(Object.values(story.funds).map((fund: string) => fundOf(world, finance, fund)));
  const campaigns = await Promise.all(
    [...story.campaigns.values()].map((campaign) => campaignOf(world, finance, campaign)),
  );
  const of = <T>(items: readonly T[], value: (item: T) => number): number =>
    items.reduce((total, item) => total + value(item), 0);
  const administration = funds.filter(({ kind }) => kind === 'administration');
  const relief = funds.filter(({ kind }) => kind !== 'administration');
  const net = (campaign: CampaignView): number =>
    campaign.redeemedMinor - campaign.reversedToVoucherMinor - campaign.reversedRecoverableMinor;
  const money = {
    intakeMinor: of(funds, (fund) => fund.grossIntakeMinor),
    feeMinor: of(funds, (fund) => fund.feeMinor),
    issuedMinor: of(campaigns, (campaign) => campaign.issuedMinor),
    redeemedMinor: of(campaigns, net),
    outstandingMinor: of(campaigns, (campaign) => campaign.outstandingMinor),
    expiredMinor: of(campaigns, (campaign) => campaign.expiredMinor),
    returnedMinor: of(funds, (fund) => fund.returnedMinor),
    reissuedMinor: tally.reissuedMinor,
    recoveredMinor: of(funds, (fund) => fund.recoveredMinor),
    settledMinor: tally.settledMinor,
    paidMinor: tally.paidMinor,
    freeMinor: of(relief, (fund) => fund.freeMinor),
    feeUnspentMinor: of(administration, (fund) => fund.freeMinor),
  };
  const counts = {
    donations: tally.donations,
    issued: of(campaigns, (campaign) => campaign.issuedCount),
    claimed: of(campaigns, (campaign) => campaign.householdCount),
    redemptions: of(campaigns, (campaign) => campaign.redeemedCount),
    assistedRedemptions: of(campaigns, (campaign) => campaign.assistedRedemptionCount),
    refusals: tally.refusals,
  };
  const { sumMinor } = await trialBalance(world, finance);
  return {
    ...ledger,
    day: world.day,
    money,
    counts,
    invariants: invariantsOf({ story, money, counts, funds, campaigns, trialBalanceMinor: sumMinor }),
    traces: await tracesOf(world, story),
  };
}

function invariantsOf(figures: {
  readonly story: Story;
  readonly money: DemoSummary['money'];
  readonly counts: DemoSummary['counts'];
  readonly funds: readonly FundView[];
  readonly campaigns: readonly CampaignView[];
  readonly trialBalanceMinor: number;
}): Invariant[] {
  const { campaigns, counts, funds, money } = figures;
  const { tally } = figures.story;
  const inStates = funds.reduce((total, fund) => total + statesOf(fund), 0);
  const recovery = campaigns.reduce((total, campaign) => total + campaign.reversedRecoverableMinor, 0);
  return [
    { name: 'trial balance is zero', holds: figures.trialBalanceMinor === 0 },
    { name: 'every fen is in one state: the states sum to the intake', holds: inStates === money.intakeMinor },
    {
      name: 'issued = outstanding + redeemed + expired + reversed after payout',
      holds: money.issuedMinor === money.outstandingMinor + money.redeemedMinor + money.expiredMinor + recovery,
    },
    { name: 'settled with merchants = redeemed − reversed', holds: money.settledMinor === money.redeemedMinor },
    { name: 'paid by bank = settled', holds: money.paidMinor === money.settledMinor },
    {
      name: 'the ledger’s figures are those of the demo’s own books',
      holds:
        money.intakeMinor === tally.intakeMinor &&
        money.issuedMinor === tally.issuedMinor &&
        money.expiredMinor === tally.expiredMinor &&
        money.redeemedMinor === tally.redeemedMinor - tally.reversedToVoucherMinor - tally.recoverableMinor &&
        counts.claimed === tally.claimedCount &&
        counts.redemptions === tally.redeemedCount &&
        counts.assistedRedemptions === tally.assistedRedemptions,
    },
  ];
}

function statesOf(fund: FundView): number {
  return (
    fund.feeInTransitMinor +
    fund.freeMinor +
    fund.inTransitMinor +
    fund.committedMinor +
    fund.redeemedMinor +
    fund.recoverableMinor +
    fund.refundReservedMinor +
    fund.refundedMinor +
    fund.spentOnAdministrationMinor
  );
}

async function tracesOf(world: World, story: Story): Promise<DemoSummary['traces']> {
  const { gifts } = story;
  const trace = async (code: string): Promise<DonationTrace> =>
    (await world.client.post('/traces', { traceCode: code })) as DonationTrace;
  const { intake } = gifts.singles;
  gifts.single = await traceCodeOf(world, story.cast.channels.online.signer, { intake, number: partedGift(story) });
  return { company: await trace(gifts.company), single: await trace(gifts.single) };
}

/** Net of the fee, each 1-yuan gift has 97 fen, one after another from the start of the line. */
const SINGLE_NET_MINOR = 97;

/**
 * The number of a 1-yuan gift of which a part was spent at once, while the rest came back with an expired voucher, went
 * out again and was spent then: a gift that lies across the point up to which a preparedness voucher had been spent.
 */
function partedGift(story: Story): number {
  const first = story.batches.get('preparedness');
  const second = story.batches.get('second');
  if (first === undefined || second === undefined) throw new Error('Both preparedness batches must have been issued.');
  let cameBackBefore = 0;
  for (const { balanceMinor, number } of first.vouchers) {
    const spent = first.faceMinor - balanceMinor;
    const point = number * first.faceMinor + spent;
    const inGift = point % SINGLE_NET_MINOR;
    const rest = SINGLE_NET_MINOR - inGift;
    const parted = spent >= inGift && inGift > 0 && rest <= balanceMinor;
    if (parted && wasSpent(second, cameBackBefore, rest)) return (point - inGift) / SINGLE_NET_MINOR;
    cameBackBefore += balanceMinor;
  }
  return 0;
}

/** Whether these fen of the batch's line are spent; vouchers spend from the left. */
function wasSpent(batch: Batch, start: number, length: number): boolean {
  const { faceMinor: face, vouchers } = batch;
  const within = start % face;
  const voucher = vouchers[(start - within) / face];
  return voucher !== undefined && within + length <= face - voucher.balanceMinor;
}

export function summaryLines(summary: DemoSummary, story: Story): string[] {
  const names = new Map([...story.batches].map(([name, { id }]) => [id, campaignWithCounty(name)]));
  const moneyRows = (Object.keys(LABELS) as MoneyLine[]).map((line) => [...LABELS[line], yuan(summary.money[line])]);
  const { assistedRedemptions, claimed, donations, issued, redemptions, refusals } = summary.counts;
  return [
    '',
    '汇总 Summary (yuan)',
    ...indent(columns(moneyRows, [2])),
    '',
    `   ${donations} donations, ${issued} vouchers, ${claimed} claimed, ${redemptions} redemptions ` +
      `(${assistedRedemptions} with a worker's help), ${refusals} refusals as they should be`,
    `   ${summary.logSize} signed events in the log`,
    '',
    '核对 Checks',
    ...summary.invariants.map(({ holds, name }) => `   ${holds ? '✔' : '✘'} ${name}`),
    '',
    '一笔企业捐赠的去向 Where the company’s gift is (yuan)',
    ...indent(traceLines(summary.traces.company, names)),
    '',
    '一元捐赠的去向 Where one 1-yuan gift is (yuan)',
    ...indent(traceLines(summary.traces.single, names)),
  ];
}

/** With its county, as the public site shows it: the operator's name, and the code that the ledger signs. */
function campaignWithCounty(campaign: CampaignName): string {
  const { area, name } = campaignPlans[campaign];
  const code = region[area];
  return `${name}（${divisionNames[code].zh} ${code}）`;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `   ${line}`);
}
