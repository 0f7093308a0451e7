import { describe } from '@jest/globals';
import { createMemoryPolicyMemory } from './memory-policy-memory.js';
import { itRemembers } from './policy-memory.testing.js';

describe('the policy memory in memory', () => {
  itRemembers(() => {
    const memory = createMemoryPolicyMemory();
    return Promise.resolve({ memory, besides: () => Promise.resolve(memory) });
  });
});
