import type { BatchEvent, CampaignEvent, PeriodEvent, ProgrammeEvent } from '@aidtrail/domain';
import { idOf } from '../projector/load.js';
import type { Work } from '../projector/work.js';
import type { Projections } from './projection.js';

export const programmeProjections: Projections<ProgrammeEvent> = {
  ProgrammeOpened({ data, day, stream }, work) {
    work.programmes.put({
      programme: idOf(stream),
      name: data.name,
      status: 'open',
      policy_version: 0,
      opened_day: day,
      closed_day: null,
    });
  },
  GoodsPolicyPublished({ data, stream }, work) {
    programmeOf(work, stream).policy_version = data.policyVersion;
  },
  ProgrammeClosed({ day, stream }, work) {
    const programme = programmeOf(work, stream);
    programme.status = 'closed';
    programme.closed_day = day;
  },
};

export const campaignProjections: Projections<CampaignEvent> = {
  CampaignOpened({ data, day, stream }, work) {
    work.campaigns.put({
      campaign: idOf(stream),
      programme: data.programme,
      fund: data.fund,
      name: data.name,
      phase: data.phase,
      hazard: data.hazard,
      region: data.region,
      purpose: data.purpose,
      first_day: data.terms.firstDay,
      last_day: data.terms.lastDay,
      funding_mode: data.terms.fundingMode,
      assisted_allowed: data.terms.assistedAllowed,
      status: 'open',
      opened_day: day,
    });
  },
  CampaignExtended({ data, stream }, work) {
    campaignOf(work, stream).last_day = data.lastDay;
  },
  CampaignClosed({ stream }, work) {
    campaignOf(work, stream).status = 'closed';
  },
};

export const batchProjections: Projections<BatchEvent> = {
  BatchDrafted({ data, day, position, stream }, work) {
    work.batches.put({
      batch: idOf(stream),
      campaign: data.campaign,
      fund: data.fund,
      count: data.count,
      face_minor: data.faceMinor,
      total_minor: data.totalMinor,
      status: 'drafted',
      approvals: 0,
      approvals_needed: 0,
      drafted_by: data.officer,
      refusal: null,
      funded_minor: 0,
      returned_minor: 0,
      recovered_minor: 0,
      issued_count: 0,
      claimed_count: 0,
      ended_count: 0,
      unclaimed_minor: 0,
      held_minor: 0,
      redeemed_minor: 0,
      given_back_minor: 0,
      owed_minor: 0,
      drafted_day: day,
      completed_day: null,
      position,
    });
  },
  BatchApproved({ data, stream }, work) {
    const batch = batchOf(work, stream);
    batch.approvals = data.approval;
    batch.approvals_needed = data.approvals;
    if (data.approval === data.approvals) batch.status = 'approved';
  },
  BatchRejected({ data, stream }, work) {
    const batch = batchOf(work, stream);
    batch.status = 'rejected';
    batch.refusal = data.reason;
  },
  BatchFundingRefused({ data, stream }, work) {
    const batch = batchOf(work, stream);
    batch.status = 'funding-refused';
    batch.refusal = data.refusal;
  },
  BatchCompleted({ day, stream }, work) {
    const batch = batchOf(work, stream);
    batch.status = 'issued';
    batch.completed_day = day;
  },
};

export const periodProjections: Projections<PeriodEvent> = {
  PeriodClosed({ data, day, position, stream }, work) {
    work.periods.put({
      period: idOf(stream),
      up_to: data.upTo,
      balances_digest: data.balancesDigest,
      closed_day: day,
      position,
    });
  },
  CorrectionPublished({ data, day, position, stream }, work) {
    work.corrections.push({
      position,
      period: idOf(stream),
      subject: data.subject,
      note_zh: data.noteZh,
      note_en: data.noteEn,
      officer: data.officer,
      day,
    });
  },
};

function programmeOf(work: Work, stream: string) {
  const programme = work.programmes.getOrThrow(idOf(stream));
  work.programmes.put(programme);
  return programme;
}

function campaignOf(work: Work, stream: string) {
  const campaign = work.campaigns.getOrThrow(idOf(stream));
  work.campaigns.put(campaign);
  return campaign;
}

function batchOf(work: Work, stream: string) {
  const batch = work.batches.getOrThrow(idOf(stream));
  work.batches.put(batch);
  return batch;
}
