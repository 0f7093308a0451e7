import { isTreeSize, largestPowerOfTwoBelow, type TreeHasher } from './rfc6962.js';

/**
 * A node of the tree that covers a perfect subtree: leaves `index · 2^level` up to `(index + 1) · 2^level`. Level 0 is
 * the leaf hashes. Such a node never changes once it exists, so it can be stored in a tile.
 */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/**
 * The nodes that a proof is made of: one inner list for each hash of the proof, in proof order. Most lists hold one
 * node; a subtree at the ragged right edge holds its perfect parts, from left to right.
 */
export type ProofPlan = readonly (readonly NodeId[])[];

/** Returns the 32-byte hash of a node; throws when it is not at hand. */
export type NodeReader = (node: NodeId) => Uint8Array;

/**
 * Which nodes prove that leaf `index` is in the tree of `size` leaves: PATH of RFC 6962 section 2.1.1, the leaf's
 * sibling first. The plan is apart from the reading so that a caller can fetch tiles before it assembles.
 * Throws RangeError unless 0 ≤ index < size.
 */
export function planInclusion({ index, size }: { readonly index: number; readonly size: number }): ProofPlan {
  if (!isTreeSize(index) || !isTreeSize(size) || index >= size) throw new RangeError('the leaf is not in the tree');
  const siblings: (readonly NodeId[])[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const split = start + largestPowerOfTwoBelow(end - start);
    if (index < split) {
      siblings.push(perfectNodes(split, end));
      end = split;
    } else {
      siblings.push(perfectNodes(start, split));
      start = split;
    }
  }
  return siblings.reverse();
}

/**
 * Which nodes prove that the tree of `from` leaves is a prefix of the tree of `to` leaves: PROOF of RFC 6962 section
 * 2.1.2. Empty when the sizes are equal. Throws RangeError unless 0 < from ≤ to.
 */
export function planConsistency({ from, to }: { readonly from: number; readonly to: number }): ProofPlan {
  if (!isTreeSize(from) || !isTreeSize(to) || from === 0 || from > to) {
    throw new RangeError('a consistency proof goes from a tree that is not empty to one at least as large');
  }
  const parts: (readonly NodeId[])[] = [];
  let start = 0;
  let end = to;
  // The old tree's own root needs no hash in the proof as long as the walk has kept to the left.
  while (from !== end) {
    const split = start + largestPowerOfTwoBelow(end - start);
    if (from <= split) {
      parts.push(perfectNodes(split, end));
      end = split;
    } else {
      parts.push(perfectNodes(start, split));
      start = split;
    }
  }
  if (start > 0) parts.push(perfectNodes(start, end));
  return parts.reverse();
}

/** Turns a plan into the proof's hashes. */
export function assembleProof(plan: ProofPlan, readNode: NodeReader, hasher: TreeHasher): readonly Uint8Array[] {
  return plan.map((nodes) => nodes.map(readNode).reduceRight((right, left) => hasher.nodeHash(left, right)));
}

/** A reader over a list of leaf hashes held in memory; computes every perfect node once, when first asked for. */
export function nodeReaderOf(leafHashes: readonly Uint8Array[], hasher: TreeHasher): NodeReader {
  const levels: (Uint8Array | undefined)[][] = [];
  const read: NodeReader = ({ level, index }) => {
    if (level === 0) {
      const leafHash = leafHashes[index];
      if (leafHash === undefined) throw new RangeError(`there is no leaf ${index}`);
      return leafHash;
    }
    const known = (levels[level] ??= []);
    return (known[index] ??= hasher.nodeHash(
      read({ level: level - 1, index: index * 2 }),
      read({ level: level - 1, index: index * 2 + 1 }),
    ));
  };
  return read;
}

/** The perfect subtrees of leaves start … end-1, left to right; `start` must be aligned as RFC 6962's splits are. */
function perfectNodes(start: number, end: number): readonly NodeId[] {
  const nodes: NodeId[] = [];
  let at = start;
  while (at < end) {
    let level = 0;
    let width = 1;
    while (width * 2 <= end - at) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}
