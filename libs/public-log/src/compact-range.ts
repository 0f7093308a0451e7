import { base64DecodeOrThrow, base64Encode } from '@aidtrail/envelope';
import { malformed } from './malformed.js';
import { HASH_LENGTH, isTreeSize, type TreeHasher } from './rfc6962.js';

/** A compact range at rest: the roots of the perfect subtrees, the largest and leftmost first, in base64. */
export interface CompactRangeState {
  readonly size: number;
  readonly hashes: readonly string[];
}

/**
 * The right edge of an append-only RFC 6962 tree: one hash for each perfect subtree, that is for each 1 bit of the
 * size. It is all that is needed to append leaves and to know the root; at most 53 hashes.
 *
 * Positions are halved by division, never by `>>` or `<<`: those work on 32 bits and would go wrong at 2^31 leaves.
 */
export class CompactRange {
  /** `edge[level]` is the root of the perfect subtree of 2^level leaves, meaningful where that bit of size is 1. */
  private readonly edge: Uint8Array[] = [];
  private leaves = 0;

  constructor(private readonly hasher: TreeHasher) {}

  /** Reads what `serialise` wrote; throws MalformedInput when the hashes do not fit the size. */
  static restoreOrThrow(state: CompactRangeState, hasher: TreeHasher): CompactRange {
    if (!isTreeSize(state.size)) throw malformed('compact range', 'the size is not a whole number');
    const range = new CompactRange(hasher);
    const remaining = [...state.hashes];
    let level = 0;
    for (let rest = state.size; rest > 0; rest = Math.floor(rest / 2), level += 1) {
      range.edge[level] = rest % 2 === 1 ? decodeHashOrThrow(remaining.pop()) : hasher.emptyRoot;
    }
    if (remaining.length > 0) throw malformed('compact range', 'more hashes than the size has perfect subtrees');
    range.leaves = state.size;
    return range;
  }

  /** The number of leaves appended so far. */
  get size(): number {
    return this.leaves;
  }

  /** Appends one leaf hash (32 bytes, not copied: the caller must not change it afterwards). */
  append(leafHash: Uint8Array): void {
    if (leafHash.length !== HASH_LENGTH) throw new RangeError('a leaf hash has 32 bytes');
    if (this.leaves === Number.MAX_SAFE_INTEGER) throw new RangeError('the tree is full');
    let hash = leafHash;
    let level = 0;
    // Like adding 1 to a binary number: each carry joins two perfect subtrees of one size.
    for (let rest = this.leaves; rest % 2 === 1; rest = (rest - 1) / 2) {
      hash = this.hasher.nodeHash(this.edge[level] as Uint8Array, hash);
      level += 1;
    }
    this.edge[level] = hash;
    this.leaves += 1;
  }

  appendMany(leafHashes: Iterable<Uint8Array>): void {
    for (const leafHash of leafHashes) this.append(leafHash);
  }

  /** The root of the tree of `size` leaves; the range can go on growing. */
  root(): Uint8Array {
    let root: Uint8Array | undefined;
    this.forEachSubtreeFromTheRight((hash) => {
      root = root === undefined ? hash : this.hasher.nodeHash(hash, root);
    });
    return root ?? this.hasher.emptyRoot;
  }

  serialise(): CompactRangeState {
    const hashes: string[] = [];
    this.forEachSubtreeFromTheRight((hash) => hashes.unshift(base64Encode(hash)));
    return { size: this.leaves, hashes };
  }

  private forEachSubtreeFromTheRight(visit: (hash: Uint8Array) => void): void {
    let level = 0;
    for (let rest = this.leaves; rest > 0; rest = Math.floor(rest / 2), level += 1) {
      if (rest % 2 === 1) visit(this.edge[level] as Uint8Array);
    }
  }
}

function decodeHashOrThrow(text: string | undefined): Uint8Array {
  if (text === undefined) throw malformed('compact range', 'fewer hashes than the size has perfect subtrees');
  const hash = base64DecodeOrThrow(text);
  if (hash.length !== HASH_LENGTH) throw malformed('compact range', 'a hash has not 32 bytes');
  return hash;
}
