import { MalformedInput, type Ed25519Verifier, type Sha256, hexEncode, utf8Encode } from '@aidtrail/envelope';
import {
  formatAddCheckpoint,
  formatSignatureLine,
  formatVkey,
  NoteRejected,
  openCheckpointOrThrow,
  openNoteOrThrow,
  parseCosignature,
  type AddCheckpointRequest,
  type Checkpoint,
  type NoteKey,
  type PolicyWitness,
} from '@aidtrail/public-log';
import { WitnessFault } from './witness-fault.js';

export interface WitnessClientOptions {
  readonly witness: PolicyWitness & { readonly url: string };
  readonly logKey: NoteKey;
  readonly verifier: Ed25519Verifier;
  readonly sha256: Sha256;
  /** For a whole exchange. */
  readonly timeoutMilliseconds: number;
}

/** A verified cosignature: its line in a note, and its time in POSIX seconds. */
interface CosignatureLine {
  readonly line: string;
  readonly time: number;
}

export type WitnessAnswer =
  | ({ readonly kind: 'cosigned' } & CosignatureLine)
  /** The size that the witness says it has cosigned last. */
  | { readonly kind: 'conflict'; readonly size: number }
  | { readonly kind: 'contradiction' }
  /** It does not know the log, or it is a mirror, which is handed nothing. */
  | { readonly kind: 'not_taken' };

/** What a cosigner shows: a checkpoint that the log's own key has signed, and its cosignature. */
export interface ShownCheckpoint extends Checkpoint, CosignatureLine {}

/** Far above sixteen signature lines of any type; what is longer is not read to its end. */
const MOST_BYTES = 64 * 1_024;
const SIZE_LINE = /^(0|[1-9]\d{0,15})\n?$/;

/**
 * One witness over HTTP, as C2SP tlog-witness has it. Untrusted: everything that it answers. Throws WitnessFault, also when
 * `stop` aborts.
 */
export class WitnessClient {
  private readonly prefix: string;

  constructor(private readonly options: WitnessClientOptions) {
    this.prefix = options.witness.url.replace(/\/+$/, '');
  }

  /** Hands in a checkpoint. A cosignature was verified: it is of this witness's key, over exactly this checkpoint. */
  async addCheckpoint(request: AddCheckpointRequest, stop?: AbortSignal): Promise<WitnessAnswer> {
    const body = formatAddCheckpoint(request);
    const { status, text } = await this.exchange('/add-checkpoint', { body, stop });
    switch (status) {
      case 200:
        return { kind: 'cosigned', ...this.lineOrThrow(request.checkpoint + text) };
      case 409:
        return { kind: 'conflict', size: sizeOrThrow(text) };
      case 422:
        return { kind: 'contradiction' };
      case 404:
        return { kind: 'not_taken' };
      default:
        throw new WitnessFault('refused');
    }
  }

  /**
   * The checkpoint that it holds, if it shows one: signed by the log's own key, so it is the log that says so and not the
   * witness. Undefined if it shows none; a witness may have another address for that.
   */
  async held(stop?: AbortSignal): Promise<Checkpoint | undefined> {
    return this.checkpointIn(await this.monitored(stop));
  }

  /** The same with its own cosignature, over exactly that checkpoint. Throws `bad_cosignature` if there is none. */
  async shown(stop?: AbortSignal): Promise<ShownCheckpoint | undefined> {
    const note = await this.monitored(stop);
    const checkpoint = this.checkpointIn(note);
    if (note === undefined || checkpoint === undefined) return undefined;
    const { origin, size, root } = checkpoint;
    return { origin, size, root, ...this.lineOrThrow(note) };
  }

  private async monitored(stop: AbortSignal | undefined): Promise<string | undefined> {
    const { logKey, sha256 } = this.options;
    const { status, text } = await this.exchange(`/${hexEncode(sha256(utf8Encode(logKey.name)))}/checkpoint`, { stop });
    return status === 200 ? text : undefined;
  }

  private checkpointIn(note: string | undefined): Checkpoint | undefined {
    const { logKey, verifier } = this.options;
    if (note === undefined) return undefined;
    try {
      const { checkpoint } = openCheckpointOrThrow(note, formatVkey(logKey), verifier);
      // This ledger signs no others.
      return checkpoint.extensions.length > 0 ? undefined : checkpoint;
    } catch (error) {
      if (isBadNote(error)) return undefined;
      throw error;
    }
  }

  private lineOrThrow(note: string): CosignatureLine {
    const { witness, verifier } = this.options;
    try {
      const { verified } = openNoteOrThrow(note, [witness.key], verifier);
      const [signature] = verified;
      const time = signature && parseCosignature(signature.signature)?.time;
      if (signature === undefined || time === undefined || time === 0) throw new WitnessFault('bad_cosignature');
      return { line: formatSignatureLine(signature), time };
    } catch (error) {
      if (isBadNote(error)) throw new WitnessFault('bad_cosignature', { cause: error });
      throw error;
    }
  }

  private async exchange(
    path: string,
    { body, stop }: { readonly body?: string; readonly stop: AbortSignal | undefined },
  ): Promise<{ readonly status: number; readonly text: string }> {
    const timeout = AbortSignal.timeout(this.options.timeoutMilliseconds);
    const signal = stop === undefined ? timeout : AbortSignal.any([timeout, stop]);
    try {
      const response = await fetch(this.prefix + path, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { body }),
        headers: { 'accept-encoding': 'identity' },
        // What was agreed with is this address, and no other that it names.
        redirect: 'error',
        signal,
      });
      return { status: response.status, text: await readText(response) };
    } catch (error) {
      if (error instanceof WitnessFault) throw error;
      throw new WitnessFault(signal.aborted ? 'too_slow' : 'unreachable', { cause: error });
    }
  }
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new WitnessFault('answer_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sizeOrThrow(text: string): number {
  const size = Number(SIZE_LINE.exec(text)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(size)) throw new WitnessFault('bad_size');
  return size;
}

function isBadNote(error: unknown): boolean {
  return error instanceof MalformedInput || error instanceof NoteRejected;
}
