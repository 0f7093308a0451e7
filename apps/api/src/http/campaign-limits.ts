import type { BatchState, CampaignState, DonationState, VoucherState } from '@aidtrail/domain';
import { isUuid } from '@aidtrail/envelope';
import type { RequestPlace, System, WithinCampaigns } from '@aidtrail/nest';

/** For `ReadSession`: where a request says which campaign it is about. Whatever is not known lies within none. */

export const campaignInPath: WithinCampaigns = (_system, { params }, campaigns) => has(campaigns, params['id']);

export const campaignInQuery: WithinCampaigns = (_system, { query }, campaigns) => has(campaigns, query['campaign']);

export const batchInPath: WithinCampaigns = async (system, request, campaigns) => {
  const state = await stateInPath<BatchState>(system, 'batch', request);
  return state !== undefined && state.status !== 'none' && has(campaigns, state.terms.campaign);
};

export const voucherInPath: WithinCampaigns = async (system, request, campaigns) => {
  const state = await stateInPath<VoucherState>(system, 'voucher', request);
  return state !== undefined && state.status !== 'none' && has(campaigns, state.campaign);
};

/** A gift belongs to the campaigns that its own fund pays for, wherever its fen went later. */
export const donationInPath: WithinCampaigns = async (system, request, campaigns) => {
  const state = await stateInPath<DonationState>(system, 'donation', request);
  return state !== undefined && state.status !== 'none' && isFundOf(system, state.fund, campaigns);
};

export const intakeInPath: WithinCampaigns = async (system, { params }, campaigns) => {
  const owner = await system.donors.intakeOwner(params['id'] ?? '');
  return owner !== undefined && isFundOf(system, owner.fundId, campaigns);
};

export const fundInPath: WithinCampaigns = (system, { params }, campaigns) => isFundOf(system, params['id'], campaigns);

export const fundInQuery: WithinCampaigns = (system, { query }, campaigns) =>
  isFundOf(system, query['fund'], campaigns);

/** To read a person, one campaign that has them on a roster is enough. */
export const personInPath: WithinCampaigns = async (system, { params }, campaigns) =>
  (await system.people.campaignsOf(params['id'] ?? '')).some((campaign) => has(campaigns, campaign));

/** To erase a person reaches into every campaign that has them on a roster. */
export const wholePersonInPath: WithinCampaigns = async (system, { params }, campaigns) => {
  const touched = await system.people.campaignsOf(params['id'] ?? '');
  return touched.length > 0 && touched.every((campaign) => has(campaigns, campaign));
};

/** Untrusted: the id. Undefined for what is none. */
async function stateInPath<S>({ ledger }: System, category: string, { params }: RequestPlace): Promise<S | undefined> {
  const { id } = params;
  return isUuid(id) ? ((await ledger.stateOf(`${category}-${id}`)).state as S) : undefined;
}

async function isFundOf({ ledger }: System, fund: unknown, campaigns: readonly string[]): Promise<boolean> {
  for (const campaign of campaigns) {
    const state = (await ledger.stateOf(`campaign-${campaign}`)).state as CampaignState;
    if (state.status !== 'none' && state.fund === fund) return true;
  }
  return false;
}

function has(campaigns: readonly string[], campaign: unknown): boolean {
  return (campaigns as readonly unknown[]).includes(campaign);
}
