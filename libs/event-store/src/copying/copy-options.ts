import type { CopyableStore } from './copyable-store.js';

export interface CopyOptions {
  readonly from: CopyableStore;
  readonly to: CopyableStore;
  /** An empty Merkle tree; each store's leaves go into one. */
  readonly newTree: () => LeafTree;
  /** Called when the target was found to be fit, before anything is written there. */
  readonly beforeWriting?: () => Promise<void>;
  readonly onProgress?: (progress: CopyProgress) => void;
}

export interface CopyProgress {
  readonly step: 'compare' | 'outcomes' | 'events' | 'prove';
  readonly done: number;
  /** Undefined where nobody has counted. */
  readonly total?: number;
}

export interface CopyResult {
  readonly events: number;
  readonly accepted: number;
  readonly refused: number;
  /** Events that this run wrote; the others were there from an earlier one. */
  readonly copiedEvents: number;
  /** Of the tree over all leaves, the same in both stores. */
  readonly root: Uint8Array;
}

/** Grows leaf by leaf. */
export interface LeafTree {
  append(leaf: Uint8Array): void;
  root(): Uint8Array;
}
