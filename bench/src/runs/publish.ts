import { createPostgresEventStore } from '@aidtrail/event-store';
import { startEmbeddedPostgres } from '@aidtrail/event-store/embedded';
import { createPostgresCheckpointStore } from '@aidtrail/ledger';
import { createMemoryCosignatureStore, NO_WITNESSES, openLog, readLedgerFileOrThrow } from '@aidtrail/nest';
import { parseVkeyOrThrow } from '@aidtrail/public-log';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { BenchContext, Measurement } from '../result.js';
import { syntheticLog } from '../synthetic.js';

/**
 * A whole log out of the event store into files: bundles, tiles and checkpoint, each file durable and read back before the
 * next step. One thread.
 */
export async function publish(context: BenchContext): Promise<readonly Measurement[]> {
  const { directory } = await syntheticLog(context);
  const server = await startEmbeddedPostgres({ dataDirectory: directory, database: 'aidtrail' });
  const { connectionString } = server;
  const pool = new Pool({ connectionString, max: 1 });
  const store = createPostgresEventStore({ connectionString, readConnections: 2 });
  try {
    const checkpoints = await createPostgresCheckpointStore(pool);
    const key = parseVkeyOrThrow((await readLedgerFileOrThrow(directory)).checkpointVkey);
    const path = join(await context.newDirectory(), 'log');
    const { publisher } = openLog(path, {
      ...{ store, checkpoints, key, policy: NO_WITNESSES },
      cosignatures: createMemoryCosignatureStore(),
      ownHosts: new Set(),
      policyFile: () => Promise.resolve(undefined),
      onFault: () => undefined,
    });
    context.progress('publishing the log');
    const start = performance.now();
    const published = await publisher.publish();
    const seconds = (performance.now() - start) / 1_000;
    const size = published?.size ?? 0;
    const notes = [`${size} entries in ${seconds.toFixed(1)} s; every file written, synced, linked and read back`];
    return [{ name: 'publish_per_s', value: size / seconds, notes }];
  } finally {
    await store.close();
    await pool.end();
    await server.stop();
  }
}
