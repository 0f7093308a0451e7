import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededEntropy } from '@aidtrail/testing/entropy';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { lifeStep, RandomLife } from '@aidtrail/testing/life';
import { openRelief } from '@aidtrail/testing/relief';
import { logOf } from '@aidtrail/testing/forging';
import { auditOf } from './audit-of.testing.js';

/*
 * An auditor who raises a false alarm is not believed the next time. Whatever a ledger was asked for, in whatever order,
 * and whatever it refused of that: its log passes.
 */
describe('the log of a random life', () => {
  it('passes the audit, with disclosures and without', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lifeStep, { minLength: 15, maxLength: 45 }), async (steps) => {
        const h = await createLedgerHarness({ entropy: seededEntropy('an audited life'), rowsAtATime: 2 });
        const life = new RandomLife(h, await openRelief(h));
        await life.take({ do: 'give', gifts: [3_000, 777, 1] });
        await life.take({ do: 'transfer', amount: 3_000 });
        await life.take({ do: 'batch', count: 3, face: 500 });
        for (const one of steps) await life.take(one);
        const log = await logOf(h);
        for (const disclosed of [false, true]) {
          const { findings, forged, summary } = auditOf(log, { disclosed });
          expect(findings).toStrictEqual([]);
          expect(forged).toStrictEqual([]);
          expect(summary.pendingEffects).toStrictEqual({});
        }
      }),
      { numRuns: 25 },
    );
  }, 240_000);
});
