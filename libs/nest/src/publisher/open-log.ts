import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import type { EventStore } from '@aidtrail/event-store';
import type { CheckpointStore } from '@aidtrail/ledger';
import { LogDirectory } from '@aidtrail/log-files';
import { createTreeHasher, type LogPolicy, type NoteKey, type TileId } from '@aidtrail/public-log';
import type { CosignatureStore } from '../witnesses/cosignature-store.js';
import { CosignedCheckpoints } from '../witnesses/cosigned-checkpoints.js';
import { WitnessNetwork, type LogStatus } from '../witnesses/witness-network.js';
import { Publisher } from './publisher.js';

/** The public log as it is published: what anybody may read, and keep. */
export interface PublishedLog {
  /**
   * The newest published checkpoint, a signed note with the cosignatures that it has so far; undefined before the first.
   * Every tile under it is there.
   */
  checkpoint(): Promise<string | undefined>;
  /** The newest published checkpoint that met the policy's quorum; undefined if none did, or none is asked for. */
  witnessedCheckpoint(): Promise<string | undefined>;
  /** The bytes of a hash tile or an entry bundle; undefined if there is none (any more). */
  tile(id: TileId): Promise<Uint8Array | undefined>;
  /** How far the log is published and witnessed, and how each witness stands. */
  status(): LogStatus;
  /** The policy file as it lies in the data directory: the log's key, its leaf 0, its witnesses and how many of them count. */
  policy(): Promise<Uint8Array | undefined>;
}

export interface LogParts {
  readonly store: EventStore;
  readonly checkpoints: CheckpointStore;
  readonly cosignatures: CosignatureStore;
  /** The key that signs the checkpoints. */
  readonly key: NoteKey;
  readonly policy: LogPolicy;
  readonly policyFile: () => Promise<Uint8Array | undefined>;
  readonly ownHosts: ReadonlySet<string>;
  readonly onFault: (where: string, fault: unknown) => void;
}

export interface OpenedLog {
  readonly log: PublishedLog;
  readonly publisher: Publisher;
  readonly witnesses: WitnessNetwork;
}

/** The log in a folder: to be read, to be published to, and to be witnessed. */
export function openLog(path: string, parts: LogParts): OpenedLog {
  const { policy, key: logKey } = parts;
  const directory = new LogDirectory(path);
  const hasher = createTreeHasher(nodeSha256);
  const cosigned = new CosignedCheckpoints(parts.cosignatures, policy);
  const publisher = new Publisher({ ...parts, cosigned, directory, hasher, verifier: sodiumVerifier });
  const witnesses = new WitnessNetwork({
    ...parts,
    logKey,
    cosigned,
    directory,
    published: () => publisher.newest,
    witnessedSize: () => publisher.witnessedSize,
    random: Math.random,
  });
  const log: PublishedLog = {
    checkpoint: () => directory.readCheckpoint(),
    witnessedCheckpoint: () => directory.readCheckpoint('witnessed-checkpoint'),
    tile: (id) => directory.readTileIfThere(id),
    status: () => witnesses.status(),
    policy: parts.policyFile,
  };
  return { log, publisher, witnesses };
}
