import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  partialTiles,
  startOfTileOrThrow,
  TILE_WIDTH,
  tileHolding,
  tilePath,
  type Tile,
  type TileId,
} from '@aidtrail/public-log';
import { readIfThere, syncFolder, writeNewFile } from './durable-files.js';

/** What is published stands against what is to be published. Nothing was overwritten; going on could fork the log. */
export class LogConflict extends Error {
  override readonly name = 'LogConflict';
}

/** The way out where the files are damaged, and the ledger behind them is whole. */
export const REBUILD = 'Move the folder away: it is written again from the events.';

/** The newest checkpoint, with the cosignatures that it has so far; and the newest with a quorum of them. */
export type CheckpointName = 'checkpoint' | 'witnessed-checkpoint';

/** Files that are being written; whatever a crash leaves here means nothing. */
const STAGING = '.staging';

/**
 * The public log as files, laid out as C2SP tlog-tiles says, for any static web server. A tile is written aside, synced,
 * moved into place without ever replacing anything, and read back; a crash at any point leaves whole files only. Writing
 * what stands there already is done at once; other bytes under the same name are a `LogConflict`.
 */
export class LogDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** Throws if there is no such tile. */
  async readTile(tile: TileId): Promise<Uint8Array> {
    const bytes = await this.readTileIfThere(tile);
    if (bytes === undefined) throw new LogConflict(`There is no ${tilePath(tile)} in ${this.path}. ${REBUILD}`);
    return bytes;
  }

  async readTileIfThere(tile: TileId): Promise<Uint8Array | undefined> {
    const bytes = await readIfThere(this.pathOf(tilePath(tile)));
    return bytes && new Uint8Array(bytes);
  }

  /** A published checkpoint, verbatim; undefined before the first. */
  async readCheckpoint(name: CheckpointName = 'checkpoint'): Promise<string | undefined> {
    return (await readIfThere(this.pathOf(name)))?.toString('utf8');
  }

  /** Durable when it resolves. Throws LogConflict. */
  async writeTiles(tiles: readonly Tile[]): Promise<void> {
    const folders = new Set<string>();
    for (const { id, bytes } of tiles) {
      const path = this.pathOf(tilePath(id));
      if (await this.placeNew(path, bytes)) this.addWithParents(folders, dirname(path));
    }
    for (const folder of folders) await syncFolder(folder);
  }

  /**
   * Writes the partial tiles of a tree from those of a larger one, `within`, that are here: whoever reads a checkpoint asks
   * for them, and those of an earlier size may never have been written. What is full by now is taken instead. Throws
   * LogConflict.
   */
  async writePartials(size: number, within: number): Promise<void> {
    const tiles: Tile[] = [];
    for (const id of partialTiles(size)) {
      const { width } = tileHolding(id.level, id.index * TILE_WIDTH, within);
      if (width !== id.width && width !== TILE_WIDTH) tiles.push({ id, bytes: await this.startOfTile(id, within) });
    }
    await this.writeTiles(tiles);
  }

  /** A partial tile, cut out of the one that a larger tree has in its place. Throws LogConflict if that is not here. */
  async startOfTile(id: TileId, within: number): Promise<Uint8Array> {
    return startOfTileOrThrow(await this.readTile(tileHolding(id.level, id.index * TILE_WIDTH, within)), id);
  }

  /** Removes the partial tiles in the place of a full one, which clients take instead. */
  async dropPartials({ level, index }: TileId): Promise<void> {
    await rm(`${this.pathOf(tilePath({ level, index, width: TILE_WIDTH }))}.p`, { recursive: true, force: true });
  }

  /** Publishes a checkpoint in the place of the one before. Durable when it resolves. */
  async replaceCheckpoint(note: string, name: CheckpointName = 'checkpoint', requireHeld?: () => void): Promise<void> {
    const staged = await this.stage(Buffer.from(note, 'utf8'));
    // However long the disk took: only the name is left to be changed.
    requireHeld?.();
    await rename(staged, this.pathOf(name));
    await syncFolder(this.path);
  }

  /** Takes a checkpoint away that is not one any more, because the policy has changed. */
  async dropCheckpoint(name: 'witnessed-checkpoint'): Promise<void> {
    await rm(this.pathOf(name), { force: true });
    await syncFolder(this.path);
  }

  /** Removes what crashes have left behind. Only while no one else writes here. */
  async sweep(): Promise<void> {
    await rm(this.pathOf(STAGING), { recursive: true, force: true });
  }

  /** False if the same bytes stood there already. */
  private async placeNew(path: string, bytes: Uint8Array): Promise<boolean> {
    const present = await readIfThere(path);
    if (present === undefined) {
      const staged = await this.stage(bytes);
      await mkdir(dirname(path), { recursive: true });
      try {
        // A link fails where a rename would replace.
        await link(staged, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      } finally {
        await unlink(staged);
      }
    }
    const written = present ?? (await readFile(path));
    if (!written.equals(bytes))
      throw new LogConflict(`The published file ${path} is not what the ledger holds. Do not go on; ask an auditor.`);
    return present === undefined;
  }

  /** A folder that is new has to be made durable in its parent as well. */
  private addWithParents(folders: Set<string>, folder: string): void {
    for (let path = folder; !folders.has(path); path = dirname(path)) {
      folders.add(path);
      if (path === this.path) return;
    }
  }

  private async stage(bytes: Uint8Array): Promise<string> {
    const path = join(this.pathOf(STAGING), randomUUID());
    await mkdir(dirname(path), { recursive: true });
    await writeNewFile(path, bytes);
    return path;
  }

  private pathOf(relative: string): string {
    return join(this.path, ...relative.split('/'));
  }
}
