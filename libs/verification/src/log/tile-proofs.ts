import {
  assembleFromTiles,
  HASH_LENGTH,
  planConsistency,
  planInclusion,
  rootOfRows,
  TILE_WIDTH,
  tileHolding,
  type TileId,
  type TreeHasher,
} from '@aidtrail/public-log';

/** Proofs and roots of a tree of `size` leaves out of its hash tiles: 32 bytes for each hash, no other length. */
export class TileProofs {
  constructor(
    readonly size: number,
    private readonly readTile: (tile: TileId) => Promise<Uint8Array>,
    readonly hasher: TreeHasher,
  ) {}

  /** Hashes of the inclusion proof of a leaf, its sibling first. Throws RangeError if the tree has no such leaf. */
  inclusion(index: number): Promise<readonly Uint8Array[]> {
    return assembleFromTiles(planInclusion({ index, size: this.size }), this.readTile, this);
  }

  /** Hashes of the proof that the first `from` leaves are a prefix. Throws RangeError unless 0 < from ≤ size. */
  consistency(from: number): Promise<readonly Uint8Array[]> {
    return assembleFromTiles(planConsistency({ from, to: this.size }), this.readTile, this);
  }

  /** The root of the first `size` leaves. Throws RangeError if there are not so many. */
  async rootAt(size: number): Promise<Uint8Array> {
    if (size > this.size) throw new RangeError('the tree has not so many leaves');
    const rows: Uint8Array[] = [];
    for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
      const width = hashes % TILE_WIDTH;
      const whole = width === 0 ? undefined : await this.readTile(tileHolding(level, hashes - 1, this.size));
      rows.push(whole?.subarray(0, width * HASH_LENGTH) ?? new Uint8Array());
    }
    return rootOfRows(rows, this.hasher);
  }
}
