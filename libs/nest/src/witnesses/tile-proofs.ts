import type { LogDirectory } from '@aidtrail/log-files';
import {
  assembleProof,
  planConsistency,
  startOfTileOrThrow,
  TILE_WIDTH,
  tileNodeReader,
  tilePath,
  tilesOfPlan,
  type TileId,
  type TreeHasher,
} from '@aidtrail/public-log';

/**
 * The consistency proof between two sizes of the published log, from its tiles; empty from 0. Throws LogConflict where a
 * tile is missing.
 */
export async function proofFromTiles(
  directory: Pick<LogDirectory, 'readTile' | 'readTileIfThere'>,
  { from, to }: { readonly from: number; readonly to: number },
  hasher: TreeHasher,
): Promise<readonly Uint8Array[]> {
  if (from === 0 || from === to) return [];
  const plan = planConsistency({ from, to });
  const tiles = new Map<string, Uint8Array>();
  for (const tile of tilesOfPlan(plan, to)) tiles.set(tilePath(tile), await readTile(directory, tile));
  return assembleProof(
    plan,
    tileNodeReader((tile) => tiles.get(tilePath(tile)) as Uint8Array, to, hasher),
    hasher,
  );
}

/** A partial tile, or as much of the full one that has taken its place. */
async function readTile(
  directory: Pick<LogDirectory, 'readTile' | 'readTileIfThere'>,
  tile: TileId,
): Promise<Uint8Array> {
  const bytes = await directory.readTileIfThere(tile);
  if (bytes !== undefined || tile.width === TILE_WIDTH) return bytes ?? directory.readTile(tile);
  return startOfTileOrThrow(await directory.readTile({ ...tile, width: TILE_WIDTH }), tile);
}
