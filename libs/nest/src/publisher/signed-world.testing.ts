import { nodeSha256, sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { base64Encode, sha1, utf8Encode, uuidV5 } from '@aidtrail/envelope';
import { createMemoryEventStore, type EventStore } from '@aidtrail/event-store';
import { createMemoryCheckpointStore, type CheckpointStore } from '@aidtrail/ledger';
import type { LogDirectory } from '@aidtrail/log-files';
import {
  CompactRange,
  createNoteSigner,
  createTreeHasher,
  formatVkey,
  signCheckpoint,
  type LogPolicy,
} from '@aidtrail/public-log';
import { createMemoryCosignatureStore, type CosignatureStore } from '../witnesses/cosignature-store.js';
import { CosignedCheckpoints } from '../witnesses/cosigned-checkpoints.js';
import { NO_WITNESSES } from '../witnesses/policy-file.js';
import { Publisher } from './publisher.js';

const NAMESPACE = '7d4c1d7e-0f0c-4c39-9e53-0a1a7f0f4a10';
export const hasher = createTreeHasher(nodeSha256);

/** A ledger's store, what it has signed, and what witnesses said of it. */
export class SignedWorld {
  readonly store: EventStore = createMemoryEventStore();
  readonly checkpoints: CheckpointStore = createMemoryCheckpointStore();
  readonly cosignatures: CosignatureStore = createMemoryCosignatureStore();
  readonly signer = createNoteSigner('log.example', sodiumSigner(new Uint8Array(32).fill(7)));
  private readonly range = new CompactRange(hasher);

  constructor(private readonly words = 'event') {}

  get vkey(): string {
    return formatVkey(this.signer.key);
  }

  async append(count: number): Promise<void> {
    for (let i = this.range.size, end = i + count; i < end; i += 1) {
      const bytes = utf8Encode(`${this.words} ${i}`);
      const id = uuidV5(NAMESPACE, `${this.words} ${i}`, sha1);
      await this.store.append({ stream: `s-${i}`, expectedVersion: 0, events: [{ id, bytes }] });
      this.range.append(hasher.leafHash(bytes));
    }
  }

  async sign(): Promise<void> {
    const previous = (await this.checkpoints.newest())?.size ?? 0;
    const { size } = this.range;
    const root = this.range.root();
    const note = signCheckpoint({ origin: this.signer.key.name, size, root }, this.signer);
    await this.checkpoints.add({ size, root: base64Encode(root), note, range: this.range.serialise() }, previous);
  }

  async grow(count: number): Promise<void> {
    await this.append(count);
    await this.sign();
  }

  cosigned(policy: LogPolicy = NO_WITNESSES): CosignedCheckpoints {
    return new CosignedCheckpoints(this.cosignatures, policy);
  }

  publisher(directory: LogDirectory, policy: LogPolicy = NO_WITNESSES): Publisher {
    const { store, checkpoints } = this;
    const cosigned = this.cosigned(policy);
    return new Publisher({
      store,
      checkpoints,
      cosigned,
      directory,
      key: this.signer.key,
      hasher,
      verifier: sodiumVerifier,
    });
  }
}
