import { bytesEqual } from '@aidtrail/envelope';
import { HASH_LENGTH, isTreeSize, type TreeHasher } from './rfc6962.js';

/** Why a proof is not accepted; `undefined` stands for a good one. Listed in the order in which they are looked for. */
export type InclusionFault =
  'size_invalid' | 'index_out_of_range' | 'hash_length_wrong' | 'proof_length_wrong' | 'root_mismatch';

export type ConsistencyFault =
  | 'size_invalid'
  | 'hash_length_wrong'
  | 'size_decreased'
  | 'old_size_zero'
  | 'proof_length_wrong'
  | 'old_root_mismatch'
  | 'new_root_mismatch';

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

export interface ConsistencyClaim {
  readonly from: { readonly size: number; readonly root: Uint8Array };
  readonly to: { readonly size: number; readonly root: Uint8Array };
  readonly proof: readonly Uint8Array[];
}

/** Untrusted: every field of the claim. Follows RFC 9162 section 2.1.3.2; does not throw. */
export function checkInclusion(claim: InclusionClaim, hasher: TreeHasher): InclusionFault | undefined {
  const { index, size, leafHash, proof, root } = claim;
  if (!isTreeSize(size)) return 'size_invalid';
  if (!isTreeSize(index) || index >= size) return 'index_out_of_range';
  if (!areHashes([leafHash, root, ...proof])) return 'hash_length_wrong';
  const { inner, above } = pathShape(index, size - 1);
  if (proof.length !== inner + countOnes(above)) return 'proof_length_wrong';

  let hash = leafHash;
  let position = index;
  for (const [step, sibling] of proof.entries()) {
    // Beyond the inner part the path runs along the right edge, where all siblings are on the left.
    const siblingOnTheLeft = step >= inner || position % 2 === 1;
    hash = siblingOnTheLeft ? hasher.nodeHash(sibling, hash) : hasher.nodeHash(hash, sibling);
    position = Math.floor(position / 2);
  }
  return bytesEqual(hash, root) ? undefined : 'root_mismatch';
}

/**
 * Untrusted: every field of the claim. Follows RFC 9162 section 2.1.4.2; does not throw. A tree of size 0 is a prefix
 * of every tree without any proof; whoever has one decides that outside (`old_size_zero` here).
 */
export function checkConsistency(claim: ConsistencyClaim, hasher: TreeHasher): ConsistencyFault | undefined {
  const { from, to, proof } = claim;
  if (!isTreeSize(from.size) || !isTreeSize(to.size)) return 'size_invalid';
  if (!areHashes([from.root, to.root, ...proof])) return 'hash_length_wrong';
  if (from.size > to.size) return 'size_decreased';
  if (from.size === to.size) {
    if (proof.length > 0) return 'proof_length_wrong';
    return bytesEqual(from.root, to.root) ? undefined : 'new_root_mismatch';
  }
  if (from.size === 0) return 'old_size_zero';
  return checkGrowth(claim, hasher);
}

/** The consistency check proper, for 0 < from.size < to.size and hashes of the right length. */
function checkGrowth({ from, to, proof }: ConsistencyClaim, hasher: TreeHasher): ConsistencyFault | undefined {
  const shape = pathShape(from.size - 1, to.size - 1);
  // The old tree's last perfect subtree is a node of both trees: the walk starts there, `skipped` levels up.
  const skipped = countTrailingZeros(from.size);
  const seedIsRoot = from.size === 2 ** skipped;
  const seed = seedIsRoot ? from.root : proof[0];
  const path = seedIsRoot ? proof : proof.slice(1);
  const inner = shape.inner - skipped;
  if (seed === undefined || path.length !== inner + countOnes(shape.above)) return 'proof_length_wrong';

  let oldHash = seed;
  let newHash = seed;
  let position = Math.floor((from.size - 1) / 2 ** skipped);
  for (const [step, sibling] of path.entries()) {
    if (step >= inner || position % 2 === 1) {
      oldHash = hasher.nodeHash(sibling, oldHash);
      newHash = hasher.nodeHash(sibling, newHash);
    } else {
      newHash = hasher.nodeHash(newHash, sibling); // a sibling on the right is new: the old tree has not got it
    }
    position = Math.floor(position / 2);
  }
  if (!bytesEqual(oldHash, from.root)) return 'old_root_mismatch';
  return bytesEqual(newHash, to.root) ? undefined : 'new_root_mismatch';
}

/**
 * `inner` = the number of levels below the one where the paths of two leaves meet (the bit length of their XOR),
 * `above` = what is left of the position there. Halves by division: `>>` would cut off at 32 bits.
 */
function pathShape(left: number, right: number): { readonly inner: number; readonly above: number } {
  let inner = 0;
  let [a, b] = [left, right];
  while (a !== b) {
    a = Math.floor(a / 2);
    b = Math.floor(b / 2);
    inner += 1;
  }
  return { inner, above: a };
}

function countOnes(value: number): number {
  let ones = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}

function countTrailingZeros(value: number): number {
  let zeros = 0;
  for (let rest = value; rest % 2 === 0; rest /= 2) zeros += 1;
  return zeros;
}

function areHashes(candidates: readonly Uint8Array[]): boolean {
  return candidates.every((candidate) => candidate.length === HASH_LENGTH);
}
