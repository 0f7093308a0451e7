import { base64Encode, bytesEqual } from '@aidtrail/envelope';
import {
  HASH_LENGTH,
  hashEntries,
  rootOfHashes,
  TILE_WIDTH,
  tilePath,
  type HashedEntries,
  type Tile,
  type TreeHasher,
} from '@aidtrail/public-log';
import type { Report } from '../findings/finding.js';
import { AuditedTree } from './audited-tree.js';
import type { EntryHashing } from './entry-hashing.js';
import type { PublishedTiles, ReadBundle } from './published-tiles.js';

/** Takes the entries in log order: the rules of the ledger. */
export interface EntryReader {
  take(entry: Uint8Array): void;
  /** Resolves when more may come: signatures are verified elsewhere, and must not pile up. */
  room(): Promise<void>;
}

export interface TreeAuditOptions {
  readonly tiles: PublishedTiles;
  readonly size: number;
  readonly hasher: TreeHasher;
  readonly hashing: EntryHashing;
  readonly report: Report;
  /** Bundles that are read and hashed ahead of the one whose turn it is. */
  readonly ahead: number;
  readonly reader?: EntryReader;
  /** Leaf hash that entry 0 must have. */
  readonly openingHash?: Uint8Array;
  readonly onProgress?: (entries: number) => void;
}

export interface AuditedEntries {
  /** The tree of the entries; ends where neither entries nor hashes could be read. */
  readonly tree: AuditedTree;
  /** Entries that were readable, wherever they stand. */
  readonly entries: number;
  /** Entries from the first on that were taken by the reader: those before the first unreadable one. */
  readonly taken: number;
}

/** A bundle on its way: what was read, and the hashing that goes on. */
interface Part {
  readonly index: number;
  readonly width: number;
  readonly read: ReadBundle | undefined;
  readonly tile: Uint8Array | undefined;
  readonly hashed: Promise<HashedEntries> | undefined;
}

/**
 * Reads every entry of the log once, rebuilds the tree and compares every tile with the published one. Where entries cannot
 * be read, their published hashes stand in, so that the others can still be checked against the root.
 */
export async function auditTree(options: TreeAuditOptions): Promise<AuditedEntries> {
  const audit = new TreeAudit(options);
  const parts: Promise<Part>[] = [];
  const bundles = Math.ceil(options.size / TILE_WIDTH);
  let next = 0;
  while ((next < bundles && !options.tiles.givenUp) || parts.length > 0) {
    while (parts.length <= options.ahead && next < bundles && !options.tiles.givenUp) parts.push(audit.begin(next++));
    const part = await (parts.shift() as Promise<Part>);
    await audit.finish(part);
  }
  return audit.end();
}

class TreeAudit {
  private readonly tree: AuditedTree;
  private isWhole = true;
  private entries = 0;
  private taken = 0;
  private upTo = 0;

  constructor(private readonly options: TreeAuditOptions) {
    const { hasher, size } = options;
    const tiles = options.tiles.quietly();
    this.tree = new AuditedTree(hasher, async (index) => {
      const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
      const read = await tiles.entries(index, width);
      if (read !== undefined) return hashEntries(read.entries, hasher).hashes;
      return tiles.hashes({ level: 0, index, width });
    });
  }

  async begin(index: number): Promise<Part> {
    const { tiles, size, hashing } = this.options;
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const [read, tile] = await Promise.all([tiles.entries(index, width), tiles.hashes({ level: 0, index, width })]);
    const hashed = read && hashing.hash(read.bundle, read.entries);
    // A fault is met when the part's turn comes; until then it must not count as unhandled.
    hashed?.catch(() => undefined);
    return { index, width, read, tile, hashed };
  }

  async finish(part: Part): Promise<void> {
    const { reader, onProgress } = this.options;
    if (part.read !== undefined) await this.readEntries(part, reader);
    const hashed = await part.hashed;
    if (hashed !== undefined) this.compareLeafHashes(part, hashed.hashes);
    await this.grow(part, hashed);
    this.upTo += part.width;
    onProgress?.(this.upTo);
  }

  async end(): Promise<AuditedEntries> {
    for (const tile of this.tree.end()) await this.compare(tile);
    const { tree, entries, taken } = this;
    return { tree, entries, taken };
  }

  /** Rules need every entry before: they end at the first bundle that cannot be read. */
  private async readEntries({ index, read }: Part, reader: EntryReader | undefined): Promise<void> {
    const entries = read?.entries ?? [];
    this.entries += entries.length;
    if (this.taken !== index * TILE_WIDTH) return;
    if (reader !== undefined) {
      for (const entry of entries) reader.take(entry);
      await reader.room();
    }
    this.taken += entries.length;
  }

  private compareLeafHashes({ index, width, tile }: Part, hashes: Uint8Array): void {
    const { report, openingHash } = this.options;
    const hashAt = (of: Uint8Array, i: number): Uint8Array => of.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH);
    if (index === 0 && openingHash !== undefined && !bytesEqual(hashAt(hashes, 0), openingHash)) {
      const actual = base64Encode(hashAt(hashes, 0));
      report({ code: 'opening_differs', leaf: 0, expected: base64Encode(openingHash), actual });
    }
    if (tile === undefined || bytesEqual(tile, hashes)) return;
    for (let i = 0; i < width; i += 1) {
      if (bytesEqual(hashAt(tile, i), hashAt(hashes, i))) continue;
      const leaf = index * TILE_WIDTH + i;
      const subject = tilePath({ level: 0, index, width });
      const expected = base64Encode(hashAt(hashes, i));
      report({ code: 'tile_differs', leaf, subject, expected, actual: base64Encode(hashAt(tile, i)) });
      return;
    }
  }

  private async grow({ tile }: Part, hashed: HashedEntries | undefined): Promise<void> {
    if (!this.isWhole) return;
    const known = hashed ?? (tile && standIn(tile, this.options.hasher));
    if (known === undefined) this.isWhole = false;
    else for (const above of this.tree.append(known)) await this.compare(above);
  }

  private async compare({ id, bytes }: Tile): Promise<void> {
    const published = await this.options.tiles.hashes(id);
    if (published === undefined || bytesEqual(published, bytes)) return;
    this.options.report({ code: 'tile_differs', subject: tilePath(id) });
  }
}

function standIn(tile: Uint8Array, hasher: TreeHasher): HashedEntries {
  return tile.length === TILE_WIDTH * HASH_LENGTH
    ? { hashes: tile, root: rootOfHashes(tile, hasher) }
    : { hashes: tile };
}
