import { bytesEqual } from '@aidtrail/envelope';
import { encodeEntryBundle, parseEntryBundleOrThrow } from './entry-bundle.js';
import { CompactRange } from './compact-range.js';
import { malformed } from './malformed.js';
import { HASH_LENGTH, isTreeSize, type TreeHasher } from './rfc6962.js';
import { TILE_WIDTH, type TileId } from './tile-path.js';
import { tileHashesOrThrow } from './tiles.js';

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
 * Makes the tiles of a growing log, one entry after the other. It holds the ragged right edge only: at most 256 hashes a
 * row and 256 entries, however large the log is.
 */
export class TileBuilder {
  private readonly rows: Row[] = [];
  private entries: Uint8Array[] = [];
  private full: Tile[] = [];
  private leaves = 0;

  constructor(private readonly hasher: TreeHasher) {}

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
    for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
      const [full, count] = [Math.floor(hashes / TILE_WIDTH), hashes % TILE_WIDTH];
      const row = builder.rowAt(level);
      row.full = full;
      row.count = count;
      if (count > 0) row.bytes.set(await readWhole(read, { level, index: full, width: count }));
    }
    const [bundle, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH];
    if (width > 0) {
      const bytes = await read({ level: 'entries', index: bundle, width });
      builder.entries = [...parseEntryBundleOrThrow(bytes, width)];
      builder.requireOwnEntries();
    }
    builder.leaves = size;
    return builder;
  }

  get size(): number {
    return this.leaves;
  }

  /** Appends an entry (at most 65,535 bytes), which is not copied: the caller must not change it afterwards. */
  append(entry: Uint8Array): void {
    this.entries.push(entry);
    this.leaves += 1;
    if (this.entries.length === TILE_WIDTH) {
      const index = this.leaves / TILE_WIDTH - 1;
      this.full.push({ id: { level: 'entries', index, width: TILE_WIDTH }, bytes: encodeEntryBundle(this.entries) });
      this.entries = [];
    }
    this.addHash(0, this.hasher.leafHash(entry));
  }

  /** The tiles that have become full since this was last called. */
  takeFull(): readonly Tile[] {
    const taken = this.full;
    this.full = [];
    return taken;
  }

  /** The partial tiles of the present size, copies. */
  partials(): readonly Tile[] {
    const tiles = this.rows.flatMap(({ bytes, count, full }, level): Tile[] =>
      count === 0 ? [] : [{ id: { level, index: full, width: count }, bytes: bytes.slice(0, count * HASH_LENGTH) }],
    );
    const width = this.entries.length;
    if (width === 0) return tiles;
    const id = { level: 'entries', index: Math.floor(this.leaves / TILE_WIDTH), width } as const;
    return [{ id, bytes: encodeEntryBundle(this.entries) }, ...tiles];
  }

  /** The root of the tree of the present size; the log can go on growing. */
  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const { bytes, count } of this.rows) {
      // Of each row from the right to the left: the perfect subtrees that its hashes make.
      for (let end = count, width = 1; end > 0; width *= 2) {
        if (Math.floor(end / width) % 2 === 0) continue;
        const peak = this.subtree(bytes.subarray((end - width) * HASH_LENGTH, end * HASH_LENGTH));
        root = root === undefined ? peak : this.hasher.nodeHash(peak, root);
        end -= width;
      }
    }
    return root ?? this.hasher.emptyRoot;
  }

  private addHash(level: number, hash: Uint8Array): void {
    const row = this.rowAt(level);
    row.bytes.set(hash, row.count * HASH_LENGTH);
    row.count += 1;
    if (row.count < TILE_WIDTH) return;
    this.full.push({ id: { level, index: row.full, width: TILE_WIDTH }, bytes: row.bytes.slice() });
    row.full += 1;
    row.count = 0;
    this.addHash(level + 1, this.subtree(row.bytes));
  }

  /** The root over a power of two of hashes. */
  private subtree(bytes: Uint8Array): Uint8Array {
    const range = new CompactRange(this.hasher);
    for (let at = 0; at < bytes.length; at += HASH_LENGTH) range.append(bytes.slice(at, at + HASH_LENGTH));
    return range.root();
  }

  private rowAt(level: number): Row {
    return (this.rows[level] ??= { bytes: new Uint8Array(TILE_WIDTH * HASH_LENGTH), count: 0, full: 0 });
  }

  private requireOwnEntries(): void {
    const [row] = this.rows;
    const width = this.entries.length;
    const id: TileId = { level: 0, index: 0, width };
    const hashes = tileHashesOrThrow(row?.bytes.subarray(0, width * HASH_LENGTH) ?? new Uint8Array(), id);
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
