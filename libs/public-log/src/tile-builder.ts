import { bytesEqual } from '@aidtrail/envelope';
import { encodeEntryBundle, parseEntryBundleOrThrow } from './entry-bundle.js';
import { malformed } from './malformed.js';
import { HASH_LENGTH, isTreeSize, type TreeHasher } from './rfc6962.js';
import { TILE_WIDTH, type TileId } from './tile-path.js';
import { TileRows, type Tile } from './tile-rows.js';
import { tileHashesOrThrow } from './tiles.js';

/**
 * Makes the tiles of a growing log, one entry after the other. It holds the ragged right edge only: at most 256 hashes a
 * row and 256 entries, however large the log is.
 */
export class TileBuilder {
  private entries: Uint8Array[] = [];
  private bundles: Tile[] = [];
  private rows: TileRows;

  constructor(private readonly hasher: TreeHasher) {
    this.rows = new TileRows(hasher);
  }

  /**
   * Untrusted: what `read` gives. Goes on from a log of `size` entries, of which `read` returns the partial tiles and the
   * partial bundle. Throws MalformedInput for tiles of wrong lengths, or entries that are not those of the leaf hashes;
   * whether it is the right log, only `root` can tell.
   */
  static async restoreOrThrow(
    size: number,
    read: (tile: TileId) => Promise<Uint8Array>,
    hasher: TreeHasher,
  ): Promise<TileBuilder> {
    if (!isTreeSize(size)) throw malformed('tile', 'the size of the log is not a whole number');
    const builder = new TileBuilder(hasher);
    builder.rows = await TileRows.restore(size, (tile) => readWhole(read, tile), hasher);
    const [bundle, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH];
    if (width > 0) {
      const bytes = await read({ level: 'entries', index: bundle, width });
      builder.entries = [...parseEntryBundleOrThrow(bytes, width)];
      builder.requireOwnEntries();
    }
    return builder;
  }

  get size(): number {
    return this.rows.size;
  }

  /** Appends an entry (at most 65,535 bytes), which is not copied: the caller must not change it afterwards. */
  append(entry: Uint8Array): void {
    this.entries.push(entry);
    this.rows.append(this.hasher.leafHash(entry));
    if (this.entries.length < TILE_WIDTH) return;
    const index = this.size / TILE_WIDTH - 1;
    this.bundles.push({ id: { level: 'entries', index, width: TILE_WIDTH }, bytes: encodeEntryBundle(this.entries) });
    this.entries = [];
  }

  /** The tiles that have become full since this was last called: entry bundles first. */
  takeFull(): readonly Tile[] {
    const taken = [...this.bundles, ...this.rows.takeFull()];
    this.bundles = [];
    return taken;
  }

  /** The partial tiles of the present size, copies. */
  partials(): readonly Tile[] {
    const tiles = this.rows.partials();
    const width = this.entries.length;
    if (width === 0) return tiles;
    const id = { level: 'entries', index: Math.floor(this.size / TILE_WIDTH), width } as const;
    return [{ id, bytes: encodeEntryBundle(this.entries) }, ...tiles];
  }

  /** The root of the tree of the present size; the log can go on growing. */
  root(): Uint8Array {
    return this.rows.root();
  }

  private requireOwnEntries(): void {
    const width = this.entries.length;
    const [row] = this.rows.partials();
    const hashes = tileHashesOrThrow(row?.bytes ?? new Uint8Array(), { level: 0, index: 0, width });
    this.entries.forEach((entry, i) => {
      const own = this.hasher.leafHash(entry);
      if (!bytesEqual(own, hashes[i] as Uint8Array)) throw malformed('entry bundle', `entry ${i} is not its leaf's`);
    });
  }
}

async function readWhole(read: (tile: TileId) => Promise<Uint8Array>, tile: TileId): Promise<Uint8Array> {
  const bytes = await read(tile);
  if (bytes.length !== tile.width * HASH_LENGTH) throw malformed('tile', `not ${tile.width} hashes`);
  return bytes;
}
