import { sql } from 'kysely';
import type { ReadDatabase } from '../database.js';
import type { RowOf } from '../tables/define.js';
import type { Tables } from '../tables/index.js';

export interface CampaignFigures {
  readonly fundedMinor: number;
  readonly issuedCount: number;
  readonly issuedMinor: number;
  readonly claimedCount: number;
  /** Vouchers claimed for the first time: households reached. */
  readonly householdCount: number;
  readonly assistedClaimCount: number;
  readonly redeemedCount: number;
  /** Gross of reversals. */
  readonly redeemedMinor: number;
  readonly assistedRedemptionCount: number;
  readonly reversedCount: number;
  readonly reversedToVoucherMinor: number;
  readonly reversedToFundMinor: number;
  readonly reversedRecoverableMinor: number;
  readonly expiredCount: number;
  readonly expiredMinor: number;
  readonly cancelledCount: number;
  readonly cancelledMinor: number;
  readonly reissuedCount: number;
  readonly returnedMinor: number;
  readonly recoveredMinor: number;
}

/** What anybody may know of a campaign; its figures are published by rule. */
export interface CampaignTerms {
  readonly campaign: string;
  readonly programme: string;
  readonly fund: string;
  readonly name: string;
  readonly phase: string;
  readonly hazard: string;
  readonly region: string;
  readonly purpose: string;
  readonly status: string;
  readonly fundingMode: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly openedDay: string;
}

export interface CampaignSummary extends CampaignTerms, CampaignFigures {
  readonly batchCount: number;
  /** In vouchers, claimed or not, and not spent. */
  readonly outstandingMinor: number;
}

export interface CampaignDashboard extends CampaignSummary {
  readonly byDay: readonly (CampaignFigures & { readonly day: string })[];
}

/** Undefined if there is no such campaign. */
export async function campaignDashboard(
  database: ReadDatabase,
  campaign: string,
): Promise<CampaignDashboard | undefined> {
  const [summary] = await summaries(database, { campaign });
  if (summary === undefined) return undefined;
  const byDay = await database.db
    .selectFrom('campaign_days')
    .select('day')
    .select(figureColumns(false))
    .where('campaign', '=', campaign)
    .orderBy('day')
    .execute();
  return { ...summary, byDay: byDay.map(({ day, ...figures }) => ({ day, ...figures })) };
}

/** All campaigns, or those of one programme; the newest first. */
export function campaignList(
  database: ReadDatabase,
  of: { readonly programme?: string } = {},
): Promise<readonly CampaignSummary[]> {
  return summaries(database, of);
}

/** The terms of all campaigns, of those of one programme, or of one; the newest first. */
export async function campaignTerms(
  { db }: ReadDatabase,
  of: { readonly campaign?: string; readonly programme?: string } = {},
): Promise<readonly CampaignTerms[]> {
  let campaigns = db.selectFrom('campaigns').selectAll().orderBy('opened_day', 'desc').orderBy('campaign');
  if (of.campaign !== undefined) campaigns = campaigns.where('campaign', '=', of.campaign);
  if (of.programme !== undefined) campaigns = campaigns.where('programme', '=', of.programme);
  return (await campaigns.execute()).map(termsOf);
}

export interface ProgrammeSummary {
  readonly programme: string;
  readonly name: string;
  readonly status: string;
  readonly policyVersion: number;
  readonly openedDay: string;
  readonly campaigns: readonly CampaignSummary[];
  readonly totals: CampaignFigures & { readonly outstandingMinor: number };
}

/** Every programme with its campaigns and their totals; campaigns of unknown programmes are left out. */
export async function programmeSummary(database: ReadDatabase): Promise<readonly ProgrammeSummary[]> {
  const campaigns = await summaries(database, {});
  const programmes = await database.db
    .selectFrom('programmes')
    .selectAll()
    .orderBy('opened_day')
    .orderBy('programme')
    .execute();
  return programmes.map((row) => {
    const own = campaigns.filter((campaign) => campaign.programme === row.programme);
    const totals = { ...noFigures(), outstandingMinor: 0 };
    for (const campaign of own)
      for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += campaign[name];
    return {
      programme: row.programme,
      name: row.name,
      status: row.status,
      policyVersion: row.policy_version,
      openedDay: row.opened_day,
      campaigns: own,
      totals,
    };
  });
}

async function summaries(
  database: ReadDatabase,
  of: { readonly campaign?: string; readonly programme?: string },
): Promise<readonly CampaignSummary[]> {
  const terms = await campaignTerms(database, of);
  if (terms.length === 0) return [];
  const ids = terms.map(({ campaign }) => campaign);
  const { db } = database;
  const [figures, batches] = await Promise.all([
    db
      .selectFrom('campaign_days')
      .select('campaign')
      .select(figureColumns(true))
      .where('campaign', 'in', ids)
      .groupBy('campaign')
      .execute(),
    db
      .selectFrom('batches')
      .select('campaign')
      .select(({ fn }) => [
        fn.countAll<number>().as('batchCount'),
        sql<number>`sum(unclaimed_minor + held_minor)`.as('outstandingMinor'),
      ])
      .where('campaign', 'in', ids)
      .groupBy('campaign')
      .execute(),
  ]);
  const figuresOf = new Map(figures.map(({ campaign, ...rest }) => [campaign, rest]));
  const batchesOf = new Map(batches.map((row) => [row.campaign, row]));
  return terms.map((one) => ({
    ...one,
    batchCount: batchesOf.get(one.campaign)?.batchCount ?? 0,
    outstandingMinor: batchesOf.get(one.campaign)?.outstandingMinor ?? 0,
    ...(figuresOf.get(one.campaign) ?? noFigures()),
  }));
}

function termsOf(row: RowOf<Tables['campaigns']>): CampaignTerms {
  const { campaign, fund, hazard, name, phase, programme, purpose, region, status } = row;
  const { funding_mode: fundingMode, first_day: firstDay, last_day: lastDay, opened_day: openedDay } = row;
  const days = { firstDay, lastDay, openedDay };
  return { campaign, programme, fund, name, phase, hazard, region, purpose, status, fundingMode, ...days };
}

const FIGURES: Readonly<Record<keyof CampaignFigures, string>> = {
  fundedMinor: 'funded_minor',
  issuedCount: 'issued_count',
  issuedMinor: 'issued_minor',
  claimedCount: 'claimed_count',
  householdCount: 'household_count',
  assistedClaimCount: 'assisted_claim_count',
  redeemedCount: 'redeemed_count',
  redeemedMinor: 'redeemed_minor',
  assistedRedemptionCount: 'assisted_redemption_count',
  reversedCount: 'reversed_count',
  reversedToVoucherMinor: 'reversed_to_voucher_minor',
  reversedToFundMinor: 'reversed_to_fund_minor',
  reversedRecoverableMinor: 'reversed_recoverable_minor',
  expiredCount: 'expired_count',
  expiredMinor: 'expired_minor',
  cancelledCount: 'cancelled_count',
  cancelledMinor: 'cancelled_minor',
  reissuedCount: 'reissued_count',
  returnedMinor: 'returned_minor',
  recoveredMinor: 'recovered_minor',
};

function figureColumns(summed: boolean) {
  return (Object.entries(FIGURES) as [keyof CampaignFigures, string][]).map(([name, column]) =>
    (summed ? sql<number>`sum(${sql.ref(column)})` : sql<number>`${sql.ref(column)}`).as(name),
  );
}

function noFigures(): { -readonly [K in keyof CampaignFigures]: number } {
  return Object.fromEntries(Object.keys(FIGURES).map((name) => [name, 0])) as Record<keyof CampaignFigures, number>;
}
