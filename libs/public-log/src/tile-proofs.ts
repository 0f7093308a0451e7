import type { Checkpoint } from './checkpoint.js';
import { parseEntryBundleOrThrow } from './entry-bundle.js';
import { malformed } from './malformed.js';
import { checkConsistency, checkInclusion } from './proof-checking.js';
import { assembleProof, planConsistency, planInclusion, type ProofPlan } from './proof-making.js';
import { HASH_LENGTH, type TreeHasher } from './rfc6962.js';
import { TILE_WIDTH, tilePath, type TileId } from './tile-path.js';
import { startOfTileOrThrow, tileHolding, tileNodeReader, tilesOfPlan } from './tiles.js';

/** Reads a file of a published log by its path below the log's prefix; undefined if there is none. */
export type ReadLogFile = (path: string) => Promise<Uint8Array | undefined>;

/**
 * Untrusted: what `read` gives. A tile, or the beginning of the full one where the partial tile was dropped, as C2SP
 * tlog-tiles allows. Throws MalformedInput if it is missing or of the wrong length; what its bytes are worth, only a root
 * can tell.
 */
export async function readTileOrThrow(read: ReadLogFile, tile: TileId): Promise<Uint8Array> {
  const path = tilePath(tile);
  const bytes = await read(path);
  if (bytes !== undefined) return cutOrThrow(bytes, tile, tile.width);
  const full = tile.width < TILE_WIDTH ? await read(tilePath({ ...tile, width: TILE_WIDTH })) : undefined;
  if (full === undefined) throw malformed('tile', `${path} is missing`);
  return cutOrThrow(full, tile, TILE_WIDTH);
}

function cutOrThrow(bytes: Uint8Array, { level, width }: TileId, present: number): Uint8Array {
  if (level === 'entries') {
    parseEntryBundleOrThrow(bytes, present);
    return startOfTileOrThrow(bytes, { level, width });
  }
  if (bytes.length !== present * HASH_LENGTH) throw malformed('tile', `not ${present} hashes of ${HASH_LENGTH} bytes`);
  return bytes.subarray(0, width * HASH_LENGTH);
}

/** Untrusted: what `read` gives. The bytes of one entry; throws MalformedInput. Its hash is the caller's to check. */
export async function readEntryOrThrow(
  read: ReadLogFile,
  { index, size }: { readonly index: number; readonly size: number },
): Promise<Uint8Array> {
  const tile = tileHolding('entries', index, size);
  const entries = parseEntryBundleOrThrow(await readTileOrThrow(read, tile), tile.width);
  return entries[index % TILE_WIDTH] as Uint8Array;
}

/**
 * Untrusted: what `read` gives. The inclusion proof of a leaf, made from the log's hash tiles and checked against the
 * checkpoint's root before it is returned. Throws RangeError unless the index is below the size, MalformedInput for tiles
 * that do not make up the tree.
 */
export async function proveInclusionOrThrow(
  read: ReadLogFile,
  { index, leafHash, checkpoint }: { readonly index: number; readonly leafHash: Uint8Array; readonly checkpoint: Tree },
  hasher: TreeHasher,
): Promise<readonly Uint8Array[]> {
  const { size, root } = checkpoint;
  const proof = await assemble(read, planInclusion({ index, size }), { size, hasher });
  const fault = checkInclusion({ index, size, leafHash, proof, root }, hasher);
  if (fault !== undefined) throw malformed('tile', 'the tiles do not make up the tree of the checkpoint');
  return proof;
}

/**
 * Untrusted: what `read` gives. The proof that one checkpoint's tree is the beginning of another's, checked before it is
 * returned. Throws RangeError unless 0 < from.size ≤ to.size, MalformedInput if the tiles are not those of both trees.
 */
export async function proveConsistencyOrThrow(
  read: ReadLogFile,
  { from, to }: { readonly from: Tree; readonly to: Tree },
  hasher: TreeHasher,
): Promise<readonly Uint8Array[]> {
  const plan = planConsistency({ from: from.size, to: to.size });
  const proof = await assemble(read, plan, { size: to.size, hasher });
  if (checkConsistency({ from, to, proof }, hasher) !== undefined)
    throw malformed('tile', 'the tiles do not make up both trees');
  return proof;
}

type Tree = Pick<Checkpoint, 'size' | 'root'>;

function assemble(
  read: ReadLogFile,
  plan: ProofPlan,
  tree: { readonly size: number; readonly hasher: TreeHasher },
): Promise<readonly Uint8Array[]> {
  return assembleFromTiles(plan, (tile) => readTileOrThrow(read, tile), tree);
}

/** The hashes of a proof of a tree of `size` leaves, from its hash tiles; what they are worth, only a root can tell. */
export async function assembleFromTiles(
  plan: ProofPlan,
  readTile: (tile: TileId) => Promise<Uint8Array>,
  { size, hasher }: { readonly size: number; readonly hasher: TreeHasher },
): Promise<readonly Uint8Array[]> {
  const tiles = new Map<string, Uint8Array>();
  await Promise.all(tilesOfPlan(plan, size).map(async (tile) => tiles.set(tilePath(tile), await readTile(tile))));
  return assembleProof(
    plan,
    tileNodeReader((tile) => tiles.get(tilePath(tile)) as Uint8Array, size, hasher),
    hasher,
  );
}
