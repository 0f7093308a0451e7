import * as f from '../kernel/fields.js';
import { defineEvents, type EventsOf } from '../kernel/table.js';

export const batchTerms = {
  campaign: f.uuid,
  fund: f.uuid,
  count: f.count,
  faceMinor: f.amountMinor,
  totalMinor: f.amountMinor,
  rosterRoot: f.hash,
};

export const batchEvents = defineEvents({
  BatchDrafted: {
    about:
      'The maker proposes to issue `count` vouchers of `faceMinor` each to the households committed to by `rosterRoot`.',
    public: { ...batchTerms, officer: f.officer },
    disclosure: { partner: f.uuid, communities: f.listOf(f.privateText, { min: 1, max: 200 }) },
    never: ['roster'],
  },
  BatchApproved: {
    about:
      'A checker, who is not the maker nor an earlier checker, approves and repeats all of it. Approval `approval` of `approvals`; the last one sets funding off.',
    public: { ...batchTerms, officer: f.officer, approval: f.part, approvals: f.part },
  },
  BatchRejected: {
    about: 'A checker declined.',
    public: { officer: f.officer, reason: f.code },
  },
  BatchFundingRefused: {
    about: 'The fund could not pay for the approved batch; nothing was issued.',
    public: { fund: f.uuid, totalMinor: f.amountMinor, refusal: f.refusalCode },
  },
  BatchCompleted: {
    about: 'Every voucher of the batch has been issued.',
    public: { count: f.count, totalMinor: f.amountMinor },
  },
});

export type BatchEvent = EventsOf<typeof batchEvents>;
