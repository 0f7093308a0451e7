import { malformed } from './malformed.js';
import type { NodeId, NodeReader, ProofPlan } from './proof-making.js';
import { CompactRange } from './compact-range.js';
import { startOfBundleOrThrow } from './entry-bundle.js';
import { HASH_LENGTH, isTreeSize, type TreeHasher } from './rfc6962.js';
import { TILE_WIDTH, type TileId } from './tile-path.js';

/** log2 of `TILE_WIDTH`: a tile's row stands this many tree levels above the row below it. */
const LEVELS_A_TILE = 8;

/**
 * The hash tiles and entry bundles that a tree of `to` leaves has and a tree of `from` leaves has not: first the bundles,
 * then each level from the leaves up; partial tiles for the ragged edge. Throws RangeError unless 0 ≤ from ≤ to.
 */
export function newTiles({ from, to }: { readonly from: number; readonly to: number }): readonly TileId[] {
  if (!isTreeSize(from) || !isTreeSize(to) || from > to) throw new RangeError('a log grows from one size to another');
  const tiles: TileId[] = tilesOfRow('entries', from, to);
  for (let level = 0, old = from, now = to; now > 0; level += 1) {
    tiles.push(...tilesOfRow(level, old, now));
    old = Math.floor(old / TILE_WIDTH);
    now = Math.floor(now / TILE_WIDTH);
  }
  return tiles;
}

/** The partial tiles of a tree of `size` leaves, and its partial bundle. */
export function partialTiles(size: number): readonly TileId[] {
  const rows: TileId[] = [];
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
    const partial = { index: Math.floor(hashes / TILE_WIDTH), width: hashes % TILE_WIDTH };
    if (partial.width > 0)
      rows.push(...(level === 0 ? [{ level: 'entries', ...partial } as const] : []), { level, ...partial });
  }
  return rows;
}

/**
 * Untrusted: `bytes`, of a tile or bundle of a larger tree at the same place. The bytes of the first `width` of its hashes
 * or entries: what the tile was when the tree was smaller. Throws MalformedInput for a tile that has not so many.
 */
export function startOfTileOrThrow(bytes: Uint8Array, { level, width }: Pick<TileId, 'level' | 'width'>): Uint8Array {
  if (level === 'entries') return startOfBundleOrThrow(bytes, width);
  if (bytes.length < width * HASH_LENGTH) throw malformed('tile', `fewer than ${width} hashes`);
  return bytes.slice(0, width * HASH_LENGTH);
}

/** The tile of a tree of `size` leaves that holds hash `index` of a row; throws RangeError if the tree has no such hash. */
export function tileHolding(level: number | 'entries', index: number, size: number): TileId {
  const hashes = level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level);
  if (index >= hashes) throw new RangeError('the tree has no such hash');
  const tile = Math.floor(index / TILE_WIDTH);
  return { level, index: tile, width: Math.min(TILE_WIDTH, hashes - tile * TILE_WIDTH) };
}

/** The tiles that a proof's hashes are computed from, each once. */
export function tilesOfPlan(plan: ProofPlan, size: number): readonly TileId[] {
  const tiles = new Map<string, TileId>();
  for (const node of plan.flat()) {
    const tile = tileHolding(...placeOf(node), size);
    tiles.set(`${tile.level}/${tile.index}`, tile);
  }
  return [...tiles.values()];
}

/**
 * Untrusted: what `read` gives. Reads the tree's nodes from its hash tiles; `read` returns a tile's bytes, 32 for each
 * hash. Throws MalformedInput for a tile of the wrong length; that its hashes are right, only a root can tell.
 */
export function tileNodeReader(read: (tile: TileId) => Uint8Array, size: number, hasher: TreeHasher): NodeReader {
  return (node) => {
    const [level, first] = placeOf(node);
    const tile = tileHolding(level, first, size);
    const hashes = tileHashesOrThrow(read(tile), tile);
    const range = new CompactRange(hasher);
    const start = first % TILE_WIDTH;
    range.appendMany(hashes.slice(start, start + 2 ** (node.level % LEVELS_A_TILE)));
    return range.root();
  };
}

/** Untrusted: `bytes`. The hashes of a tile, views of its bytes; throws MalformedInput if there are not `width` of them. */
export function tileHashesOrThrow(bytes: Uint8Array, { width }: TileId): readonly Uint8Array[] {
  if (bytes.length !== width * HASH_LENGTH) throw malformed('tile', `not ${width} hashes of ${HASH_LENGTH} bytes`);
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH));
}

/** The tiles of one row that a tree of `to` leaves or hashes has and one of `from` has not. */
export function tilesOfRow(level: number | 'entries', from: number, to: number): TileId[] {
  if (from === to) return [];
  const tiles: TileId[] = [];
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < to; index += 1)
    tiles.push({ level, index, width: Math.min(TILE_WIDTH, to - index * TILE_WIDTH) });
  return tiles;
}

/** The tile row that a node is computed from, and the first of its hashes there. */
function placeOf({ level, index }: NodeId): [level: number, first: number] {
  return [Math.floor(level / LEVELS_A_TILE), index * 2 ** (level % LEVELS_A_TILE)];
}
