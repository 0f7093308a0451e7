import type { FundedBatch, MerchantDebt, MerchantRecovery, MerchantSettlement, PolicyMemory } from '../ports.js';

/** Policy memory that lasts as long as the process; for tests and the memory store. */
export function createMemoryPolicyMemory(): PolicyMemory {
  let next = 0;
  const debts = new Map<number, MerchantDebt>();
  const recoveries = new Map<number, MerchantRecovery>();
  const movements = new Map<string, string>();
  const settlements = new Map<string, MerchantSettlement>();
  return {
    nextPosition: () => Promise.resolve(next),
    saveNextPosition: (position) => {
      next = Math.max(next, position);
      return Promise.resolve();
    },
    ...createBatchMemory(),
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

function createBatchMemory(): Pick<PolicyMemory, 'rememberBatch' | 'openBatches' | 'markExpired' | 'reopenBatch'> {
  const batches = new Map<string, FundedBatch>();
  const expiredAt = new Map<string, number>();
  const reopenedAt = new Map<string, number>();
  const mark = (marks: Map<string, number>, batchId: string, position: number): Promise<void> => {
    if (batches.has(batchId)) marks.set(batchId, Math.max(marks.get(batchId) ?? position, position));
    return Promise.resolve();
  };
  const isOpen = ({ batchId }: FundedBatch): boolean => {
    const expired = expiredAt.get(batchId);
    return expired === undefined || (reopenedAt.get(batchId) ?? expired) > expired;
  };
  return {
    rememberBatch: (batch) => {
      if (!batches.has(batch.batchId)) batches.set(batch.batchId, batch);
      return Promise.resolve();
    },
    openBatches: () => {
      let base = 0;
      const ordered = [...batches.values()].sort((a, b) => a.position - b.position);
      const withBase = ordered.map((batch) => ({ ...batch, base: (base += batch.count) - batch.count }));
      return Promise.resolve(withBase.filter(isOpen));
    },
    markExpired: (batchId, position) => mark(expiredAt, batchId, position),
    reopenBatch: (batchId, position) => mark(reopenedAt, batchId, position),
  };
}
