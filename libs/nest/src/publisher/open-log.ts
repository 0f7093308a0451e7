import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import type { EventStore } from '@aidtrail/event-store';
import type { CheckpointStore } from '@aidtrail/ledger';
import { createTreeHasher, type NoteKey, type TileId } from '@aidtrail/public-log';
import { LogDirectory } from '@aidtrail/log-files';
import { Publisher } from './publisher.js';

/** The public log as it is published: what anybody may read, and keep. */
export interface PublishedLog {
  /** The published checkpoint, a signed note; undefined before the first. Every tile under it is there. */
  checkpoint(): Promise<string | undefined>;
  /** The bytes of a hash tile or an entry bundle; undefined if there is none (any more). */
  tile(id: TileId): Promise<Uint8Array | undefined>;
}

/** The log in a folder: to be read, and to be published to. */
export function openLog(
  path: string,
  ledger: { readonly store: EventStore; readonly checkpoints: CheckpointStore; readonly key: NoteKey },
): { readonly log: PublishedLog; readonly publisher: Publisher } {
  const directory = new LogDirectory(path);
  const hasher = createTreeHasher(nodeSha256);
  return {
    log: { checkpoint: () => directory.readCheckpoint(), tile: (id) => directory.readTileIfThere(id) },
    publisher: new Publisher({ ...ledger, directory, hasher, verifier: sodiumVerifier }),
  };
}
