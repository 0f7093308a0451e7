import { afterEach, describe } from '@jest/globals';
import { itKeepsCheckpoints } from '../checkpoints/checkpoint-store.testing.js';
import { createPostgresCheckpointStore } from './postgres-checkpoint-store.js';
import { createTestPools } from './pools.testing.js';

describe('the checkpoint store in PostgreSQL', () => {
  const pools = createTestPools();
  afterEach(() => pools.end());

  itKeepsCheckpoints(async () => {
    const open = await pools.onNewDatabase();
    const besides = async () => createPostgresCheckpointStore(open());
    return { store: await besides(), besides };
  });
});
