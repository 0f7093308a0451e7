import { describe, expect, it } from '@jest/globals';
import { exampleContext, exampleDevice, exampleOfficer } from '../kernel/examples.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { spec } from '../kernel/testing.js';
import { periodConcept } from './period.decider.js';
import { periodCommandExamples as ask, periodEventExamples as event } from './period.examples.js';

const li = exampleOfficer('finance', 'finance-li');
const wang = exampleOfficer('finance', 'finance-wang');
const facts = { context: exampleContext({ signers: [li, wang], day: '2026-11-02', treeSize: 1_000 }) };

const closing = { given: [], when: ask.ClosePeriod(), facts };
const correcting = { given: [event.PeriodClosed()], when: ask.PublishCorrection(), facts };

testRefusals(periodConcept, {
  period_closed: { of: closing, change: { given: [event.PeriodClosed()] } },
  period_not_over: { of: closing, change: { context: { day: '2026-10-31' } } },
  period_not_begun: { of: correcting, change: { data: { period: '2026-12' } } },
  officer_missing: { of: correcting, change: { context: { signers: [exampleDevice('finance')] } } },
  second_officer_missing: { of: closing, change: { context: { signers: [li, li] } } },
  beyond_checkpoint: { of: closing, change: { data: { upTo: 1_001 } } },
});

describe('a month', () => {
  it('is closed once, up to a signed tree size', () => {
    const closed = spec(periodConcept)
      .given([])
      .when(ask.ClosePeriod({ upTo: 1_000 }), facts);
    closed.then([event.PeriodClosed({ upTo: 1_000 })]);
    expect(closed.accepted().state()).toMatchObject({ status: 'closed', upTo: 1_000 });
    closed
      .accepted()
      .when(ask.ClosePeriod({ upTo: 1_000 }), facts)
      .thenRefused('period_closed');
  });

  it('is closed from the first day of the next on', () => {
    const onTheFirst = { context: { ...facts.context, day: '2026-11-01' } };
    spec(periodConcept).given([]).when(ask.ClosePeriod(), onTheFirst).then([event.PeriodClosed()]);
    spec(periodConcept)
      .given([])
      .when(ask.ClosePeriod({ period: '2026-11' }), onTheFirst)
      .thenRefused('period_not_over');
  });

  it.each([
    ['open', []],
    ['closed', [event.PeriodClosed()]],
  ])('is corrected in public while %s, and stays so', (status, given) => {
    const corrected = spec(periodConcept).given(given).when(ask.PublishCorrection(), facts);
    corrected.then([event.CorrectionPublished()]);
    expect(corrected.accepted().state()).toMatchObject({ status, corrections: 1 });
    expect(corrected.accepted().when(ask.PublishCorrection(), facts).accepted().state()).toMatchObject({
      status,
      corrections: 2,
    });
  });

  it('may be corrected after corrections and closed after a correction', () => {
    const closed = spec(periodConcept).given([event.CorrectionPublished()]).when(ask.ClosePeriod(), facts);
    closed.then([event.PeriodClosed()]);
    expect(closed.accepted().state()).toMatchObject({ status: 'closed', corrections: 1 });
  });
});
