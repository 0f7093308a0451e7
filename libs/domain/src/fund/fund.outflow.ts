import { refuse } from '../kernel/decider.js';
import { chunkSegments, listed, takeLeftmost, totalOf } from '../kernel/segments.js';
import { actingOfficer, officerOf } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import { addDays } from '../settlement/days.js';
import type { FundCommand } from './fund.commands.js';
import type { CampaignOfFund, FundDecision, FundFacts } from './fund.facts.js';
import type { FundLine, FundState } from './fund.state.js';

/**
 * Free money to another fund. Also from a closed fund, so that what arrived late can go on. The transfer's id is the
 * command's; beyond 500 segments it has several parts, appended at once.
 */
export function sendTransfer(
  command: OfType<FundCommand, 'SendTransfer'>,
  state: FundState,
  facts: FundFacts,
): FundDecision {
  const { toFund, amountMinor } = command.data;
  const target = facts[`toFund:${toFund}`]?.state;
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('fund_unknown');
  if (officer === undefined) return refuse('officer_missing');
  if (toFund === command.data.fund) return refuse('same_fund');
  if (target === undefined || target.status === 'none') return refuse('target_unknown');
  if (target.kind === 'administration') return refuse('target_is_administration');
  if (target.status === 'closed') return refuse('target_closed');
  if (state.kind === 'administration') return refuse('administration_stays');
  if (!mayTransfer(state, target, facts.campaign?.state)) return refuse('earmarked');
  const split = takeLeftmost(state.free, amountMinor);
  if (split === undefined) return refuse('insufficient_funds');
  const chunks = chunkSegments(split.taken);
  return chunks.map((segments, index) => ({
    type: 'TransferSent',
    data: {
      transfer: command.id,
      toFund,
      amountMinor: totalOf(segments),
      segments: listed(segments),
      part: index + 1,
      parts: chunks.length,
      officer,
    },
  }));
}

/** Policy command. Refusals become the `refusal` of BatchFundingRefused. */
export function fundBatch(command: OfType<FundCommand, 'FundBatch'>, state: FundState, facts: FundFacts): FundDecision {
  const { batch, campaign: campaignId, totalMinor, fundingMode, fund } = command.data;
  const campaign = facts.campaign?.state;
  if (state.status === 'none') return refuse('fund_unknown');
  if (state.status === 'closed') return refuse('fund_closed');
  if (state.committed[batch] !== undefined) return [];
  if (state.kind === 'administration') return refuse('administration_stays');
  if (campaign === undefined || campaign.status === 'none') return refuse('campaign_unknown');
  if (!mayFund(state, { fund, campaign: campaignId }, campaign)) return refuse('earmarked');
  const split = takeLeftmost(state.free, totalMinor);
  if (split === undefined) return refuse('insufficient_funds');
  const chunks = chunkSegments(split.taken);
  let offset = 0;
  return chunks.map((segments, index) => {
    const amountMinor = totalOf(segments);
    const start = offset;
    offset += amountMinor;
    return {
      type: 'BatchFunded',
      data: {
        batch,
        campaign: campaignId,
        amountMinor,
        segments: listed(segments),
        offset: start,
        part: index + 1,
        parts: chunks.length,
        fundingMode,
      },
    };
  });
}

export function spendAdministration(
  command: OfType<FundCommand, 'SpendAdministration'>,
  state: FundState,
  facts: FundFacts,
): FundDecision {
  const officer = actingOfficer(facts.context);
  const secondOfficer = officerOf(facts.context.signers[1]);
  if (state.status === 'none') return refuse('fund_unknown');
  if (officer === undefined) return refuse('officer_missing');
  if (secondOfficer === undefined || secondOfficer === officer) return refuse('second_officer_missing');
  if (state.kind !== 'administration') return refuse('not_administration');
  const split = takeLeftmost(state.free, command.data.amountMinor);
  if (split === undefined) return refuse('insufficient_funds');
  return chunkSegments(split.taken).map((segments) => ({
    type: 'AdministrationSpent',
    data: {
      amountMinor: totalOf(segments),
      segments: listed(segments),
      purpose: command.data.purpose,
      officer,
      secondOfficer,
    },
    private: command.private,
  }));
}

/**
 * What this line and its facts can show: nothing free, no refund under way, every transfer received, every campaign with
 * money still committed over for a whole day, so that expiry has run. Redemptions, and what merchants owe, stand in other
 * streams; the auditor's sweep looks at each fen (docs/adr/0016).
 */
export function closeFund(command: OfType<FundCommand, 'CloseFund'>, state: FundState, facts: FundFacts): FundDecision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('fund_unknown');
  if (state.status === 'closed') return [];
  if (officer === undefined) return refuse('officer_missing');
  if (state.freeMinor > 0) return refuse('fund_not_empty');
  const pending = Object.entries(state.reserved).some(([refund, { donation }]) => {
    const refunds = donation === undefined ? [] : (facts[`donation:${donation}`]?.state.refunds ?? []);
    return !refunds.some((paid) => paid.refund === refund && paid.funds.includes(command.data.fund));
  });
  if (pending) return refuse('refund_pending');
  const inTransit = Object.entries(state.sentTo).some(([fund, sentMinor]) => {
    const target = facts[`toFund:${fund}`]?.state;
    return (
      target === undefined || target.status === 'none' || (target.receivedFrom[command.data.fund] ?? 0) < sentMinor
    );
  });
  if (inTransit) return refuse('transfer_in_transit');
  const outstanding = Object.values(state.committed).some(({ campaign }) => {
    const lastDay = facts[`campaign:${campaign}`]?.state.terms?.lastDay;
    return lastDay === undefined || facts.context.day <= addDays(lastDay, 1);
  });
  if (outstanding) return refuse('vouchers_outstanding');
  return [{ type: 'FundClosed', data: { officer } }];
}

/**
 * General money stays in its programme (a fund without one serves any); a campaign's money leaves only when its campaign
 * is closed, for the general fund of the same programme.
 */
function mayTransfer(source: FundLine, target: FundLine, campaign: CampaignOfFund | undefined): boolean {
  if (source.kind === 'campaign')
    return campaign?.status === 'closed' && target.kind === 'general' && target.programme === source.programme;
  return source.programme === undefined || source.programme === target.programme;
}

/** A campaign fund pays for the campaign that names it, and for one campaign only. */
function mayFund(
  line: FundLine,
  ids: { readonly fund: string; readonly campaign: string },
  campaign: CampaignOfFund,
): boolean {
  if (line.kind === 'campaign')
    return campaign.fund === ids.fund && (line.campaign === undefined || line.campaign === ids.campaign);
  return line.programme === undefined || line.programme === campaign.programme;
}
