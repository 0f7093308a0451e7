import type { Pool } from 'pg';
import type { MerchantSettlement, OpenBatch, PolicyMemory } from '../ports.js';

/** What the durable policies remember, in `ledger.policy_*`. It can be rebuilt from the events by starting at 0. */
export async function createPostgresPolicyMemory(pool: Pool): Promise<PolicyMemory> {
  await migrate(pool);
  return {
    nextPosition: async () => {
      const { rows } = await pool.query<{ next: string }>('SELECT next_position AS next FROM ledger.policy_position');
      return Number(rows[0]?.next ?? 0);
    },
    saveNextPosition: async (position) => {
      await pool.query(
        `INSERT INTO ledger.policy_position (one, next_position) VALUES (true, $1)
         ON CONFLICT (one) DO UPDATE SET next_position = greatest(ledger.policy_position.next_position, $1)`,
        [position],
      );
    },
    rememberBatch: async (batch) => {
      await pool.query(
        `INSERT INTO ledger.policy_batches (batch_id, position, campaign_id, fund_id, count)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [batch.batchId, batch.position, batch.campaignId, batch.fundId, batch.count],
      );
    },
    openBatches: () => openBatches(pool),
    // `greatest` passes over a null.
    markExpired: async (batchId, position) => {
      await pool.query(
        'UPDATE ledger.policy_batches SET expired_at = greatest(expired_at, $2::bigint) WHERE batch_id = $1',
        [batchId, position],
      );
    },
    reopenBatch: async (batchId, position) => {
      await pool.query(
        'UPDATE ledger.policy_batches SET reopened_at = greatest(reopened_at, $2::bigint) WHERE batch_id = $1',
        [batchId, position],
      );
    },
    rememberSettlement: async (settlement) => {
      await pool.query(
        `INSERT INTO ledger.policy_settlements (merchant, funding_mode, cutoff, settlement_id)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        [settlement.merchant, settlement.fundingMode, settlement.cutoff, settlement.settlementId],
      );
    },
    settlementsBefore: async (cutoff) => {
      const { rows } = await pool.query<MerchantSettlement>(
        `SELECT DISTINCT ON (merchant, funding_mode) merchant, funding_mode AS "fundingMode", cutoff,
                settlement_id AS "settlementId"
           FROM ledger.policy_settlements WHERE cutoff < $1 ORDER BY merchant, funding_mode, cutoff DESC`,
        [cutoff],
      );
      return rows;
    },
    rememberMovement: async ({ eventId, merchant }) => {
      await pool.query(
        'INSERT INTO ledger.policy_movements (event_id, merchant) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [eventId, merchant],
      );
    },
    keptMerchants: (eventIds) => keptMerchants(pool, eventIds),
    rememberDebt: async ({ merchant, position, eventId }) => {
      await pool.query(
        'INSERT INTO ledger.policy_debts (merchant, position, event_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [merchant, position, eventId],
      );
    },
    rememberRecovery: async ({ merchant, position, recoveredMinor }) => {
      await pool.query(
        'INSERT INTO ledger.policy_recoveries (merchant, position, recovered_minor) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [merchant, position, recoveredMinor],
      );
    },
    debtsOf: (merchant, before) => debtsOf(pool, merchant, before),
  };
}

async function openBatches(pool: Pool): Promise<readonly OpenBatch[]> {
  const { rows } = await pool.query<Omit<OpenBatch, 'position' | 'base'> & { position: string; base: string }>(
    `SELECT position, "batchId", "campaignId", "fundId", count, base FROM (
       SELECT position, batch_id AS "batchId", campaign_id AS "campaignId", fund_id AS "fundId", count,
              expired_at IS NULL OR reopened_at > expired_at AS is_open,
              sum(count) OVER (ORDER BY position) - count AS base
         FROM ledger.policy_batches) AS batches
      WHERE is_open ORDER BY position`,
  );
  return rows.map((row) => ({ ...row, position: Number(row.position), base: Number(row.base) }));
}

async function keptMerchants(pool: Pool, eventIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (eventIds.length === 0) return new Map();
  const { rows } = await pool.query<{ eventId: string; merchant: string }>(
    'SELECT event_id AS "eventId", merchant FROM ledger.policy_movements WHERE event_id = ANY($1::uuid[])',
    [eventIds],
  );
  return new Map(rows.map(({ eventId, merchant }) => [eventId, merchant]));
}

async function debtsOf(
  pool: Pool,
  merchant: string,
  before: number,
): Promise<{ readonly eventIds: readonly string[]; readonly recoveredMinor: number }> {
  const debts = await pool.query<{ eventId: string }>(
    'SELECT event_id AS "eventId" FROM ledger.policy_debts WHERE merchant = $1 AND position < $2 ORDER BY position',
    [merchant, before],
  );
  const recovered = await pool.query<{ total: string }>(
    'SELECT COALESCE(sum(recovered_minor), 0) AS total FROM ledger.policy_recoveries WHERE merchant = $1 AND position < $2',
    [merchant, before],
  );
  return {
    eventIds: debts.rows.map(({ eventId }) => eventId),
    recoveredMinor: Number(recovered.rows[0]?.total ?? 0),
  };
}

/**
 * Once a batch had a flag `expired` and no positions. A flag that stands was set by an event handled by now; whatever opens
 * the batch again comes later. Asked first, since even a change of nothing waits for whoever reads the table.
 */
const MARKS_INSTEAD_OF_A_FLAG = `
  DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'ledger.policy_batches'::regclass
                    AND attname = 'expired_at' AND NOT attisdropped) THEN
      ALTER TABLE ledger.policy_batches ADD COLUMN IF NOT EXISTS expired_at bigint,
                                        ADD COLUMN IF NOT EXISTS reopened_at bigint;
      UPDATE ledger.policy_batches
         SET expired_at = coalesce((SELECT next_position - 1 FROM ledger.policy_position), 0) WHERE expired;
    END IF;
  END $$;`;

async function migrate(pool: Pool): Promise<void> {
  await pool.query(`
    SELECT pg_advisory_xact_lock(hashtext('aidtrail ledger policies'));
    CREATE SCHEMA IF NOT EXISTS ledger;
    CREATE TABLE IF NOT EXISTS ledger.policy_position (one boolean PRIMARY KEY CHECK (one), next_position bigint NOT NULL);
    CREATE TABLE IF NOT EXISTS ledger.policy_batches (
      batch_id uuid PRIMARY KEY,
      position bigint NOT NULL,
      campaign_id uuid NOT NULL,
      fund_id uuid NOT NULL,
      count int NOT NULL,
      expired_at bigint,
      reopened_at bigint
    );
    ${MARKS_INSTEAD_OF_A_FLAG}
    CREATE TABLE IF NOT EXISTS ledger.policy_settlements (
      merchant uuid NOT NULL,
      funding_mode text NOT NULL,
      cutoff int NOT NULL,
      settlement_id uuid NOT NULL,
      PRIMARY KEY (merchant, funding_mode, cutoff)
    );
    CREATE TABLE IF NOT EXISTS ledger.policy_movements (event_id uuid PRIMARY KEY, merchant uuid NOT NULL);
    CREATE TABLE IF NOT EXISTS ledger.policy_debts (
      merchant uuid NOT NULL,
      position bigint NOT NULL,
      event_id uuid NOT NULL,
      PRIMARY KEY (merchant, position)
    );
    CREATE TABLE IF NOT EXISTS ledger.policy_recoveries (
      merchant uuid NOT NULL,
      position bigint NOT NULL,
      recovered_minor bigint NOT NULL,
      PRIMARY KEY (merchant, position)
    );
  `);
}
