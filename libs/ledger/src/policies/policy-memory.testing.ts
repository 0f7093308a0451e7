import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { FundedBatch, MerchantSettlement, PolicyMemory } from '../ports.js';

/** What every policy memory promises. `open` gives an empty one, and further processes on the same data. */
export function itRemembers(
  open: () => Promise<{ readonly memory: PolicyMemory; readonly besides: () => Promise<PolicyMemory> }>,
): void {
  it('keeps the next position, which never goes back', async () => {
    const { memory, besides } = await open();
    expect(await memory.nextPosition()).toBe(0);
    await memory.saveNextPosition(2 ** 33);
    await memory.saveNextPosition(7);
    expect(await memory.nextPosition()).toBe(2 ** 33);
    expect(await (await besides()).nextPosition()).toBe(2 ** 33);
  });

  it('lists open batches in order of funding, each with the count of all vouchers before it', async () => {
    const { memory, besides } = await open();
    const [first, second, third] = [batch(10, 3), batch(20, 5), batch(2 ** 33, 2)] as const;
    for (const one of [third, first, second]) await memory.rememberBatch(one);
    expect(await memory.openBatches()).toStrictEqual([
      { ...first, base: 0 },
      { ...second, base: 3 },
      { ...third, base: 8 },
    ]);
    await memory.markExpired(first.batchId, 30);
    const still = [
      { ...second, base: 3 },
      { ...third, base: 8 },
    ];
    expect(await memory.openBatches()).toStrictEqual(still);
    expect(await (await besides()).openBatches()).toStrictEqual(still);
  });

  it('remembers a batch once, and that it expired', async () => {
    const { memory } = await open();
    const one = batch(10, 3);
    await memory.rememberBatch(one);
    await memory.rememberBatch({ ...one, position: 11, count: 4 });
    expect(await memory.openBatches()).toStrictEqual([{ ...one, base: 0 }]);
    await memory.markExpired(one.batchId, 30);
    await memory.rememberBatch(one);
    expect(await memory.openBatches()).toStrictEqual([]);
  });

  it('looks at a batch again that was reopened', async () => {
    const { memory, besides } = await open();
    const [one, other] = [batch(10, 3), batch(20, 5)];
    for (const each of [one, other]) await memory.rememberBatch(each);
    for (const each of [one, other]) await memory.markExpired(each.batchId, 30);
    for (let time = 0; time < 2; time += 1) await memory.reopenBatch(other.batchId, 31);
    await memory.reopenBatch(randomUUID(), 31);
    for (const reader of [memory, await besides()])
      expect(await reader.openBatches()).toStrictEqual([{ ...other, base: 3 }]);
    await memory.markExpired(other.batchId, 2 ** 33);
    expect(await memory.openBatches()).toStrictEqual([]);
  });

  it('lets no process that lags behind take back what another one noted of a later event', async () => {
    const { memory, besides } = await open();
    const [reopened, expired] = [batch(10, 3), batch(20, 5)];
    for (const each of [reopened, expired]) await memory.rememberBatch(each);
    const lagging = await besides();
    await memory.markExpired(reopened.batchId, 30);
    await memory.reopenBatch(reopened.batchId, 31);
    await memory.markExpired(expired.batchId, 40);
    await lagging.markExpired(reopened.batchId, 30);
    await lagging.reopenBatch(expired.batchId, 31);
    expect(await memory.openBatches()).toStrictEqual([{ ...reopened, base: 0 }]);
  });

  it('finds the latest settlement before a cut-off, by merchant and funding mode', async () => {
    const { memory } = await open();
    const [corner, market] = [randomUUID(), randomUUID()];
    const all = [
      settlement(corner, 3),
      settlement(corner, 1),
      settlement(corner, 2, 'prepaid'),
      settlement(market, 2),
      settlement(market, 4),
    ] as const;
    for (const one of all) await memory.rememberSettlement(one);
    await memory.rememberSettlement({ ...all[0], settlementId: randomUUID() });
    const before = async (cutoff: number) => byId(await memory.settlementsBefore(cutoff));
    expect(await before(1)).toStrictEqual([]);
    expect(await before(3)).toStrictEqual(byId([all[1], all[2], all[3]]));
    expect(await before(5)).toStrictEqual(byId([all[0], all[2], all[4]]));
  });

  it('keeps at which merchants events moved money, as it was told first', async () => {
    const { memory, besides } = await open();
    const [known, other, unknown] = [randomUUID(), randomUUID(), randomUUID()];
    const merchant = randomUUID();
    await memory.rememberMovement({ eventId: known, merchant });
    await memory.rememberMovement({ eventId: known, merchant: randomUUID() });
    await memory.rememberMovement({ eventId: other, merchant });
    for (const reader of [memory, await besides()]) {
      expect(await reader.keptMerchants([known, unknown])).toStrictEqual(new Map([[known, merchant]]));
      expect(await reader.keptMerchants([])).toStrictEqual(new Map());
    }
  });

  it('lists a merchant’s debts in log order, and sums what was recovered before', async () => {
    const { memory } = await open();
    const merchant = randomUUID();
    const other = randomUUID();
    const [late, early, foreign] = [randomUUID(), randomUUID(), randomUUID()];
    for (let time = 0; time < 2; time += 1) {
      await memory.rememberDebt({ merchant, position: 50, eventId: late });
      await memory.rememberDebt({ merchant, position: 40, eventId: early });
      await memory.rememberDebt({ merchant: other, position: 41, eventId: foreign });
      await memory.rememberRecovery({ merchant, position: 60, recoveredMinor: 2 ** 40 });
      await memory.rememberRecovery({ merchant, position: 70, recoveredMinor: 5 });
      await memory.rememberRecovery({ merchant: other, position: 61, recoveredMinor: 9 });
    }
    expect(await memory.debtsOf(merchant, 71)).toStrictEqual({ eventIds: [early, late], recoveredMinor: 2 ** 40 + 5 });
    expect(await memory.debtsOf(merchant, 70)).toStrictEqual({ eventIds: [early, late], recoveredMinor: 2 ** 40 });
    expect(await memory.debtsOf(merchant, 50)).toStrictEqual({ eventIds: [early], recoveredMinor: 0 });
    expect(await memory.debtsOf(merchant, 40)).toStrictEqual({ eventIds: [], recoveredMinor: 0 });
  });
}

function batch(position: number, count: number): FundedBatch {
  return { position, batchId: randomUUID(), campaignId: randomUUID(), fundId: randomUUID(), count };
}

function settlement(merchant: string, cutoff: number, fundingMode = 'merchant-funded'): MerchantSettlement {
  return { merchant, fundingMode, cutoff, settlementId: randomUUID() };
}

function byId(settlements: readonly MerchantSettlement[]): readonly MerchantSettlement[] {
  return [...settlements].sort((a, b) => (a.settlementId < b.settlementId ? -1 : 1));
}
