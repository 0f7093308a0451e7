import { describe } from '@jest/globals';
import { itKeepsCheckpoints } from './checkpoint-store.testing.js';
import { createMemoryCheckpointStore } from './memory-checkpoint-store.js';

describe('the checkpoint store in memory', () => {
  itKeepsCheckpoints(() => {
    const store = createMemoryCheckpointStore();
    return Promise.resolve({ store, besides: () => Promise.resolve(store) });
  });
});
