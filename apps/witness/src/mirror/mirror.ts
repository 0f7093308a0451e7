import { setTimeout as pause } from 'node:timers/promises';
import { bytesEqual, MalformedInput, utf8DecodeOrThrow, type Ed25519Verifier } from '@aidtrail/envelope';
import { LogConflict, type LogDirectory } from '@aidtrail/log-files';
import {
  CompactRange,
  formatNote,
  formatVkey,
  NoteRejected,
  openCheckpointOrThrow,
  parseEntryBundleOrThrow,
  parseNoteOrThrow,
  partialTiles,
  TILE_WIDTH,
  TileBuilder,
  tileHashesOrThrow,
  tileHolding,
  tilesOfRow,
  type Checkpoint,
  type Cosigner,
  type NoteKey,
  type NoteSignature,
  type TileId,
  type TreeHasher,
} from '@aidtrail/public-log';
import { cosigningTime } from '../cosigning-time.js';
import { StateLost, type WitnessState } from '../witness-state.js';
import type { LogSource } from './log-source.js';
import { MirrorFault } from './mirror-fault.js';

export interface MirrorOptions {
  readonly logKey: NoteKey;
  readonly source: Pick<LogSource, 'checkpoint' | 'tile' | 'witnessedCheckpoint'>;
  /** The copy, and where it is served from. */
  readonly directory: LogDirectory;
  readonly cosigner: Cosigner;
  /** What was cosigned: the copy may be lost and made again, this may not. */
  readonly state: Pick<WitnessState, 'latestOf' | 'keep'>;
  readonly verifier: Ed25519Verifier;
  readonly hasher: TreeHasher;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

interface SignedCheckpoint extends Checkpoint {
  readonly text: string;
  readonly signature: NoteSignature;
}

/**
 * A mirror, as C2SP tlog-mirror means it, that fetches for itself: it copies a log's tiles and entries, and cosigns a
 * checkpoint once every hash under it has been checked and every byte is durable here. Its cosignature says so, and a log
 * that withholds something does not get one.
 *
 * Of each new part first the leaf hashes are fetched and held against the signed root, then the entries against these
 * hashes, so that nothing unchecked is ever kept; for that it needs 32 bytes of memory for each new leaf. What a crash
 * leaves is whole tiles of the signed tree, which the next attempt reads instead of fetching them again.
 */
export class Mirror {
  /** The leaves that are copied, with the edge of their tree. */
  private copied: CompactRange | undefined;

  constructor(private readonly options: MirrorOptions) {}

  /**
   * Copies and cosigns the log's newest checkpoint, and keeps what the log shows as witnessed. Resolves to the size that was
   * cosigned, or undefined if there is nothing new. Throws MirrorFault, LogConflict, StateLost, or what the disk says.
   */
  async step(): Promise<number | undefined> {
    const copied = (this.copied ??= await this.readCopy());
    await this.finishCheckpoint(copied.size);
    // Asked for first, it is not newer than what is copied next.
    const witnessed = await this.options.source.witnessedCheckpoint();
    const size = await this.copy(copied);
    if (witnessed !== undefined) await this.keepWitnessed(witnessed, this.copied.size);
    return size;
  }

  private async copy(copied: CompactRange): Promise<number | undefined> {
    const { logKey, source, state, directory, hasher } = this.options;
    const next = this.openOrThrow(await source.checkpoint());
    const held = state.latestOf(logKey.name);
    if (copied.size >= next.size) return this.compareOrThrow(next, copied);
    // Where the copy was lost, it is made again from a checkpoint that covers what was cosigned.
    if (held !== undefined && next.size < held.size) return undefined;
    const trial = CompactRange.restoreOrThrow(copied.serialise(), hasher);
    const hashes = await this.fetchHashes(next, trial);
    await this.copyEntries(next, copied.size, hashes);
    await this.cosign(next);
    for (const tile of overtaken(copied.size, next.size)) await directory.dropPartials(tile);
    this.copied = trial;
    return next.size;
  }

  /** Until the signal aborts. Faults of the log and of the disk are told and tried again; rejects with the others. */
  async run(
    signal: AbortSignal,
    of: {
      readonly everyMilliseconds: number;
      readonly onCosigned: (size: number) => void;
      readonly onFault: (fault: unknown) => void;
    },
  ): Promise<void> {
    while (!signal.aborted) {
      try {
        const size = await this.step();
        if (size !== undefined) of.onCosigned(size);
      } catch (fault) {
        // Two histories, or a memory that is not certain: no time makes that good.
        if (fault instanceof LogConflict || fault instanceof StateLost) throw fault;
        of.onFault(fault);
      }
      // An abort rejects, and ends the loop.
      await pause(of.everyMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * Keeps a checkpoint of the copied tree with the lines of the log's witnesses, whom a mirror does not know, so that
   * whoever reads the copy finds what the log shows.
   */
  private async keepWitnessed(note: Uint8Array, copied: number): Promise<void> {
    const { directory, hasher } = this.options;
    const { size, root } = this.openOrThrow(note);
    const text = utf8DecodeOrThrow(note);
    if (size > copied || (await directory.readCheckpoint('witnessed-checkpoint')) === text) return;
    const edge = await TileBuilder.restoreOrThrow(size, (tile) => directory.startOfTile(tile, copied), hasher);
    if (!bytesEqual(edge.root(), root)) throw new MirrorFault('log_contradicts_itself');
    await directory.writePartials(size, copied);
    await directory.replaceCheckpoint(text, 'witnessed-checkpoint');
  }

  private openOrThrow(note: Uint8Array): SignedCheckpoint {
    const { logKey, verifier } = this.options;
    try {
      const { checkpoint, text } = openCheckpointOrThrow(note, formatVkey(logKey), verifier);
      const signature = parseNoteOrThrow(note).signatures.find(
        ({ name, keyId }) => name === logKey.name && keyId === logKey.keyId,
      );
      if (checkpoint.extensions.length > 0 || signature === undefined) throw new MirrorFault('bad_checkpoint');
      return { ...checkpoint, text, signature };
    } catch (error) {
      if (error instanceof MalformedInput || error instanceof NoteRejected)
        throw new MirrorFault('bad_checkpoint', { cause: error });
      throw error;
    }
  }

  /** A checkpoint that is not larger than the copy has to be one of its own past. */
  private async compareOrThrow(next: SignedCheckpoint, copied: CompactRange): Promise<undefined> {
    const range = next.size === copied.size ? copied : await this.rangeOfCopy(next.size);
    if (!bytesEqual(range.root(), next.root)) throw new MirrorFault('log_contradicts_itself');
  }

  /** The leaf hashes that are new, tile by tile, once they have the signed root; appended to `range`. */
  private async fetchHashes(next: SignedCheckpoint, range: CompactRange): Promise<ReadonlyMap<number, Uint8Array>> {
    const { source, state, logKey } = this.options;
    const held = state.latestOf(logKey.name);
    const tiles = new Map<number, Uint8Array>();
    for (const id of tilesOfRow(0, range.size, next.size)) {
      const bytes = await source.tile(id);
      tiles.set(id.index, bytes);
      const hashes = withholding(() => tileHashesOrThrow(bytes, id));
      for (const hash of hashes.slice(range.size - id.index * TILE_WIDTH)) {
        range.append(hash);
        // Only where the copy was lost: what was cosigned before has to be a part of the new tree.
        if (held?.size === range.size && !bytesEqual(range.root(), held.root))
          throw new MirrorFault('log_contradicts_itself');
      }
    }
    if (bytesEqual(range.root(), next.root)) return tiles;
    throw new MirrorFault('log_serves_another_tree');
  }

  private async copyEntries(
    next: SignedCheckpoint,
    from: number,
    hashes: ReadonlyMap<number, Uint8Array>,
  ): Promise<void> {
    const { directory, hasher } = this.options;
    const builder = await TileBuilder.restoreOrThrow(from, (tile) => directory.readTile(tile), hasher);
    for (const id of tilesOfRow('entries', from, next.size)) {
      const entries = await this.entriesOf(id, hashes.get(id.index) as Uint8Array);
      for (const entry of entries.slice(builder.size - id.index * TILE_WIDTH)) builder.append(entry);
      await directory.writeTiles(builder.takeFull());
    }
    await directory.writeTiles(builder.partials());
  }

  /** The entries of a bundle, from the copy if it is there already; each is that of its leaf hash. */
  private async entriesOf(id: TileId, hashes: Uint8Array): Promise<readonly Uint8Array[]> {
    const { directory, source, hasher } = this.options;
    const bundle = (await directory.readTileIfThere(id)) ?? (await source.tile(id));
    const entries = withholding(() => parseEntryBundleOrThrow(bundle, id.width));
    const expected = tileHashesOrThrow(hashes, { ...id, level: 0 });
    for (const [i, entry] of entries.entries())
      if (!bytesEqual(hasher.leafHash(entry), expected[i] as Uint8Array))
        throw new MirrorFault('log_serves_another_tree');
    return entries;
  }

  /** Everything under the checkpoint is durable now. */
  private async cosign({ origin, size, root, text, signature }: SignedCheckpoint): Promise<void> {
    const { cosigner, state, clock, directory } = this.options;
    const last = state.latestOf(origin);
    if (last === undefined || last.size < size) {
      const time = cosigningTime(clock(), last?.time);
      if (time === undefined) throw new MirrorFault('clock_behind');
      const note = formatNote({ text, signatures: [signature, cosigner.cosign(text, time)] });
      await state.keep({ origin, size, root, note, time });
    }
    await directory.replaceCheckpoint(state.latestOf(origin)?.note ?? '');
  }

  /** A crash may have come between remembering the cosignature and showing it. */
  private async finishCheckpoint(copied: number): Promise<void> {
    const { state, directory, logKey } = this.options;
    const held = state.latestOf(logKey.name);
    if (held?.size === copied && (await directory.readCheckpoint()) !== held.note)
      await directory.replaceCheckpoint(held.note);
  }

  /** What of the log is here: the cosigned tree, or nothing where the copy was lost. Its leaf hashes are read again. */
  private async readCopy(): Promise<CompactRange> {
    const { state, logKey, directory, hasher } = this.options;
    await directory.sweep();
    const held = state.latestOf(logKey.name);
    if (held === undefined || held.size === 0) return new CompactRange(hasher);
    const shown = await directory.readCheckpoint();
    const tile = tileHolding(0, 0, held.size);
    if (shown === undefined && (await directory.readTileIfThere(tile)) === undefined) return new CompactRange(hasher);
    const range = await this.rangeOfCopy(held.size);
    if (bytesEqual(range.root(), held.root)) return range;
    throw new LogConflict(`The copy in ${directory.path} is damaged. Move it away: it is fetched again.`);
  }

  /** The edge of the first `size` leaves of the copy. */
  private async rangeOfCopy(size: number): Promise<CompactRange> {
    const { directory, hasher } = this.options;
    const range = new CompactRange(hasher);
    for (const id of tilesOfRow(0, 0, size)) {
      const full = await directory.readTileIfThere({ ...id, width: TILE_WIDTH });
      const bytes = full ?? (await directory.readTile(await this.partialThere(id)));
      range.appendMany(tileHashesOrThrow(bytes, { ...id, width: bytes.length / 32 }).slice(0, id.width));
    }
    return range;
  }

  /** Of a tile that is not full, the copy has that of its own size. */
  private async partialThere(id: TileId): Promise<TileId> {
    const { directory, state, logKey } = this.options;
    if ((await directory.readTileIfThere(id)) !== undefined) return id;
    return tileHolding(id.level, id.index * TILE_WIDTH, state.latestOf(logKey.name)?.size ?? 0);
  }
}

/** The partial tiles of a size that are full at a larger one. */
function overtaken(size: number, larger: number): readonly TileId[] {
  return partialTiles(size).filter(
    ({ level, index }) => tileHolding(level, index * TILE_WIDTH, larger).width === TILE_WIDTH,
  );
}

/** What cannot be read cannot be checked, by anybody. */
function withholding<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedInput) throw new MirrorFault('log_withholds', { cause: error });
    throw error;
  }
}
