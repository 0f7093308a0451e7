import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueOf, settle, type SettlementInput } from './settlement.figures.js';

const first = { carriedOutMinor: 0, withheldBalanceMinor: 0, recoverableBalanceMinor: 0 };
const window = (figures: Partial<SettlementInput>): SettlementInput => ({
  grossMinor: 0,
  reversalsMinor: 0,
  recoverableMinor: 0,
  withheldMinor: 0,
  releasedMinor: 0,
  before: first,
  ...figures,
});
const next = (settled: ReturnType<typeof settle>, figures: Partial<SettlementInput>) =>
  settle(window({ ...figures, before: settled }));

describe('a merchant’s settlements', () => {
  it('carry a debt until there is something to net it against, and recover it then', () => {
    const indebted = settle(window({ reversalsMinor: 100, recoverableMinor: 100 }));
    expect(indebted).toMatchObject({
      netMinor: 0,
      carriedOutMinor: 100,
      recoveredMinor: 0,
      recoverableBalanceMinor: 100,
    });
    const partly = next(indebted, { grossMinor: 60 });
    expect(partly).toMatchObject({ netMinor: 0, carriedInMinor: 100, carriedOutMinor: 40, recoveredMinor: 60 });
    const cleared = next(partly, { grossMinor: 300 });
    expect(cleared).toMatchObject({
      netMinor: 260,
      carriedOutMinor: 0,
      recoveredMinor: 40,
      recoverableBalanceMinor: 0,
    });
  });

  it('do not call recovered what was reversed before payout', () => {
    const indebted = settle(window({ reversalsMinor: 50 }));
    expect(indebted).toMatchObject({ netMinor: 0, carriedOutMinor: 50, recoveredMinor: 0 });
    expect(next(indebted, { grossMinor: 80 })).toMatchObject({ netMinor: 30, recoveredMinor: 0 });
  });

  it('pay later what they withheld', () => {
    const withheld = settle(window({ grossMinor: 100, withheldMinor: 30 }));
    expect(withheld).toMatchObject({ netMinor: 70, withheldBalanceMinor: 30 });
    expect(next(withheld, { releasedMinor: 30 })).toMatchObject({ netMinor: 30, withheldBalanceMinor: 0 });
  });

  const step = fc.record({
    grossMinor: fc.nat(500),
    before: fc.nat(300),
    after: fc.nat(300),
    withhold: fc.nat(400),
    release: fc.nat(400),
  });

  it('never lose or invent a fen, whatever is reversed, withheld and carried', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        let before: SettlementInput['before'] = first;
        let owedMinor = 0;
        let paidMinor = 0;
        let recoverableMinor = 0;
        for (const { grossMinor, before: early, after: late, withhold, release } of steps) {
          const releasedMinor = Math.min(release, before.withheldBalanceMinor);
          const figures = { grossMinor, reversalsMinor: early + late, recoverableMinor: late, releasedMinor, before };
          const withheldMinor = Math.min(withhold, Math.max(0, dueOf(figures)));
          const settled = settle({ ...figures, withheldMinor });
          owedMinor += grossMinor - early - late;
          recoverableMinor += late - settled.recoveredMinor;
          paidMinor += settled.netMinor;
          expect(Object.values(settled).every((amount) => Number.isSafeInteger(amount) && amount >= 0)).toBe(true);
          expect(settled.netMinor === 0 || settled.carriedOutMinor === 0).toBe(true);
          expect(paidMinor).toBe(owedMinor - settled.withheldBalanceMinor + settled.carriedOutMinor);
          expect(settled.recoverableBalanceMinor).toBe(recoverableMinor);
          if (settled.carriedOutMinor === 0) expect(recoverableMinor).toBe(0);
          before = settled;
        }
      }),
    );
  });
});
