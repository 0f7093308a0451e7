import { sql } from 'kysely';
import type { ReadDatabase } from '../database.js';

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

export interface CampaignSummary extends CampaignFigures {
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
  { db }: ReadDatabase,
  of: { readonly campaign?: string; readonly programme?: string },
): Promise<readonly CampaignSummary[]> {
  let campaigns = db.selectFrom('campaigns').selectAll().orderBy('opened_day', 'desc').orderBy('campaign');
  if (of.campaign !== undefined) campaigns = campaigns.where('campaign', '=', of.campaign);
  if (of.programme !== undefined) campaigns = campaigns.where('programme', '=', of.programme);
  const rows = await campaigns.execute();
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.campaign);
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
  return rows.map((row) => ({
    campaign: row.campaign,
    programme: row.programme,
    fund: row.fund,
    name: row.name,
    phase: row.phase,
    hazard: row.hazard,
    region: row.region,
    purpose: row.purpose,
    status: row.status,
    fundingMode: row.funding_mode,
    firstDay: row.first_day,
    lastDay: row.last_day,
    openedDay: row.opened_day,
    batchCount: batchesOf.get(row.campaign)?.batchCount ?? 0,
    outstandingMinor: batchesOf.get(row.campaign)?.outstandingMinor ?? 0,
    ...(figuresOf.get(row.campaign) ?? noFigures()),
  }));
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
