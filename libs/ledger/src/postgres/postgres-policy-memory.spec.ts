import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { itRemembers } from '../policies/policy-memory.testing.js';
import { createPostgresPolicyMemory } from './postgres-policy-memory.js';
import { createTestPools } from './pools.testing.js';

describe('the policy memory in PostgreSQL', () => {
  const pools = createTestPools();
  afterEach(() => pools.end());

  itRemembers(async () => {
    const open = await pools.onNewDatabase();
    const besides = async () => createPostgresPolicyMemory(open());
    return { memory: await besides(), besides };
  });

  it('goes on from a database in which batches had a flag and no positions', async () => {
    const open = await pools.onNewDatabase();
    const [expired, still] = [batchAt(10), batchAt(20)];
    const old = open();
    await old.query(TABLES_WITH_A_FLAG);
    for (const { batchId, position, campaignId, fundId, count } of [expired, still])
      await old.query('INSERT INTO ledger.policy_batches VALUES ($1, $2, $3, $4, $5, $6)', [batchId, position, campaignId, fundId, count, position === 10]); // prettier-ignore
    await old.query('INSERT INTO ledger.policy_position VALUES (true, 41)');

    const memory = await createPostgresPolicyMemory(open());
    expect(await memory.nextPosition()).toBe(41);
    expect(await memory.openBatches()).toStrictEqual([{ ...still, base: 3 }]);
    // The event at 40 was handled; that at 41 is the first that may open it again.
    await memory.reopenBatch(expired.batchId, 40);
    expect(await memory.openBatches()).toStrictEqual([{ ...still, base: 3 }]);
    await memory.reopenBatch(expired.batchId, 41);
    await memory.markExpired(still.batchId, 42);
    for (const reader of [memory, await createPostgresPolicyMemory(open())])
      expect(await reader.openBatches()).toStrictEqual([{ ...expired, base: 0 }]);
  });
});

const batchAt = (position: number) => ({
  batchId: randomUUID(),
  position,
  campaignId: randomUUID(),
  fundId: randomUUID(),
  count: 3,
});

const TABLES_WITH_A_FLAG = `
  CREATE SCHEMA ledger;
  CREATE TABLE ledger.policy_position (one boolean PRIMARY KEY CHECK (one), next_position bigint NOT NULL);
  CREATE TABLE ledger.policy_batches (
    batch_id uuid PRIMARY KEY,
    position bigint NOT NULL,
    campaign_id uuid NOT NULL,
    fund_id uuid NOT NULL,
    count int NOT NULL,
    expired boolean NOT NULL DEFAULT false
  );`;
