import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { VoucherState } from '@aidtrail/domain';
import { seededEntropy } from '@aidtrail/testing/entropy';
import { createLedgerHarness, type LedgerHarness } from '@aidtrail/testing/ledger';
import { lifeStep, RandomLife, type LifeStep } from '@aidtrail/testing/life';
import { leavesOf, leavesOfType, MoneyTrail } from '@aidtrail/testing/reading';
import { openRelief, type ReliefScenario } from '@aidtrail/testing/relief';
import { settlementProblems } from '@aidtrail/testing/settling';

/*
 * Random lives of a campaign through the real pipeline and the real policies. What is asked for may well be refused; what
 * matters is that after each step the invariants of the domain hold in the store, as an auditor would compute them.
 */
describe('whatever is asked of the ledger, in whatever order', () => {
  it('every fen has one address, the books agree, and settlements add up, after each step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lifeStep, { minLength: 5, maxLength: 35 }), async (steps) => {
        const h = await createLedgerHarness({ entropy: seededEntropy('a random life'), rowsAtATime: 2 });
        const life = new Life(h, await openRelief(h));
        await life.take({ do: 'give', gifts: [3_000, 777, 1] });
        await life.take({ do: 'transfer', amount: 3_000 });
        await life.take({ do: 'batch', count: 3, face: 500 });
        for (const one of steps) await life.take(one);
        await life.end();
      }),
      { numRuns: 30 },
    );
  }, 240_000);

  it('debts come home also when a later settlement is paid before an earlier one', async () => {
    const h = await createLedgerHarness({ entropy: seededEntropy('paid out of order') });
    const life = new Life(h, await openRelief(h));
    const steps: readonly LifeStep[] = [
      { do: 'give', gifts: [5_000] },
      { do: 'transfer', amount: 4_000 },
      { do: 'batch', count: 3, face: 1_000 },
      { do: 'claim', pick: 0 },
      { do: 'redeem', pick: 0, amount: 300 },
      { do: 'redeem', pick: 0, amount: 200 },
      { do: 'cutoff' },
      ...settled(0),
      { do: 'reverse', pick: 0, amount: 100 },
      { do: 'redeem', pick: 0, amount: 150 },
      { do: 'cutoff' },
      ...prepared(1),
      { do: 'reverse', pick: 1, amount: 60 },
      { do: 'redeem', pick: 0, amount: 90 },
      { do: 'cutoff' },
      ...settled(2),
      ...settled(1),
    ];
    for (const one of steps) await life.take(one);
    expect(await leavesOfType(h.store, 'SettlementPaid')).toHaveLength(3);
    expect(life.trail.sweep.totals().recoverable).toBe(0);
    await life.end();
  });
});

function prepared(which: number): readonly LifeStep[] {
  return [1, 2].map(() => ({ do: 'settle', pick: which, withhold: 0 }) as const);
}

function settled(which: number): readonly LifeStep[] {
  return [
    ...prepared(which),
    { do: 'day', last: false },
    ...[1, 2].map(() => ({ do: 'settle', pick: which, withhold: 0 }) as const),
  ];
}

class Life {
  readonly trail = new MoneyTrail();
  private readonly life: RandomLife;

  constructor(
    private readonly h: LedgerHarness,
    relief: ReliefScenario,
  ) {
    this.life = new RandomLife(h, relief);
  }

  async take(one: LifeStep): Promise<void> {
    await this.life.take(one);
    await this.trail.follow(this.h.store);
    expect({ after: one, problems: this.trail.problems }).toStrictEqual({ after: one, problems: [] });
    expect({ after: one, problems: await settlementProblems(this.h) }).toStrictEqual({ after: one, problems: [] });
  }

  /** What holds of a whole life: versions without gaps, each command once, vouchers and lines agree. */
  async end(): Promise<void> {
    const versions = new Map<string, number>();
    const commands = new Set<string>();
    for (const { stored, leaf } of await leavesOf(this.h.store)) {
      expect(leaf.version).toBe((versions.get(leaf.stream) ?? 0) + 1);
      expect([stored.stream, stored.version, stored.id]).toStrictEqual([leaf.stream, leaf.version, leaf.id]);
      versions.set(leaf.stream, leaf.version);
      if ('body' in leaf.command) {
        expect(commands.has(leaf.command.body.id)).toBe(false);
        commands.add(leaf.command.body.id);
      }
    }
    let outstanding = 0;
    for (const voucher of this.life.vouchers) {
      const { state } = await this.h.ledger.stateOf(`voucher-${voucher}`);
      const { unspent } = state as Exclude<VoucherState, { status: 'none' }>;
      outstanding += unspent.reduce((sum, [, length]) => sum + length, 0);
    }
    expect(this.trail.sweep.totals()).toMatchObject({ outstanding, in_transit: 0 });
  }
}
