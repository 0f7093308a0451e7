import type { Sha256 } from '@aidtrail/envelope';

/** Bytes in every hash of the tree. */
export const HASH_LENGTH = 32;

/** The two hash functions of RFC 6962 section 2.1 with SHA-256, and the root of the empty tree. */
export interface TreeHasher {
  /** SHA-256(0x00 ‖ entry): 32 bytes, a fresh array. */
  leafHash(entry: Uint8Array): Uint8Array;
  /** SHA-256(0x01 ‖ left ‖ right): both 32 bytes in, 32 bytes out, a fresh array. */
  nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array;
  /** SHA-256 of nothing. */
  readonly emptyRoot: Uint8Array;
}

/** Large enough for the longest entry that a bundle can hold (65,535 bytes) and its prefix. */
const LEAF_SCRATCH_BYTES = 65_536;

/**
 * Builds the tree's hash functions on any SHA-256. One instance reuses its input buffers, so `sha256` must not keep a
 * reference to its argument after it has returned; it must return a fresh array each time.
 */
export function createTreeHasher(sha256: Sha256): TreeHasher {
  const leafScratch = new Uint8Array(LEAF_SCRATCH_BYTES); // leafScratch[0] stays 0x00
  const nodeScratch = new Uint8Array(1 + 2 * HASH_LENGTH);
  nodeScratch[0] = 0x01;
  return {
    leafHash(entry) {
      const input = entry.length < LEAF_SCRATCH_BYTES ? leafScratch : new Uint8Array(entry.length + 1);
      input.set(entry, 1);
      return sha256(input.subarray(0, entry.length + 1));
    },
    nodeHash(left, right) {
      // A shorter hash would leave bytes of the previous call in the buffer: a silent wrong answer.
      if (left.length !== HASH_LENGTH || right.length !== HASH_LENGTH) {
        throw new RangeError('a tree node is hashed from two 32-byte hashes');
      }
      nodeScratch.set(left, 1);
      nodeScratch.set(right, 1 + HASH_LENGTH);
      return sha256(nodeScratch);
    },
    emptyRoot: sha256(new Uint8Array(0)),
  };
}

/**
 * The root by RFC 6962's own recursive definition, in O(n) hashes. It is the yardstick that the incremental tree is
 * tested against; for a growing log use a compact range.
 */
export function rootOf(leafHashes: readonly Uint8Array[], hasher: TreeHasher): Uint8Array {
  const rootOfSlice = (start: number, end: number): Uint8Array => {
    if (end - start === 1) return leafHashes[start] as Uint8Array;
    const split = start + largestPowerOfTwoBelow(end - start);
    return hasher.nodeHash(rootOfSlice(start, split), rootOfSlice(split, end));
  };
  return leafHashes.length === 0 ? hasher.emptyRoot : rootOfSlice(0, leafHashes.length);
}

/** The largest power of two that is smaller than `size`; `size` is a safe integer ≥ 2. */
export function largestPowerOfTwoBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** A number of leaves: an integer from 0 to 2^53 - 1, the range in which JavaScript's numbers are exact. */
export function isTreeSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
