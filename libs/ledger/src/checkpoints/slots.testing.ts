import { randomUUID } from 'node:crypto';
import { base64DecodeOrThrow, canonicalBytes, signAnswer } from '@aidtrail/envelope';
import { createMemoryEventStore, type EventStore } from '@aidtrail/event-store';
import {
  assembleProof,
  checkConsistency,
  createNoteSigner,
  nodeReaderOf,
  planConsistency,
  rootOf,
  type NoteSigner,
} from '@aidtrail/public-log';
import { newSigner, treeHasher } from '@aidtrail/testing/ledger';
import type { SignedCheckpoint } from '../ports.js';
import { Checkpointer, type CheckpointerOptions, type CheckpointStore } from './checkpointer.js';
import { createMemoryCheckpointStore } from './memory-checkpoint-store.js';

export const SLOT = 900_000;
export const K = 3;
/** A second before midnight at UTC+8. */
export const LATE = Date.UTC(2026, 5, 1, 15, 59, 59);

/** A store, a checkpoint store and a scripted clock; checkpointers on them stand for processes. */
export class SlotWorld {
  readonly store: EventStore = createMemoryEventStore();
  readonly checkpoints: CheckpointStore = createMemoryCheckpointStore();
  now = Date.UTC(2026, 5, 1, 2);
  private readonly noteSigner: NoteSigner = createNoteSigner('ledger.example/test', newSigner());
  private readonly eventSigner = newSigner();

  checkpointer(change: Partial<CheckpointerOptions> = {}): Checkpointer {
    return new Checkpointer({
      store: this.store,
      checkpoints: this.checkpoints,
      hasher: treeHasher,
      origin: 'ledger.example/test',
      signer: this.noteSigner,
      clock: () => this.now,
      k: K,
      slotMilliseconds: SLOT,
      utcOffsetMinutes: 480,
      ...change,
    });
  }

  /** An event that a policy caused. */
  async caused(category: string, count = 1): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      const id = randomUUID();
      const bytes = canonicalBytes({ command: { ref: randomUUID() }, id });
      await this.store.append({ stream: `${category}-${id}`, expectedVersion: 0, events: [{ id, bytes }] });
    }
  }

  /** An event of a signed command, with the promise to publish it by then. */
  async promised(category: string, publishBy: string): Promise<void> {
    const id = randomUUID();
    const commandId = randomUUID();
    const hash = Buffer.alloc(32).toString('base64');
    const answer = signAnswer(
      {
        v: 1,
        log: 'ledger.example/test',
        command: commandId,
        bodyHash: hash,
        accepted: { leafHash: hash, event: id, publishBy },
      },
      this.eventSigner,
    );
    await this.store.append({
      stream: `${category}-${id}`,
      expectedVersion: 0,
      events: [{ id, bytes: canonicalBytes({ command: { body: { id: commandId } }, id }) }],
      command: { kind: 'accepted', commandId, bodyHash: new Uint8Array(32), answer },
    });
  }

  async leafHashes(size: number): Promise<readonly Uint8Array[]> {
    const hashes: Uint8Array[] = [];
    for await (const batch of this.store.readAll({ before: size })) {
      for (const { bytes } of batch) hashes.push(treeHasher.leafHash(bytes));
    }
    return hashes;
  }

  /** The root of the first `size` leaves by the definition of RFC 6962, base64. */
  async naiveRoot(size: number): Promise<string> {
    return Buffer.from(rootOf(await this.leafHashes(size), treeHasher)).toString('base64');
  }

  /** What a monitor would object to in these checkpoints, in the order of their sizes; empty if none is a fork. */
  async forksIn(signed: readonly SignedCheckpoint[]): Promise<readonly string[]> {
    const ordered = [...signed].sort((a, b) => a.size - b.size);
    const faults: string[] = [];
    for (const [i, to] of ordered.entries()) {
      const from = ordered[i - 1];
      if (from === undefined) continue;
      const proof = assembleProof(
        planConsistency({ from: from.size, to: to.size }),
        nodeReaderOf(await this.leafHashes(to.size), treeHasher),
        treeHasher,
      );
      const fault = checkConsistency({ from: tree(from), to: tree(to), proof }, treeHasher);
      if (fault !== undefined) faults.push(`${from.size} → ${to.size}: ${fault}`);
    }
    return faults;
  }
}

function tree({ size, root }: SignedCheckpoint): { readonly size: number; readonly root: Uint8Array } {
  return { size, root: base64DecodeOrThrow(root) };
}
