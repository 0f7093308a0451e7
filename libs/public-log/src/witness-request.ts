import { base64Encode, utf8DecodeOrThrow } from '@aidtrail/envelope';
import { parseDecimal } from './decimal.js';
import { decodeHashLinesOrThrow } from './hash-lines.js';
import { malformed } from './malformed.js';
import { parseNoteOrThrow } from './signed-note.js';

/** The body of `add-checkpoint` (C2SP tlog-witness): a checkpoint, and how it grew from the one that was cosigned last. */
export interface AddCheckpointRequest {
  /** The size of the checkpoint that the witness cosigned last; 0 for none. */
  readonly oldSize: number;
  /** The consistency proof of RFC 6962 from the old size; empty for 0. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
}

export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpointRequest): string {
  return `${[`old ${oldSize}`, ...proof.map(base64Encode)].join('\n')}\n\n${checkpoint}`;
}

/** Untrusted: `body`. Reads the request without verifying anything; throws MalformedInput. */
export function parseAddCheckpointOrThrow(body: string | Uint8Array): AddCheckpointRequest {
  const text = typeof body === 'string' ? body : utf8DecodeOrThrow(body);
  const end = text.indexOf('\n\n');
  if (end < 0) throw malformed('witness request', 'no empty line before the checkpoint');
  const [old, ...lines] = text.slice(0, end).split('\n');
  const [, decimal] = /^old (.+)$/.exec(old ?? '') ?? [];
  const oldSize = parseDecimal(decimal ?? '');
  if (oldSize === undefined) throw malformed('witness request', 'no old line with a decimal number below 2^53');
  const checkpoint = text.slice(end + 2);
  parseNoteOrThrow(checkpoint);
  return { oldSize, proof: decodeHashLinesOrThrow('witness request', lines), checkpoint };
}
