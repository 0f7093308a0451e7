import { afterEach, describe } from '@jest/globals';
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
});
