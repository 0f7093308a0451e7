import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

/** Deny wins over allow; a category with no rule gets the unknown outcome. */
export const goodsRule = f.record({ category: f.code, verdict: f.oneOf('allow', 'deny') });

/** Batches up to this total need so many approvals by different officers. The last tier has no upper bound. */
export const approvalTier = f.record({ uptoMinor: f.optional(f.amountMinor), approvals: f.approvals });

export const programmeEvents = defineEvents({
  ProgrammeOpened: {
    about: 'A programme of relief campaigns, with its limits of approval.',
    public: {
      name: f.organisationName,
      approvalTiers: f.listOf(approvalTier, { min: 1, max: 5 }),
      officer: f.officer,
    },
  },
  GoodsPolicyPublished: {
    about: 'What vouchers may pay for, from now on.',
    public: {
      policyVersion: f.count,
      rules: f.listOf(goodsRule, { min: 0, max: 500 }),
      unknown: f.oneOf('allow', 'deny'),
      officer: f.officer,
    },
  },
  ProgrammeClosed: {
    about: 'No further campaign, batch or policy under this programme.',
    public: { officer: f.officer },
  },
});

export type ProgrammeEvent = EventsOf<typeof programmeEvents>;
