import { describe, it } from '@jest/globals';
import { exampleContext } from '../kernel/examples.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { spec } from '../kernel/testing.js';
import { cutoffConcept } from './cutoff.decider.js';
import { cutoffCommandExamples as ask, cutoffEventExamples as event } from './cutoff.examples.js';

const facts = { context: exampleContext({ treeSize: 1_000 }) };
const second = { given: [event.CutoffSet()], when: ask.SetCutoff(), facts };

testRefusals(cutoffConcept, {
  cutoff_not_later: { of: second, change: { data: { to: 499 } } },
  beyond_checkpoint: { of: second, change: { context: { treeSize: 400 } } },
});

describe('windows', () => {
  it('are numbered from 1 and start with leaf 0', () => {
    spec(cutoffConcept)
      .given([])
      .when(ask.SetCutoff({ to: 1_000 }), facts)
      .then([event.CutoffSet({ number: 1, from: 0, to: 1_000 })]);
  });

  it('follow one another without a gap', () => {
    spec(cutoffConcept)
      .given([event.CutoffSet()])
      .when(ask.SetCutoff(), facts)
      .then([event.CutoffSet({ number: 2, from: 500, to: 900 })]);
  });

  it('end with at least one leaf: the first cannot be empty', () => {
    spec(cutoffConcept)
      .given([])
      .when(ask.SetCutoff({ to: 0 }), facts)
      .thenRefused('cutoff_not_later');
  });

  it('are set once, however many services ask', () => {
    spec(cutoffConcept)
      .given([event.CutoffSet()])
      .when(ask.SetCutoff({ to: 500 }), facts)
      .then([]);
  });
});
