import { base64DecodeOrThrow, base64Encode, type Ed25519Verifier } from '@aidtrail/envelope';
import { parseDecimal } from './decimal.js';
import { malformed } from './malformed.js';
import { HASH_LENGTH } from './rfc6962.js';
import { openNoteOrThrow, signNote, type NoteSignature, type NoteSigner } from './signed-note.js';
import { parseVkeyOrThrow } from './vkey.js';

/** What a log commits to: the root of its first `size` leaves (C2SP tlog-checkpoint v1.0.0). */
export interface Checkpoint {
  /** The log's name: not empty, one line. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** A checkpoint as read. `extensions` are lines after the root; this project writes none and gives them no meaning. */
export interface ParsedCheckpoint extends Checkpoint {
  readonly extensions: readonly string[];
}

export interface OpenedCheckpoint {
  readonly checkpoint: ParsedCheckpoint;
  /** The note's text, exactly: what cosignatures are over. */
  readonly text: string;
  /** Signatures of other keys than the log's, not verified: witnesses' among them. */
  readonly otherSignatures: readonly NoteSignature[];
}

/**
 * Untrusted: `note`. Reads a signed checkpoint and verifies the log's signature. The origin must be the vkey's name
 * unless another is given. Throws MalformedInput or NoteRejected.
 */
export function openCheckpointOrThrow(
  note: string | Uint8Array,
  vkey: string,
  verifier: Ed25519Verifier,
  expectedOrigin?: string,
): OpenedCheckpoint {
  const key = parseVkeyOrThrow(vkey);
  const { text, unknown } = openNoteOrThrow(note, [key], verifier);
  const checkpoint = parseCheckpointOrThrow(text);
  if (checkpoint.origin !== (expectedOrigin ?? key.name)) throw malformed('checkpoint', 'it is of another log');
  return { checkpoint, text, otherSignatures: unknown };
}

/** The note of a checkpoint with the log's own signature; throws MalformedInput. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  return signNote(formatCheckpoint(checkpoint), [signer]);
}

/** The unsigned text, three lines; throws MalformedInput for a checkpoint that could not be read back. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${base64Encode(root)}\n`;
  if (parseCheckpointOrThrow(text).extensions.length > 0) throw malformed('checkpoint', 'the origin is not one line');
  return text;
}

/** Untrusted: `text`. Reads a checkpoint's text without its signatures; throws MalformedInput. */
export function parseCheckpointOrThrow(text: string): ParsedCheckpoint {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw malformed('checkpoint', 'no newline at the end');
  const [origin, size, root, ...extensions] = lines;
  if (origin === undefined || size === undefined || root === undefined)
    throw malformed('checkpoint', 'fewer than three lines');
  if (lines.includes('')) throw malformed('checkpoint', 'an empty line');
  return { origin, size: parseSizeOrThrow(size), root: parseRootOrThrow(root), extensions };
}

function parseSizeOrThrow(text: string): number {
  const size = parseDecimal(text);
  if (size === undefined) throw malformed('checkpoint', 'the size is not a decimal number below 2^53');
  return size;
}

function parseRootOrThrow(text: string): Uint8Array {
  const root = base64DecodeOrThrow(text);
  if (root.length !== HASH_LENGTH) throw malformed('checkpoint', 'the root has not 32 bytes');
  return root;
}
