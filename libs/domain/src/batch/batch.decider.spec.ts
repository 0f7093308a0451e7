import { describe, expect, it } from '@jest/globals';
import { campaignConcept } from '../campaign/campaign.decider.js';
import { campaignEventExamples as campaignEvent, exampleCampaign } from '../campaign/campaign.examples.js';
import { exampleBase64, exampleContext, exampleDevice, exampleOfficer, exampleUuid } from '../kernel/examples.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { factOf, spec } from '../kernel/testing.js';
import { programmeConcept } from '../programme/programme.decider.js';
import { exampleProgramme, programmeEventExamples as programmeEvent } from '../programme/programme.examples.js';
import { batchConcept } from './batch.decider.js';
import { batchCommandExamples as ask, batchEventExamples as event } from './batch.examples.js';

const chen = exampleOfficer('registrar', 'registrar-chen');
const zhao = exampleOfficer('programme', 'programme-zhao');
const li = exampleOfficer('finance', 'finance-li');
const wang = exampleOfficer('finance', 'finance-wang');

const campaign = factOf(campaignConcept, 'campaign-x', [campaignEvent.CampaignOpened()]);
const programme = factOf(programmeConcept, 'programme-x', [programmeEvent.ProgrammeOpened()]);
const closedProgramme = factOf(programmeConcept, 'programme-x', [
  programmeEvent.ProgrammeOpened(),
  programmeEvent.ProgrammeClosed(),
]);
const by = (...signers: (typeof zhao)[]) => ({ context: exampleContext({ signers }), campaign, programme });
const policy = { context: exampleContext() };

const drafting = { given: [], when: ask.DraftBatch(), facts: by(chen) };
const halfApproved = [event.BatchDrafted(), event.BatchApproved()];
const approved = [...halfApproved, event.BatchApproved({ officer: 'finance-li', approval: 2 })];
const approving = { given: halfApproved, when: ask.ApproveBatch(), facts: by(li) };
const completing = { given: approved, when: ask.CompleteBatch(), facts: policy };

testRefusals(batchConcept, {
  batch_exists: { of: drafting, change: { given: halfApproved } },
  batch_unknown: { of: approving, change: { given: [] }, notWith: ['batch_not_drafted'] },
  batch_not_drafted: { of: approving, change: { also: [event.BatchRejected()] } },
  batch_not_approved: { of: completing, change: { given: halfApproved } },
  officer_missing: { of: drafting, change: { context: { signers: [exampleDevice('registrar')] } } },
  maker_is_checker: {
    of: approving,
    change: { context: { signers: [{ ...zhao, officer: 'registrar-chen' }] } },
    notWith: ['checker_repeats'],
  },
  checker_repeats: { of: approving, change: { context: { signers: [zhao] } } },
  terms_differ: { of: approving, change: { data: { rosterRoot: exampleBase64(99) } } },
  campaign_not_open: { of: drafting, change: { facts: { campaign: factOf(campaignConcept, 'campaign-x', []) } } },
  programme_not_open: { of: drafting, change: { facts: { programme: closedProgramme } } },
  last_day_passed: { of: drafting, change: { context: { day: '2026-12-01' } } },
  fund_not_of_campaign: { of: drafting, change: { data: { fund: exampleUuid(0x999) } } },
  total_differs: { of: drafting, change: { data: { totalMinor: 1_999_999 } } },
});

describe('drafting', () => {
  it('keeps partner and communities private, and is readable without them', () => {
    spec(batchConcept).given([]).when(ask.DraftBatch(), by(chen)).then([event.BatchDrafted()]);
    const { private: _undisclosed, ...published } = event.BatchDrafted();
    expect(spec(batchConcept).given([published]).state()).not.toHaveProperty('partner');
  });

  it('asks for the campaign, then for its programme', () => {
    const first = [{ name: 'campaign', stream: `campaign-${exampleCampaign}` }];
    const second = [...first, { name: 'programme', stream: `programme-${exampleProgramme}` }];
    const none = { status: 'none' as const };
    expect(batchConcept.needs(ask.DraftBatch(), none, {})).toStrictEqual(first);
    expect(batchConcept.needs(ask.DraftBatch(), none, { campaign })).toStrictEqual(second);
    expect(batchConcept.needs(ask.ApproveBatch(), none, { campaign, programme })).toStrictEqual(second);
    expect(batchConcept.needs(ask.RejectBatch(), none, {})).toStrictEqual([]);
  });

  it('is possible to the end of the campaign’s last day', () => {
    const facts = { ...by(chen), context: exampleContext({ signers: [chen], day: '2026-11-30' }) };
    spec(batchConcept).given([]).when(ask.DraftBatch(), facts).then([event.BatchDrafted()]);
  });

  it('refuses a total beyond the safe integers, whatever it is said to be', () => {
    const beyond = { count: 10_000_000, faceMinor: Number.MAX_SAFE_INTEGER, totalMinor: Number.MAX_SAFE_INTEGER };
    spec(batchConcept).given([]).when(ask.DraftBatch(beyond), by(chen)).thenRefused('total_differs');
  });
});

describe('approval', () => {
  it.each([
    ['one checker for a small total', 50, 1],
    ['two checkers for a middling total', 100, 2],
    ['three checkers for a large total', 10_000, 3],
  ])('needs %s', (_what, count, approvals) => {
    const terms = { count, totalMinor: count * 20_000 };
    let batch = spec(batchConcept).given([event.BatchDrafted(terms)]);
    for (const [index, checker] of [zhao, li, wang].slice(0, approvals).entries()) {
      expect(batch.state()).toMatchObject({ status: 'drafted' });
      const outcome = batch.when(ask.ApproveBatch(terms), by(checker));
      const officer = checker.officer ?? '';
      outcome.then([event.BatchApproved({ ...terms, officer, approval: index + 1, approvals })]);
      batch = outcome.accepted();
    }
    expect(batch.state()).toMatchObject({ status: 'approved' });
    batch.when(ask.ApproveBatch(terms), by(exampleOfficer('finance', 'finance-sun'))).thenRefused('batch_not_drafted');
  });

  const others = {
    campaign: exampleUuid(0x999),
    fund: exampleUuid(0x999),
    count: 99,
    faceMinor: 19_999,
    totalMinor: 2_000_001,
    rosterRoot: exampleBase64(99),
  };
  it.each(Object.entries(others))('repeats every term: %s', (name, value) => {
    spec(batchConcept)
      .given([event.BatchDrafted()])
      .when(ask.ApproveBatch({ [name]: value }), by(zhao))
      .thenRefused('terms_differ');
  });

  it('compares officers, not keys: a second key of the maker is refused', () => {
    const secondKey = exampleOfficer('programme', 'registrar-chen', { keyId: 'f'.repeat(64) });
    spec(batchConcept)
      .given([event.BatchDrafted()])
      .when(ask.ApproveBatch(), by(secondKey))
      .thenRefused('maker_is_checker');
  });
});

describe('the end of a batch', () => {
  it('a checker declines, once, also after a first approval', () => {
    const rejected = spec(batchConcept).given(halfApproved).when(ask.RejectBatch(), by(li));
    rejected.then([event.BatchRejected({ officer: 'finance-li' })]);
    rejected.accepted().when(ask.RejectBatch(), by(li)).then([]);
  });

  it('the maker cannot decline in a checker’s place', () => {
    spec(batchConcept).given(halfApproved).when(ask.RejectBatch(), by(chen)).thenRefused('maker_is_checker');
  });

  it('the fund’s refusal ends it', () => {
    const unfunded = spec(batchConcept).given(approved).when(ask.RefuseBatchFunding(), policy);
    unfunded.then([event.BatchFundingRefused()]);
    unfunded.accepted().when(ask.RefuseBatchFunding(), policy).then([]);
    unfunded.accepted().when(ask.CompleteBatch(), policy).thenRefused('batch_not_approved');
  });

  it('is complete with its last voucher', () => {
    const completed = spec(batchConcept).given(approved).when(ask.CompleteBatch(), policy);
    completed.then([event.BatchCompleted()]);
    completed.accepted().when(ask.CompleteBatch(), policy).then([]);
  });

  it('is not complete with fewer', () => {
    spec(batchConcept)
      .given(approved)
      .when(ask.CompleteBatch({ count: 99 }), policy)
      .thenRefused('terms_differ');
  });
});
