import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededEntropy } from '@aidtrail/testing/entropy';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { lifeStep, RandomLife } from '@aidtrail/testing/life';
import { openRelief } from '@aidtrail/testing/relief';
import { checkLeaves, openLeavesOf } from './folding.testing.js';

describe('whatever was asked of a ledger, in whatever order', () => {
  it('its log has no finding, nothing is pending at rest, and any part of it or of its disclosures is as good', async () => {
    const parts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(lifeStep, { minLength: 5, maxLength: 35 }), parts, async (steps, ends) => {
        const h = await createLedgerHarness({ entropy: seededEntropy('an audited life'), rowsAtATime: 2 });
        const life = new RandomLife(h, await openRelief(h));
        await life.take({ do: 'give', gifts: [3_000, 777, 1] });
        await life.take({ do: 'transfer', amount: 3_000 });
        await life.take({ do: 'batch', count: 3, face: 500 });
        for (const one of steps) await life.take(one);
        const leaves = await openLeavesOf(h);
        const disclosed = checkLeaves(leaves.disclosed, true);
        expect(disclosed.findings).toStrictEqual([]);
        expect(disclosed.summary.pendingEffects).toStrictEqual({});
        expect(checkLeaves(leaves.public)).toStrictEqual(disclosed);
        for (const end of ends) {
          const part = leaves.disclosed.slice(0, Math.ceil(end * leaves.disclosed.length));
          expect(checkLeaves(part, true).findings).toStrictEqual([]);
          const some = leaves.disclosed.map((one, i) => ((i * ends.length) % 7 < 7 * end ? one : { leaf: one.leaf }));
          expect(checkLeaves(some, true).findings).toStrictEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  }, 240_000);
});
