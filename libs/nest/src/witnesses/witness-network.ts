import { setTimeout as pause } from 'node:timers/promises';
import { nodeSha256, sodiumVerifier } from '@aidtrail/crypto-node';
import type { CheckpointStore } from '@aidtrail/ledger';
import type { LogDirectory } from '@aidtrail/log-files';
import {
  createTreeHasher,
  formatVkey,
  type LogPolicy,
  type NoteKey,
  type PolicyWitness,
  type QuorumRule,
} from '@aidtrail/public-log';
import type { CosignedCheckpoints } from './cosigned-checkpoints.js';
import { isElsewhere } from './independence.js';
import { proofFromTiles } from './published-proofs.js';
import { WitnessClient } from './witness-client.js';
import { WitnessFault, type WitnessFaultCode } from './witness-fault.js';
import { WitnessFeed, type PublishedCheckpoint } from './witness-feed.js';

/** How one witness stands; everything in it is public. */
export interface WitnessStatus {
  readonly name: string;
  readonly vkey: string;
  /** `not_asked`: the policy gives no address. `current`: it has cosigned the newest published checkpoint. */
  readonly state: 'not_asked' | 'waiting' | 'current' | 'failing';
  readonly fault?: WitnessFaultCode | 'own_fault';
  /** The largest checkpoint that it has cosigned, and when, by its own clock (RFC 3339). */
  readonly cosignedSize?: number;
  readonly cosignedAt?: string;
  /** False where its address is this machine's own. True says no more than that it is another address. */
  readonly independent?: boolean;
  readonly label?: 'not independent';
}

export interface LogStatus {
  /** Of the newest published checkpoint; 0 before the first. */
  readonly publishedSize: number;
  /** Of the newest published checkpoint that met the quorum; absent if none did, or none is asked for. */
  readonly witnessedSize?: number;
  /** In words, such as `2 of (north, south, east)`. */
  readonly quorum: string;
  readonly witnesses: readonly WitnessStatus[];
}

export interface WitnessNetworkOptions {
  readonly policy: LogPolicy;
  readonly logKey: NoteKey;
  readonly cosigned: CosignedCheckpoints;
  readonly checkpoints: Pick<CheckpointStore, 'rootAt'>;
  readonly directory: LogDirectory;
  readonly published: () => PublishedCheckpoint | undefined;
  /** Of the witnessed checkpoint that is published. */
  readonly witnessedSize: () => number | undefined;
  readonly ownHosts: ReadonlySet<string>;
  readonly random: () => number;
  /** `where` names the witness. */
  readonly onFault: (where: string, fault: unknown) => void;
}

/** For a whole exchange with a witness. */
const ANSWER_WITHIN_MILLISECONDS = 5_000;
/** At a start, which waits for nobody longer than that. */
const START_WITHIN_MILLISECONDS = 3_000;

type Reachable = PolicyWitness & { readonly url: string };

/** The witnesses of the policy: each is asked by a loop of its own, and none can hold up another or anything else. */
export class WitnessNetwork {
  private readonly feeds: ReadonlyMap<string, WitnessFeed>;

  constructor(private readonly options: WitnessNetworkOptions) {
    const reachable = options.policy.witnesses.filter((one): one is Reachable => one.url !== undefined);
    this.feeds = new Map(
      reachable.map((witness) => [witness.name, this.feedOf(witness, ANSWER_WITHIN_MILLISECONDS)] as const),
    );
  }

  /**
   * Asks every witness that answers what it holds, before anything is signed. Throws LogConflict if that is newer than the
   * database or another tree. Resolves to the names of those that did not answer, or showed nothing that is ours.
   */
  async check(): Promise<readonly string[]> {
    const reachable = this.options.policy.witnesses.filter((one): one is Reachable => one.url !== undefined);
    const silent = await Promise.all(
      reachable.map(async (witness) => {
        try {
          await this.feedOf(witness, START_WITHIN_MILLISECONDS).checkHeld();
          return undefined;
        } catch (fault) {
          if (!(fault instanceof WitnessFault)) throw fault;
          return witness.name;
        }
      }),
    );
    return silent.filter((name) => name !== undefined);
  }

  /** Until the signal aborts. Rejects with LogConflict. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      await Promise.all([...this.feeds.values()].map((feed) => feed.run(either)));
      // Without witnesses there is nothing to do until the end.
      await untilAborted(signal);
    } finally {
      ended.abort();
    }
  }

  status(): LogStatus {
    const { policy, published } = this.options;
    const size = published()?.size ?? 0;
    const witnessedSize = this.options.witnessedSize();
    return {
      publishedSize: size,
      ...(witnessedSize === undefined ? {} : { witnessedSize }),
      quorum: quorumInWords(policy.quorum),
      witnesses: policy.witnesses.map((witness) => this.statusOf(witness, size)),
    };
  }

  private statusOf(witness: PolicyWitness, publishedSize: number): WitnessStatus {
    const last = this.options.cosigned.lastOf(witness);
    const feed = this.feeds.get(witness.name);
    const state = stateOf(feed, { cosigned: last?.size ?? 0, published: publishedSize });
    const independent = witness.url === undefined ? undefined : isElsewhere(witness.url, this.options.ownHosts);
    return {
      name: witness.name,
      vkey: formatVkey(witness.key),
      state,
      ...(state === 'failing' && feed?.fault !== undefined ? { fault: feed.fault } : {}),
      ...(last === undefined ? {} : { cosignedSize: last.size, cosignedAt: timeInWords(last.time) }),
      ...(independent === undefined ? {} : { independent }),
      ...(independent === false ? { label: 'not independent' as const } : {}),
    };
  }

  private feedOf(witness: Reachable, timeoutMilliseconds: number): WitnessFeed {
    const { logKey, cosigned, checkpoints, directory, published, random, onFault } = this.options;
    const hasher = createTreeHasher(nodeSha256);
    const tools = { verifier: sodiumVerifier, sha256: nodeSha256 };
    return new WitnessFeed({
      witness,
      client: new WitnessClient({ witness, logKey, ...tools, timeoutMilliseconds }),
      cosigned,
      checkpoints,
      published,
      proof: (range) => proofFromTiles({ directory, checkpoints, hasher }, range),
      random,
      onFault: (fault) => onFault(`witness ${witness.name}`, fault),
    });
  }
}

function stateOf(
  feed: WitnessFeed | undefined,
  size: { readonly cosigned: number; readonly published: number },
): WitnessStatus['state'] {
  if (size.published > 0 && size.cosigned >= size.published) return 'current';
  if (feed === undefined) return 'not_asked';
  return feed.fault === undefined ? 'waiting' : 'failing';
}

function quorumInWords(rule: QuorumRule): string {
  switch (rule.kind) {
    case 'none':
      return 'none';
    case 'witness':
      return rule.name;
    case 'group':
      return `${rule.threshold} of (${rule.members.map(quorumInWords).join(', ')})`;
  }
}

/** Untrusted: the time is the witness's word. */
function timeInWords(seconds: number): string {
  const date = new Date(seconds * 1_000);
  return Number.isNaN(date.getTime()) ? `${seconds}` : `${date.toISOString().slice(0, 19)}Z`;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await pause(60_000, undefined, { signal }).catch(() => undefined);
}
