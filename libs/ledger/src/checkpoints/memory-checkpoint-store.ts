import type { SignedCheckpoint } from '../ports.js';
import type { CheckpointStore, StoredCheckpoint } from './checkpointer.js';

/** base64 of SHA-256(""): the root of the empty tree (RFC 6962). */
export const EMPTY_ROOT = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

export const EMPTY_CHECKPOINT: SignedCheckpoint = { size: 0, root: EMPTY_ROOT, note: '' };

/** Checkpoints that last as long as the process; for tests and the memory store. */
export function createMemoryCheckpointStore(): CheckpointStore {
  const bySize = new Map<number, StoredCheckpoint>();
  let newest: StoredCheckpoint | undefined;
  return {
    rootAt: (size) => Promise.resolve(size === 0 ? EMPTY_ROOT : bySize.get(size)?.root),
    noteAt: (size) => Promise.resolve(bySize.get(size)?.note),
    latest: () => Promise.resolve(newest ?? EMPTY_CHECKPOINT),
    newest: () => Promise.resolve(newest),
    add: (next, previousSize) => {
      if ((newest?.size ?? 0) !== previousSize || next.size <= previousSize) return Promise.resolve(false);
      newest = next;
      bySize.set(next.size, next);
      return Promise.resolve(true);
    },
  };
}
