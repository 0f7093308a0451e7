import { CompactRange } from './compact-range.js';
import { HASH_LENGTH, isTreeSize, type TreeHasher } from './rfc6962.js';
import { TILE_WIDTH, type TileId } from './tile-path.js';

/** A hash tile or an entry bundle, with its bytes as they are published. */
export interface Tile {
  readonly id: TileId;
  readonly bytes: Uint8Array;
}

/** The hashes of a row that its last full tile does not hold yet. */
interface Row {
  readonly bytes: Uint8Array;
  count: number;
  /** Full tiles so far. */
  full: number;
}

/**
 * The rows of hash tiles of a growing tree, leaf hashes below, each row above 256 times coarser. It holds the ragged right
 * edge only: at most 256 hashes a row, however large the tree is.
 */
export class TileRows {
  private readonly rows: Row[] = [];
  private full: Tile[] = [];
  private leaves = 0;

  constructor(private readonly hasher: TreeHasher) {}

  /**
   * Goes on from a tree of `size` leaves (a whole number), of which `read` returns the partial tiles: as many hashes as
   * they are wide.
   */
  static async restore(
    size: number,
    read: (tile: TileId) => Promise<Uint8Array>,
    hasher: TreeHasher,
  ): Promise<TileRows> {
    if (!isTreeSize(size)) throw new RangeError('the size of a tree is a whole number');
    const rows = new TileRows(hasher);
    for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
      const row = rows.rowAt(level);
      row.full = Math.floor(hashes / TILE_WIDTH);
      row.count = hashes % TILE_WIDTH;
      if (row.count > 0) row.bytes.set(await read({ level, index: row.full, width: row.count }));
    }
    rows.leaves = size;
    return rows;
  }

  /** Leaves so far. */
  get size(): number {
    return this.leaves;
  }

  /** Appends a leaf hash, which is copied. */
  append(leafHash: Uint8Array): void {
    this.leaves += 1;
    this.addHash(0, leafHash);
  }

  /** Appends 256 leaf hashes at once, of which somebody has computed the root; the size so far is a multiple of 256. */
  appendTile(leafHashes: Uint8Array, root: Uint8Array): void {
    const row = this.rowAt(0);
    if (row.count > 0 || leafHashes.length !== row.bytes.length)
      throw new RangeError('a whole tile, after whole tiles');
    this.leaves += TILE_WIDTH;
    this.full.push({ id: { level: 0, index: row.full, width: TILE_WIDTH }, bytes: leafHashes });
    row.full += 1;
    this.addHash(1, root);
  }

  /** The tiles that have become full since this was last called. */
  takeFull(): readonly Tile[] {
    const taken = this.full;
    this.full = [];
    return taken;
  }

  /** The partial tiles of the present size, copies. */
  partials(): readonly Tile[] {
    return this.rows.flatMap(({ bytes, count, full }, level): Tile[] =>
      count === 0 ? [] : [{ id: { level, index: full, width: count }, bytes: bytes.slice(0, count * HASH_LENGTH) }],
    );
  }

  /** The root of the tree of the present size; the tree can go on growing. */
  root(): Uint8Array {
    return rootOfRows(
      this.rows.map(({ bytes, count }) => bytes.subarray(0, count * HASH_LENGTH)),
      this.hasher,
    );
  }

  private addHash(level: number, hash: Uint8Array): void {
    const row = this.rowAt(level);
    row.bytes.set(hash, row.count * HASH_LENGTH);
    row.count += 1;
    if (row.count < TILE_WIDTH) return;
    this.full.push({ id: { level, index: row.full, width: TILE_WIDTH }, bytes: row.bytes.slice() });
    row.full += 1;
    row.count = 0;
    this.addHash(level + 1, rootOfHashes(row.bytes, this.hasher));
  }

  private rowAt(level: number): Row {
    return (this.rows[level] ??= { bytes: new Uint8Array(TILE_WIDTH * HASH_LENGTH), count: 0, full: 0 });
  }
}

/** The root of a tree from the hashes of its partial tiles, the leaves' first; empty where a row has none. */
export function rootOfRows(rows: readonly Uint8Array[], hasher: TreeHasher): Uint8Array {
  let root: Uint8Array | undefined;
  for (const bytes of rows) {
    // Of each row from the right to the left: the perfect subtrees that its hashes make.
    for (let end = bytes.length / HASH_LENGTH, width = 1; end > 0; width *= 2) {
      if (Math.floor(end / width) % 2 === 0) continue;
      const peak = rootOfHashes(bytes.subarray((end - width) * HASH_LENGTH, end * HASH_LENGTH), hasher);
      root = root === undefined ? peak : hasher.nodeHash(peak, root);
      end -= width;
    }
  }
  return root ?? hasher.emptyRoot;
}

/** The root over hashes that stand one after the other, 32 bytes each. */
export function rootOfHashes(bytes: Uint8Array, hasher: TreeHasher): Uint8Array {
  const range = new CompactRange(hasher);
  for (let at = 0; at < bytes.length; at += HASH_LENGTH) range.append(bytes.slice(at, at + HASH_LENGTH));
  return range.root();
}
