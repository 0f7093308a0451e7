import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const phase = f.oneOf('preparedness', 'early-warning', 'recovery');

/** What holds for every voucher issued under the campaign. A voucher may be spent to the end of its last day. */
export const voucherTerms = f.record({
  firstDay: f.day,
  lastDay: f.day,
  fundingMode: f.fundingMode,
  assistedAllowed: f.flag,
  largestRedemptionMinor: f.optional(f.amountMinor),
});

export const campaignEvents = defineEvents({
  CampaignOpened: {
    about: 'A campaign of a programme: phase, hazard, region, purpose, the fund that pays, the terms of its vouchers.',
    public: {
      programme: f.uuid,
      fund: f.uuid,
      name: f.organisationName,
      phase,
      hazard: f.code,
      region: f.region,
      purpose: f.code,
      terms: voucherTerms,
      officer: f.officer,
    },
  },
  CampaignExtended: {
    about: 'The vouchers of the campaign are valid longer.',
    public: { lastDay: f.day, officer: f.officer },
  },
  CampaignClosed: {
    about: 'No further batch under this campaign.',
    public: { officer: f.officer },
  },
});

export type CampaignEvent = EventsOf<typeof campaignEvents>;
