import type { FundedBatch, MerchantDebt, MerchantRecovery, MerchantSettlement, PolicyMemory } from '../ports.js';

/** Policy memory that lasts as long as the process; for tests and the memory store. */
export function createMemoryPolicyMemory(): PolicyMemory {
  let next = 0;
  const batches = new Map<string, FundedBatch & { expired: boolean }>();
  const debts = new Map<number, MerchantDebt>();
  const recoveries = new Map<number, MerchantRecovery>();
  const movements = new Map<string, string>();
  const settlements = new Map<string, MerchantSettlement>();
  const mark = (batchId: string, expired: boolean): Promise<void> => {
    const batch = batches.get(batchId);
    if (batch !== undefined) batch.expired = expired;
    return Promise.resolve();
  };
  return {
    nextPosition: () => Promise.resolve(next),
    saveNextPosition: (position) => {
      next = Math.max(next, position);
      return Promise.resolve();
    },
    rememberBatch: (batch) => {
      if (!batches.has(batch.batchId)) batches.set(batch.batchId, { ...batch, expired: false });
      return Promise.resolve();
    },
    openBatches: () => {
      let base = 0;
      const ordered = [...batches.values()].sort((a, b) => a.position - b.position);
      const withBase = ordered.map((batch) => ({ batch, base: (base += batch.count) - batch.count }));
      const open = withBase.filter(({ batch }) => !batch.expired);
      return Promise.resolve(open.map(({ batch: { expired: _, ...batch }, base }) => ({ ...batch, base })));
    },
    markExpired: (batchId) => mark(batchId, true),
    reopenBatch: (batchId) => mark(batchId, false),
    rememberSettlement: (settlement) => {
      const key = [settlement.merchant, settlement.fundingMode, settlement.cutoff].join(' ');
      if (!settlements.has(key)) settlements.set(key, settlement);
      return Promise.resolve();
    },
    settlementsBefore: (cutoff) => {
      const latest = new Map<string, MerchantSettlement>();
      for (const settlement of settlements.values()) {
        const key = `${settlement.merchant} ${settlement.fundingMode}`;
        const known = latest.get(key);
        if (settlement.cutoff < cutoff && (known === undefined || known.cutoff < settlement.cutoff)) {
          latest.set(key, settlement);
        }
      }
      return Promise.resolve([...latest.values()]);
    },
    rememberMovement: ({ eventId, merchant }) => {
      if (!movements.has(eventId)) movements.set(eventId, merchant);
      return Promise.resolve();
    },
    keptMerchants: (eventIds) => {
      const asked = new Set(eventIds);
      return Promise.resolve(new Map([...movements].filter(([id]) => asked.has(id))));
    },
    rememberDebt: (debt) => {
      if (!debts.has(debt.position)) debts.set(debt.position, debt);
      return Promise.resolve();
    },
    rememberRecovery: (recovery) => {
      recoveries.set(recovery.position, recovery);
      return Promise.resolve();
    },
    debtsOf: (merchant, before) => {
      const owed = [...debts.values()]
        .filter((debt) => debt.merchant === merchant && debt.position < before)
        .sort((a, b) => a.position - b.position);
      const recoveredMinor = [...recoveries.values()]
        .filter((recovery) => recovery.merchant === merchant && recovery.position < before)
        .reduce((sum, recovery) => sum + recovery.recoveredMinor, 0);
      return Promise.resolve({ eventIds: owed.map(({ eventId }) => eventId), recoveredMinor });
    },
  };
}
