import { describe, expect, it } from '@jest/globals';
import { checkWords } from './check.words.js';
import { step, type Outcome, type Step } from './step.js';
import { verdictWords } from './verdict-words.js';

const { zh, en } = checkWords;

const stepsOf = (history: Outcome<'history'>, witnesses: Outcome<'witnesses'>, entry = true): readonly Step[] => [
  step('policy', 'same'),
  step('checkpoint', 'signed'),
  step('witnesses', witnesses),
  step('history', history),
  ...(entry ? [step('entry', 'included')] : []),
];

const wordsOf = (...of: Parameters<typeof stepsOf>) => verdictWords({ steps: stepsOf(...of), isDemo: false }, zh);

describe('the heading of a verdict', () => {
  it.each(['same', 'grown'] as const)(
    'says that no change was found if the last visit was met again: %s',
    (history) => {
      expect(wordsOf(history, 'ownMachine').title).toBe('没有发现改动：签名、证明和检查点都成立');
      expect(wordsOf(history, 'notAsked', false).title).toBe('没有发现改动：检查点和签名都成立');
      expect(wordsOf(history, 'ownMachine').texts).toEqual([zh.unwitnessed.ownMachine]);
      expect(wordsOf(history, 'quorum').texts).toEqual([zh.allText.good]);
    },
  );

  it('says only what holds on a first visit, and that there was nothing to compare with', () => {
    expect(wordsOf('first', 'ownMachine')).toEqual({
      title: '签名和证明都成立',
      texts: [zh.unwitnessed.ownMachine, zh.firstVisit],
    });
    expect(wordsOf('first', 'notAsked', false).title).toBe('检查点和签名都成立');
    expect(wordsOf('first', 'quorum')).toEqual({ title: zh.all.good, texts: [zh.allText.good, zh.firstVisit] });
    for (const entry of [true, false])
      for (const witnesses of ['ownMachine', 'notAsked', 'quorum'] as const) {
        const steps = stepsOf('first', witnesses, entry);
        expect(JSON.stringify(verdictWords({ steps, isDemo: true }, zh))).not.toContain('没有发现改动');
        expect(JSON.stringify(verdictWords({ steps, isDemo: true }, en))).not.toContain('No change was found');
      }
  });

  it('is of a demo where witnesses run beside it, and not where there are none', () => {
    const textOf = (witnesses: Outcome<'witnesses'>) =>
      verdictWords({ steps: stepsOf('same', witnesses), isDemo: true }, en).texts;
    expect(textOf('ownMachine')).toEqual([en.unwitnessed.demo]);
    expect(textOf('notAsked')).toEqual([en.unwitnessed.notAsked]);
  });

  it.each(['older', 'notCompared', 'unreachable', 'forked', 'shorter'] as const)(
    'says nothing of changes if the comparison did not end well: %s',
    (history) => {
      const { title, texts } = wordsOf(history, 'quorum');
      expect([zh.all.open, zh.all.bad]).toContain(title);
      expect(texts).toHaveLength(1);
    },
  );
});
