import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { policyTriggers } from '@aidtrail/domain';
import type { Leaf } from '@aidtrail/envelope';
import { checkLeaves, openLeavesOf, type OpenLeaf } from './folding.testing.js';
import { fullLife } from './full-life.testing.js';
import { LogInHand } from './log-in-hand.testing.js';

let leaves: { readonly public: readonly OpenLeaf[]; readonly disclosed: readonly OpenLeaf[] };

beforeAll(async () => {
  leaves = await openLeavesOf(await fullLife());
});

describe('a log in which something was done to any of its leaves', () => {
  const effects = new Set<string>(Object.values(policyTriggers).flatMap(({ events }) => events));

  it('misses whatever effect is taken out of it, wherever it stood', () => {
    for (const [index, { leaf }] of leaves.public.entries()) {
      if (!effects.has(leaf.type)) continue;
      const log = new LogInHand(leaves.public);
      log.blankAt(index);
      const { findings } = checkLeaves(log.leaves);
      expect({ index, type: leaf.type, found: findings.length }).not.toMatchObject({ found: 0 });
    }
  });

  it('tells whatever effect is there twice', () => {
    for (const [index, { leaf }] of leaves.public.entries()) {
      if (!effects.has(leaf.type)) continue;
      const log = new LogInHand(leaves.public);
      log.append(leaf);
      const codes = checkLeaves(log.leaves).findings.map(({ code }) => code);
      const told = codes.some((code) => code.startsWith('effect_'));
      expect({ index, type: leaf.type, told }).toMatchObject({ told: true });
    }
  });

  it('shows any number that is larger by 1, unless it is for the rules of its own stream to tell', () => {
    const missed = new Set<string>();
    for (const [index, { leaf }] of leaves.public.entries())
      for (const { name, data } of numbersRaised(leaf)) {
        const log = [...leaves.public];
        log[index] = { leaf: { ...leaf, data } };
        if (checkLeaves(log).findings.length === 0) missed.add(`${leaf.type} ${name}`);
      }
    expect([...missed].sort()).toStrictEqual(ofItsOwnRules);
  });

  it('is read to its end, whatever it says', () => {
    const place = fc.nat(1_000);
    const deed = fc.record({
      what: fc.constantFrom('swap', 'repeat', 'number'),
      place,
      other: place,
      amount: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(deed, { minLength: 1, maxLength: 6 }), (deeds) => {
        const log = new LogInHand(leaves.disclosed);
        for (const one of deeds) log.meddle(one);
        expect(() => checkLeaves(log.leaves, true)).not.toThrow();
      }),
      { numRuns: 150 },
    );
  });
});

/** Terms and figures that move no fen themselves: whoever decided the event compared them with what was there. */
const ofItsOwnRules = [
  'BatchApproved approval',
  'BatchApproved count',
  'BatchApproved faceMinor',
  'BatchDrafted count',
  'BatchDrafted faceMinor',
  'FundOpened feeBasisPoints',
  'GoodsPolicyPublished policyVersion',
  'IntakeReceived feeBasisPoints',
  'LedgerOpened k',
  'LedgerOpened utcOffsetMinutes',
  'MerchantApproved approval',
  'MerchantApproved approvals',
  'MerchantApproved holdDays',
  'ProgrammeOpened approvals',
  'RefundReleased segments',
];

/** The leaf's data with each of its numbers raised, one at a time, and the field that it is in. */
function* numbersRaised({ data }: Leaf): Generator<{ readonly name: string; readonly data: Leaf['data'] }> {
  for (let which = 0; ; which += 1) {
    let seen = -1;
    let name = '';
    const raise = (field: string, value: unknown): unknown => {
      if (Array.isArray(value)) return value.map((item) => raise(field, item));
      if (typeof value === 'object' && value !== null)
        return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inner, raise(inner, item)]));
      if (typeof value !== 'number') return value;
      seen += 1;
      if (seen !== which) return value;
      name = field;
      return value + 1;
    };
    const raised = raise('', data) as Leaf['data'];
    if (seen < which) return;
    yield { name, data: raised };
  }
}
