import {
  parseEntryBundleOrThrow,
  readTileOrThrow,
  tileHolding,
  TILE_WIDTH,
  type ReadLogFile,
} from '@aidtrail/public-log';

/** Untrusted: what `read` gives. All entries of a log of `size`, in order; throws MalformedInput for a missing bundle. */
export async function* entriesOf(
  read: ReadLogFile,
  size: number,
): AsyncGenerator<{ readonly index: number; readonly entry: Uint8Array }> {
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const tile = tileHolding('entries', first, size);
    const entries = parseEntryBundleOrThrow(await readTileOrThrow(read, tile), tile.width);
    for (const [i, entry] of entries.entries()) yield { index: first + i, entry };
  }
}
