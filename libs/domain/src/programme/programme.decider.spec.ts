import { describe, expect, it } from '@jest/globals';
import { exampleContext, exampleDevice, exampleOfficer } from '../kernel/examples.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { spec } from '../kernel/testing.js';
import { approvalsFor, programmeConcept } from './programme.decider.js';
import { programmeCommandExamples as ask, programmeEventExamples as event } from './programme.examples.js';

const facts = { context: exampleContext({ signers: [exampleOfficer('programme', 'programme-zhao')] }) };
const anonymous = { signers: [exampleDevice('programme')] };
const opening = { given: [], when: ask.OpenProgramme(), facts };
const publishing = { given: [event.ProgrammeOpened()], when: ask.PublishGoodsPolicy(), facts };
const rule = (category: string, verdict: 'allow' | 'deny') => ({ category, verdict });

testRefusals(programmeConcept, {
  programme_exists: { of: opening, change: { given: [event.ProgrammeOpened()] } },
  programme_unknown: { of: publishing, change: { given: [] }, notWith: ['programme_closed'] },
  programme_closed: { of: publishing, change: { also: [event.ProgrammeClosed()] } },
  officer_missing: { of: opening, change: { context: anonymous } },
  approval_tiers_invalid: { of: opening, change: { data: { approvalTiers: [{ uptoMinor: 5, approvals: 1 }] } } },
  duplicate_category: {
    of: publishing,
    change: { data: { rules: [rule('salt', 'allow'), rule('salt', 'deny')] } },
  },
});

describe('a programme', () => {
  it('opens with its limits of approval', () => {
    spec(programmeConcept).given([]).when(ask.OpenProgramme(), facts).then([event.ProgrammeOpened()]);
  });

  it('counts its goods policies from 1', () => {
    const first = spec(programmeConcept).given([event.ProgrammeOpened()]).when(ask.PublishGoodsPolicy(), facts);
    first.then([event.GoodsPolicyPublished()]);
    first
      .accepted()
      .when(ask.PublishGoodsPolicy({ unknown: 'allow' }), facts)
      .then([event.GoodsPolicyPublished({ policyVersion: 2, unknown: 'allow' })]);
  });

  it('holds the latest goods policy', () => {
    const state = spec(programmeConcept)
      .given([event.ProgrammeOpened(), event.GoodsPolicyPublished(), event.GoodsPolicyPublished({ policyVersion: 2 })])
      .state();
    expect(state).toMatchObject({ status: 'open', policy: { policyVersion: 2, unknown: 'deny' } });
  });

  it('closes once', () => {
    const closing = spec(programmeConcept).given([event.ProgrammeOpened()]).when(ask.CloseProgramme(), facts);
    closing.then([event.ProgrammeClosed()]);
    closing.accepted().when(ask.CloseProgramme(), facts).then([]);
  });
});

describe('limits of approval', () => {
  const tiers = ask.OpenProgramme().data.approvalTiers;

  it.each([
    [1, 1],
    [1_000_000, 1],
    [1_000_001, 2],
    [100_000_000, 2],
    [100_000_001, 3],
    [Number.MAX_SAFE_INTEGER, 3],
  ])('a batch of %d fen needs %d approvals', (totalMinor, approvals) => {
    expect(approvalsFor(tiers, totalMinor)).toBe(approvals);
  });

  it.each([
    ['fall', [{ uptoMinor: 9, approvals: 1 }, { uptoMinor: 8, approvals: 2 }, { approvals: 3 }]],
    ['stand still', [{ uptoMinor: 9, approvals: 1 }, { uptoMinor: 9, approvals: 2 }, { approvals: 3 }]],
    ['ask for fewer approvals of more money', [{ uptoMinor: 9, approvals: 2 }, { approvals: 1 }]],
    ['leave a bound out before the last', [{ approvals: 1 }, { approvals: 2 }]],
  ])('may not %s', (_what, approvalTiers) => {
    spec(programmeConcept)
      .given([])
      .when(ask.OpenProgramme({ approvalTiers }), facts)
      .thenRefused('approval_tiers_invalid');
  });
});
