import { setTimeout as pause } from 'node:timers/promises';
import type { CheckpointStore } from '@aidtrail/ledger';
import { LogConflict } from '@aidtrail/log-files';
import type { AddCheckpointRequest, Checkpoint, PolicyWitness } from '@aidtrail/public-log';
import { base64Encode } from '@aidtrail/envelope';
import type { CosignedCheckpoints } from './cosigned-checkpoints.js';
import type { WitnessClient } from './witness-client.js';
import { WitnessFault, type WitnessFaultCode } from './witness-fault.js';

/** A checkpoint that was published: its tiles are there. */
export interface PublishedCheckpoint {
  readonly size: number;
  /** The note with the log's signature alone. */
  readonly note: string;
}

export interface WitnessFeedOptions {
  readonly witness: PolicyWitness;
  readonly client: Pick<WitnessClient, 'addCheckpoint' | 'held' | 'shown'>;
  readonly cosigned: Pick<CosignedCheckpoints, 'add' | 'lastOf'>;
  readonly checkpoints: Pick<CheckpointStore, 'rootAt'>;
  /** The newest published checkpoint; undefined before the first. */
  readonly published: () => PublishedCheckpoint | undefined;
  readonly proof: (range: { readonly from: number; readonly to: number }) => Promise<readonly Uint8Array[]>;
  /** 0 … 1, for the back-off. */
  readonly random: () => number;
  readonly onFault: (fault: unknown) => void;
}

/** The first wait after a failure, doubled after each further one up to the longest. */
const FIRST_WAIT_MILLISECONDS = 1_000;
const LONGEST_WAIT_MILLISECONDS = 300_000;
/** How soon a published checkpoint is handed in. */
const LOOK_EVERY_MILLISECONDS = 200;
/** A mirror looks for itself, every few seconds, and has to copy what it finds. */
const COLLECT_EVERY_MILLISECONDS = 2_000;
/** A witness's operators read no more. */
const MOST_REQUEST_BYTES = 10 * 1_024;

/**
 * Hands each newest published checkpoint to one witness and keeps its cosignature; what was published in between is
 * passed over. A mirror is handed nothing: its cosignature is fetched where it shows it. Whatever the witness does, nothing waits for it but this loop. Only a checkpoint that the log's own key has
 * signed and the database has not is believed: then `run` rejects with LogConflict, because the database is an older copy
 * or somebody else signs.
 */
export class WitnessFeed {
  /** The failure since which it has cosigned nothing. */
  fault: WitnessFaultCode | 'own_fault' | undefined;
  private failures = 0;
  /** What it is believed to hold: what it cosigned here, or named when it refused. */
  private heldSize = 0;
  /** Whether it takes no checkpoints, and shows what it has cosigned. */
  private isMirror = false;

  constructor(private readonly options: WitnessFeedOptions) {}

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = await this.step(signal);
      // An abort rejects, and ends the loop.
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Does what there is to do; resolves to how long to wait. Throws LogConflict alone. */
  async step(stop?: AbortSignal): Promise<number> {
    const newest = this.options.published();
    const isNew = newest !== undefined && newest.size > this.cosignedSize();
    // It holds more: another process of this ledger has published what is about to be published here.
    if (!isNew || newest.size < this.heldSize) return LOOK_EVERY_MILLISECONDS;
    try {
      const wait = this.isMirror ? await this.collect(stop) : await this.handIn(newest, stop);
      this.failures = 0;
      this.fault = undefined;
      return wait;
    } catch (fault) {
      if (fault instanceof LogConflict) throw fault;
      if (stop?.aborted === true) return 0;
      this.fault = fault instanceof WitnessFault ? fault.code : 'own_fault';
      this.options.onFault(fault);
      this.isMirror = false;
      const most = Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** this.failures);
      this.failures += 1;
      return most * (0.5 + this.options.random() / 2);
    }
  }

  /** Compares what the witness holds with what the database has signed. Throws LogConflict, or WitnessFault. */
  async checkHeld(stop?: AbortSignal): Promise<void> {
    const held = await this.options.client.held(stop);
    if (held !== undefined) await this.requireSigned(held);
  }

  /** Our own key has signed it: then the database has to know it. */
  private async requireSigned({ size, root }: Pick<Checkpoint, 'size' | 'root'>): Promise<void> {
    const { checkpoints, witness } = this.options;
    const signed = await checkpoints.rootAt(size);
    if (signed === undefined) throw newerThanDatabase(witness.name, size);
    if (signed !== base64Encode(root)) throw twoHistories(witness.name, size);
  }

  /** Resolves to how long to wait. */
  private async handIn(newest: PublishedCheckpoint, stop: AbortSignal | undefined): Promise<number> {
    let from = Math.max(this.heldSize, this.cosignedSize());
    // The size that it names is gone on from once; one that is still another one then is no size that it holds.
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const answer = await this.options.client.addCheckpoint(await this.request(from, newest), stop);
      if (answer.kind === 'cosigned') return this.keep(newest.size, answer);
      if (answer.kind === 'not_taken') return this.collect(stop);
      await this.checkHeld(stop);
      if (answer.kind === 'contradiction') throw new WitnessFault('claims_contradiction');
      if (answer.size > newest.size) return this.takeAsAhead(answer.size);
      if (answer.size === from) break;
      from = answer.size;
    }
    throw new WitnessFault('bad_size');
  }

  private async request(from: number, { size, note }: PublishedCheckpoint): Promise<AddCheckpointRequest> {
    const request = { oldSize: from, proof: await this.options.proof({ from, to: size }), checkpoint: note };
    // 63 hashes and a note of one signature are about 3 KiB.
    if (note.length > MOST_REQUEST_BYTES / 2) throw new Error('A checkpoint is too long to be handed to witnesses.');
    return request;
  }

  /** What a mirror shows: it fetches for itself, and cosigns what it holds. Resolves to how long to wait. */
  private async collect(stop: AbortSignal | undefined): Promise<number> {
    const shown = await this.options.client.shown(stop);
    if (shown === undefined) throw new WitnessFault('log_unknown');
    await this.requireSigned(shown);
    this.isMirror = true;
    if (shown.size > this.cosignedSize()) await this.keep(shown.size, shown);
    return COLLECT_EVERY_MILLISECONDS;
  }

  private async keep(size: number, { line, time }: { readonly line: string; readonly time: number }): Promise<number> {
    const { name: keyName, keyId } = this.options.witness.key;
    await this.options.cosigned.add({ size, keyName, keyId, time, line });
    this.heldSize = size;
    return LOOK_EVERY_MILLISECONDS;
  }

  /** Another process of this ledger may have been first: what it handed in, the database has signed. */
  private async takeAsAhead(size: number): Promise<number> {
    if ((await this.options.checkpoints.rootAt(size)) === undefined) throw new WitnessFault('claims_more');
    this.heldSize = size;
    return LOOK_EVERY_MILLISECONDS;
  }

  private cosignedSize(): number {
    return this.options.cosigned.lastOf(this.options.witness)?.size ?? 0;
  }
}

const DO_NOT_GO_ON = 'Do not go on, and do not take the witness out of the policy to get past this.';

function newerThanDatabase(witness: string, size: number): LogConflict {
  return new LogConflict(
    `The witness ${witness} holds a checkpoint over ${size} events, signed by this ledger's key, that the database has not ` +
      `signed: the database is an older copy, or another server signs with this key. ${DO_NOT_GO_ON} Stop every server and ` +
      'restore a newer backup; if there is none, see "When no backup is new enough" in docs/operations.md.',
  );
}

function twoHistories(witness: string, size: number): LogConflict {
  return new LogConflict(
    `The witness ${witness} holds another checkpoint over ${size} events than the database, signed by this ledger's key: ` +
      `there are two histories. ${DO_NOT_GO_ON} Keep both and ask an auditor.`,
  );
}
