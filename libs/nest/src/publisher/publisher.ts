import { setTimeout as pause } from 'node:timers/promises';
import { base64Encode, MalformedInput, type Ed25519Verifier } from '@aidtrail/envelope';
import type { EventStore } from '@aidtrail/event-store';
import type { CheckpointStore, StoredCheckpoint } from '@aidtrail/ledger';
import {
  formatVkey,
  openCheckpointOrThrow,
  TILE_WIDTH,
  TileBuilder,
  tileHolding,
  type NoteKey,
  type TileId,
  type TreeHasher,
} from '@aidtrail/public-log';
import { LogConflict, REBUILD, type LogDirectory } from '@aidtrail/log-files';
import type { CosignedCheckpoints } from '../witnesses/cosigned-checkpoints.js';
import type { PublishedCheckpoint } from '../witnesses/witness-feed.js';

export interface PublisherOptions {
  readonly store: EventStore;
  /** Where the ledger keeps what it has signed. */
  readonly checkpoints: Pick<CheckpointStore, 'newest' | 'noteAt' | 'rootAt'>;
  /** What witnesses have said of it. */
  readonly cosigned: Pick<CosignedCheckpoints, 'forgetBelow' | 'linesOf' | 'newestWitnessed' | 'refresh'>;
  readonly directory: LogDirectory;
  /** The key that signs the checkpoints. */
  readonly key: NoteKey;
  readonly hasher: TreeHasher;
  readonly verifier: Ed25519Verifier;
}

/**
 * Publishes the log: brings the files up to the newest signed checkpoint. Tiles come first, then the checkpoint with the
 * cosignatures that there are, then the newest one that met the quorum, so that whoever reads one finds every tile; each is
 * durable before the next step. Nothing here waits for a witness. A crash in between is made good by the
 * next call, which writes the same bytes again. It refuses, with `LogConflict`, what would not be the signed tree: files
 * of another log, a checkpoint that the database has not signed, an event store that holds other events.
 */
export class Publisher {
  /** What is published; undefined when it has to be read from the files, at the start and after a fault. */
  private published: Published | undefined;
  private handedOut: PublishedCheckpoint | undefined;
  private handedOutWitnessed: number | undefined;
  /** The signed note of the witnessed checkpoint, so that it is not read again and again. */
  private witnessedNote: PublishedCheckpoint | undefined;
  /** Asked before a file is replaced; throws if another process may be publishing. Undefined while this one is not. */
  private requireHeld: (() => void) | undefined;

  constructor(private readonly options: PublisherOptions) {}

  /** What is published, to be handed to witnesses; undefined before `check` or the first that is published. */
  get newest(): PublishedCheckpoint | undefined {
    return this.handedOut;
  }

  /** The size of the witnessed checkpoint that stands in the files; undefined for none. */
  get witnessedSize(): number | undefined {
    return this.handedOutWitnessed;
  }

  /** Resolves to the checkpoint that was published, or undefined if there was none to publish. */
  async publish(): Promise<StoredCheckpoint | undefined> {
    const { checkpoints, cosigned, directory } = this.options;
    const newest = await checkpoints.newest();
    if (newest === undefined) return undefined;
    await cosigned.refresh();
    const { edge, ...files } = await this.presentFiles();
    // Whatever goes wrong from here on, the files say where to begin again.
    this.published = undefined;
    if (newest.size < edge.size) throw olderCopy(edge.size);
    const partials = edge.partials().map(({ id }) => id);
    if (newest.size > edge.size) await this.extend(edge, newest);
    const note = newest.note + cosigned.linesOf(newest.size);
    if (note !== files.note) {
      this.requireHeld?.();
      await directory.replaceCheckpoint(note, 'checkpoint', this.requireHeld);
    }
    // Not before: until now the checkpoint that everybody reads was the one over these tiles.
    for (const tile of partials) if (isFull(tile, edge.size)) await directory.dropPartials(tile);
    this.handedOut = { size: newest.size, note: newest.note };
    const witnessed = await this.publishWitnessed(newest.size, files.witnessed);
    this.published = { edge, note, witnessed };
    return note === files.note ? undefined : newest;
  }

  /**
   * Looks whether what is published may be gone on from, and publishes nothing. Throws LogConflict, or MalformedInput for
   * files that are no log.
   */
  async check(): Promise<void> {
    const { cosigned } = this.options;
    this.published = await this.readPublished();
    const { edge, note, witnessed } = this.published;
    if (note === undefined) return;
    await cosigned.refresh();
    this.handedOut = { size: edge.size, note: await this.signedNoteOf(edge.size) };
    if (witnessed !== undefined) this.handedOutWitnessed = cosigned.newestWitnessed(edge.size);
  }

  /**
   * Publishes until the signal aborts. Rejects with a LogConflict; every other fault is told and tried again. One process
   * does so at a time: `requireHeld` throws when this one may not be it any more.
   */
  async run(
    signal: AbortSignal,
    {
      everyMilliseconds,
      onFault,
      requireHeld,
    }: {
      readonly everyMilliseconds: number;
      readonly onFault: (fault: unknown) => void;
      readonly requireHeld: () => void;
    },
  ): Promise<void> {
    this.requireHeld = requireHeld;
    // Another process may have published since this one did.
    this.published = undefined;
    try {
      while (!signal.aborted) {
        await this.publish().catch((fault: unknown) => {
          if (fault instanceof LogConflict) throw fault;
          if (!signal.aborted) onFault(fault);
        });
        // An abort rejects, and ends the loop.
        await pause(everyMilliseconds, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      this.requireHeld = undefined;
    }
  }

  /** Takes in what another process has published, for questions; does nothing while this one publishes. */
  async look(): Promise<void> {
    const { directory, key, verifier, cosigned } = this.options;
    if (this.requireHeld !== undefined) return;
    const note = await directory.readCheckpoint();
    if (note === undefined) return;
    const { size } = openCheckpointOrThrow(note, formatVkey(key), verifier).checkpoint;
    await cosigned.refresh();
    const signed = this.handedOut?.size === size ? this.handedOut.note : await this.signedNoteOf(size);
    const isWitnessed = (await directory.readCheckpoint('witnessed-checkpoint')) !== undefined;
    if (this.requireHeld !== undefined) return;
    this.handedOut = { size, note: signed };
    this.handedOutWitnessed = isWitnessed ? cosigned.newestWitnessed(size) : undefined;
    if (this.handedOutWitnessed !== undefined) cosigned.forgetBelow(this.handedOutWitnessed);
  }

  /** Publishes the newest checkpoint that met the quorum; takes the file away if under this policy none did. */
  private async publishWitnessed(atMost: number, present: string | undefined): Promise<string | undefined> {
    const { cosigned, directory } = this.options;
    const size = cosigned.newestWitnessed(atMost);
    if (size === undefined) {
      if (present !== undefined) {
        this.requireHeld?.();
        await directory.dropCheckpoint('witnessed-checkpoint');
      }
      this.handedOutWitnessed = undefined;
      return undefined;
    }
    const note = (await this.noteAt(size)) + cosigned.linesOf(size);
    if (note !== present) {
      await directory.writePartials(size, atMost);
      this.requireHeld?.();
      await directory.replaceCheckpoint(note, 'witnessed-checkpoint', this.requireHeld);
    }
    this.handedOutWitnessed = size;
    cosigned.forgetBelow(size);
    return note;
  }

  /** What this process has published, with the checkpoint that stands there now: one that was halted may have put an older one. */
  private async presentFiles(): Promise<Published> {
    if (this.published === undefined) return this.readPublished();
    const [note, witnessed] = await Promise.all([
      this.options.directory.readCheckpoint(),
      this.options.directory.readCheckpoint('witnessed-checkpoint'),
    ]);
    return { ...this.published, note, witnessed };
  }

  private async noteAt(size: number): Promise<string> {
    if (this.witnessedNote?.size === size) return this.witnessedNote.note;
    this.witnessedNote = { size, note: await this.signedNoteOf(size) };
    return this.witnessedNote.note;
  }

  private async signedNoteOf(size: number): Promise<string> {
    const note = await this.options.checkpoints.noteAt(size);
    if (note === undefined) throw olderCopy(size);
    return note;
  }

  private async extend(edge: TileBuilder, newest: StoredCheckpoint): Promise<void> {
    const { store, directory } = this.options;
    for await (const batch of store.readAll({ from: edge.size, before: newest.size })) {
      for (const { position, bytes } of batch) {
        if (position !== edge.size) throw new LogConflict(`The event store skipped position ${edge.size}.`);
        edge.append(bytes);
      }
      // Full tiles are what they are, whichever checkpoint comes next.
      await directory.writeTiles(edge.takeFull());
    }
    if (edge.size !== newest.size || base64Encode(edge.root()) !== newest.root)
      throw new LogConflict(
        `The event store does not hold the tree of the checkpoint signed over ${newest.size} events. Nothing was published ` +
          'beyond what is; ask an auditor.',
      );
    await directory.writeTiles(edge.partials());
  }

  private async readPublished(): Promise<Published> {
    const { directory, hasher, key, verifier, checkpoints } = this.options;
    await directory.sweep();
    const note = await directory.readCheckpoint();
    const witnessed = await directory.readCheckpoint('witnessed-checkpoint');
    if (note === undefined) return { edge: new TileBuilder(hasher), note, witnessed };
    const { checkpoint } = openCheckpointOrThrow(note, formatVkey(key), verifier);
    const root = base64Encode(checkpoint.root);
    const signed = await checkpoints.rootAt(checkpoint.size);
    if (signed === undefined) throw olderCopy(checkpoint.size);
    if (signed !== root)
      throw new LogConflict(
        `The published checkpoint over ${checkpoint.size} events is not the one that the database has signed: there are two ` +
          'histories. Do not go on; keep both and ask an auditor.',
      );
    const edge = await TileBuilder.restoreOrThrow(checkpoint.size, (tile) => directory.readTile(tile), hasher).catch(
      (fault: unknown) => {
        if (fault instanceof MalformedInput) return undefined;
        throw fault;
      },
    );
    if (edge === undefined || base64Encode(edge.root()) !== root)
      throw new LogConflict(`The tiles in ${directory.path} are not those of its checkpoint. ${REBUILD}`);
    return { edge, note, witnessed };
  }
}

/** The published checkpoint, and the right edge of the tree under it, from which the files grow. */
interface Published {
  readonly edge: TileBuilder;
  /** The files, verbatim. */
  readonly note: string | undefined;
  readonly witnessed: string | undefined;
}

function isFull({ level, index }: TileId, size: number): boolean {
  return tileHolding(level, index * TILE_WIDTH, size).width === TILE_WIDTH;
}

function olderCopy(size: number): LogConflict {
  return new LogConflict(
    `A checkpoint over ${size} events is published that the database has not signed: the database is an older copy. Restore ` +
      'a newer backup; if there is none, see "When no backup is new enough" in docs/operations.md. Never delete the ' +
      'published files to get past this.',
  );
}
