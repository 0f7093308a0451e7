import type { FundedBatch, MerchantSettlement, PolicyMemory } from '../ports.js';

/** Policy memory that lasts as long as the process; for tests and the memory store. */
export function createMemoryPolicyMemory(): PolicyMemory {
  let next = 0;
  const batches = new Map<string, FundedBatch & { expired: boolean }>();
  const settlements = new Map<string, MerchantSettlement>();
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
    openBatches: () =>
      Promise.resolve([...batches.values()].filter((batch) => !batch.expired).sort((a, b) => a.position - b.position)),
    markExpired: (batchId) => {
      const batch = batches.get(batchId);
      if (batch !== undefined) batch.expired = true;
      return Promise.resolve();
    },
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
  };
}
