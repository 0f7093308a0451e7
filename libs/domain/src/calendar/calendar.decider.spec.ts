import { describe, expect, it } from '@jest/globals';
import { exampleContext } from '../kernel/examples.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { spec } from '../kernel/testing.js';
import { calendarConcept } from './calendar.decider.js';
import { calendarCommandExamples as ask, calendarEventExamples as event } from './calendar.examples.js';

const facts = { context: exampleContext({ day: '2026-11-01' }) };
const next = { given: [event.DayStarted()], when: ask.StartDay(), facts };

testRefusals(calendarConcept, {
  day_not_in_calendar: { of: next, change: { data: { day: '2026-02-31' } } },
  day_not_later: { of: next, change: { given: [event.DayStarted({ day: '2026-11-03' })] } },
});

describe('days', () => {
  it('follow one another', () => {
    spec(calendarConcept)
      .given([event.DayStarted()])
      .when(ask.StartDay(), facts)
      .then([event.DayStarted({ day: '2026-11-03' })]);
  });

  it('start after the opening day', () => {
    const empty = spec(calendarConcept).given([]);
    empty.when(ask.StartDay({ day: '2026-11-01' }), facts).thenRefused('day_not_later');
    empty.when(ask.StartDay({ day: '2026-11-02' }), facts).then([event.DayStarted()]);
  });

  it('may be missing, and include the 29th of February in leap years only', () => {
    const winter = spec(calendarConcept).given([event.DayStarted()]);
    winter.when(ask.StartDay({ day: '2028-02-29' }), facts).then([event.DayStarted({ day: '2028-02-29' })]);
    winter.when(ask.StartDay({ day: '2027-02-29' }), facts).thenRefused('day_not_in_calendar');
  });

  it('are known with the leaves of the latest two, by which backdating is bounded', () => {
    const state = (...days: string[]) =>
      spec(calendarConcept)
        .given(days.map((day, index) => ({ ...event.DayStarted({ day }), position: 10 * (index + 1) })))
        .state();
    expect(state('2026-11-02')).toStrictEqual({ status: 'running', day: '2026-11-02', position: 10 });
    expect(state('2026-11-02', '2026-11-03', '2026-11-04')).toStrictEqual({
      status: 'running',
      day: '2026-11-04',
      position: 30,
      previousPosition: 20,
    });
  });
});
