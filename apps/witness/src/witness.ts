import { bytesEqual, type Ed25519Verifier } from '@aidtrail/envelope';
import {
  formatNote,
  formatSignatureLine,
  parseNoteOrThrow,
  type Cosigner,
  type TreeHasher,
} from '@aidtrail/public-log';
import { readSignedRequest, refusalOf, type Refused, type SignedRequest, type TrustedLogs } from './add-checkpoint.js';
import { cosigningTime } from './cosigning-time.js';
import type { Cosigned, WitnessState } from './witness-state.js';

export interface WitnessOptions {
  readonly cosigner: Cosigner;
  readonly logs: TrustedLogs;
  readonly state: Pick<WitnessState, 'latestOf' | 'keep'>;
  readonly verifier: Ed25519Verifier;
  readonly hasher: TreeHasher;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** The log has signed two trees of one size: the one that was cosigned, and that of the request. */
  readonly onContradiction?: (cosigned: Cosigned, request: SignedRequest) => void;
}

/** `line` is the cosignature, as it goes into a note. 503: this witness's clock is behind. */
export type Answer = { readonly status: 200; readonly line: string } | Refused | { readonly status: 503 };

/**
 * A witness of C2SP tlog-witness v1.0.0: it cosigns a checkpoint of a log that it knows if that proves to go on from the
 * one that it cosigned before, and remembers that durably before it answers. Requests of one log are taken one after the
 * other, so that what is compared is what is replaced.
 */
export class Witness {
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly options: WitnessOptions) {}

  /** Untrusted: `body`. Throws what the state throws; nothing was cosigned then. */
  async addCheckpoint(body: Uint8Array): Promise<Answer> {
    const { logs, verifier } = this.options;
    const request = readSignedRequest(body, logs, verifier);
    if ('status' in request) return request;
    return this.inTurn(request.checkpoint.origin, () => this.cosign(request));
  }

  /** The note that was cosigned last for a log, with the log's signatures and this witness's; undefined if none was. */
  latest(origin: string): string | undefined {
    return this.options.state.latestOf(origin)?.note;
  }

  private async cosign(request: SignedRequest): Promise<Answer> {
    const { state, hasher, cosigner, onContradiction } = this.options;
    const { checkpoint, text, logSignatures } = request;
    const latest = state.latestOf(checkpoint.origin);
    const refused = refusalOf(request, latest, hasher);
    if (latest?.size === checkpoint.size && !isSameTree(latest, checkpoint)) onContradiction?.(latest, request);
    if (refused !== undefined) return refused;
    const time = cosigningTime(this.options.clock(), latest?.time);
    if (time === undefined) return { status: 503 };
    // Times are whole seconds: the same tree in the same second has the same cosignature, and nothing is written.
    if (latest !== undefined && time === latest.time && isSameTree(latest, checkpoint)) return cosignatureIn(latest);
    const line = cosigner.cosign(text, time);
    const { origin, size, root } = checkpoint;
    await state.keep({ origin, size, root, time, note: formatNote({ text, signatures: [...logSignatures, line] }) });
    return { status: 200, line: formatSignatureLine(line) };
  }

  private inTurn<T>(origin: string, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(origin) ?? Promise.resolve();
    const turn = before.then(work);
    this.queues.set(
      origin,
      turn.catch(() => undefined),
    );
    return turn;
  }
}

function isSameTree(one: Cosigned, other: SignedRequest['checkpoint']): boolean {
  return one.size === other.size && bytesEqual(one.root, other.root);
}

/** Its own line is the last one. */
function cosignatureIn({ note }: Cosigned): Answer {
  const line = parseNoteOrThrow(note).signatures.at(-1);
  if (line === undefined) throw new Error('A cosigned note has no cosignature.');
  return { status: 200, line: formatSignatureLine(line) };
}
