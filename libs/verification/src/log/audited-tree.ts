import { bytesEqual } from '@aidtrail/envelope';
import {
  HASH_LENGTH,
  rootOfHashes,
  TILE_WIDTH,
  TileRows,
  type HashedEntries,
  type Tile,
  type TileId,
  type TreeHasher,
} from '@aidtrail/public-log';
import { TileProofs } from './tile-proofs.js';

/** Where the leaf hashes of a tile can be had again; undefined if they cannot. Not believed. */
export type LeafHashesAgain = (tile: number) => Promise<Uint8Array | undefined>;

/** The files gave other leaf hashes than a moment ago. */
export class LogChanged extends Error {
  override readonly name = 'LogChanged';

  constructor() {
    super('The files of the log changed while they were read. Audit it again.');
  }
}

/**
 * The tree as it follows from the entries. It keeps the rows above the leaves, 32 bytes for every 256 entries; leaf hashes
 * that are asked for later are had again and compared.
 */
export class AuditedTree {
  private readonly rows: TileRows;
  /** By level from 1 on: the full tiles, in order. */
  private readonly upper: Uint8Array[][] = [];
  private partials: readonly Tile[] = [];
  private lastRead: { readonly tile: number; readonly hashes: Uint8Array } | undefined;

  constructor(
    private readonly hasher: TreeHasher,
    private readonly leafHashesAgain: LeafHashesAgain,
  ) {
    this.rows = new TileRows(hasher);
  }

  get size(): number {
    return this.rows.size;
  }

  root(): Uint8Array {
    return this.rows.root();
  }

  /** The next entries, 256 unless they are the last. Returns the tiles above the leaves that are full now. */
  append({ hashes, root }: HashedEntries): readonly Tile[] {
    if (root !== undefined) this.rows.appendTile(hashes, root);
    else
      for (let at = 0; at < hashes.length; at += HASH_LENGTH) this.rows.append(hashes.subarray(at, at + HASH_LENGTH));
    const full = this.rows.takeFull().filter(({ id }) => id.level !== 0);
    for (const { id, bytes } of full) (this.upper[id.level as number] ??= []).push(bytes);
    return full;
  }

  /** After the last entries. Returns the partial tiles above the leaves. */
  end(): readonly Tile[] {
    this.partials = this.rows.partials();
    return this.partials.filter(({ id }) => id.level !== 0);
  }

  /** Proofs and roots; after `end`. They throw LogChanged if the leaf hashes are no longer to be had. */
  proofs(): TileProofs {
    return new TileProofs(this.size, (tile) => this.readTile(tile), this.hasher);
  }

  private async readTile({ level, index, width }: TileId): Promise<Uint8Array> {
    const partial = this.partials.find(({ id }) => id.level === level && id.index === index);
    if (partial !== undefined) return partial.bytes;
    const tile = level === 0 ? await this.leafTile(index) : this.upper[level as number]?.[index];
    if (tile === undefined) throw new RangeError('the tree has no such tile');
    return tile.subarray(0, width * HASH_LENGTH);
  }

  private async leafTile(index: number): Promise<Uint8Array> {
    if (this.lastRead?.tile === index) return this.lastRead.hashes;
    const hashes = await this.leafHashesAgain(index);
    const above = await this.readTile({ level: 1, index: Math.floor(index / TILE_WIDTH), width: TILE_WIDTH });
    const at = (index % TILE_WIDTH) * HASH_LENGTH;
    if (hashes?.length !== TILE_WIDTH * HASH_LENGTH) throw new LogChanged();
    if (!bytesEqual(rootOfHashes(hashes, this.hasher), above.subarray(at, at + HASH_LENGTH))) throw new LogChanged();
    this.lastRead = { tile: index, hashes };
    return hashes;
  }
}
