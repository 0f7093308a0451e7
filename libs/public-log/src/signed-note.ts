import {
  base64DecodeOrThrow,
  base64Encode,
  bytesEqual,
  concatBytes,
  hexDecodeOrThrow,
  hexEncode,
  utf8DecodeOrThrow,
  utf8Encode,
  type Ed25519Verifier,
  type Signer,
} from '@aidtrail/envelope';
import { cosignedMessage, parseCosignature } from './cosignature.js';
import { malformed } from './malformed.js';
import { isKeyName, noteKeyOrThrow, type NoteKey } from './vkey.js';

/** One `— name base64` line of a note. */
export interface NoteSignature {
  readonly name: string;
  /** 8 lower-case hex digits. */
  readonly keyId: string;
  /** What follows the key id: 64 bytes for Ed25519, other lengths for other types; at least 1 byte. */
  readonly signature: Uint8Array;
}

/** A note of C2SP signed-note v1.0.0. `text` ends in a newline and is what the signatures are over. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Signs note texts under a name. */
export interface NoteSigner {
  readonly key: NoteKey;
  /** `text` must end in a newline. */
  sign(text: string): NoteSignature;
}

/** A note of which at least one signature of a known key was verified, and none of a known key failed. */
export interface OpenedNote {
  readonly text: string;
  readonly verified: readonly NoteSignature[];
  readonly unknown: readonly NoteSignature[];
}

/** The note is well formed, but its signatures do not make it trustworthy. */
export class NoteRejected extends Error {
  override readonly name = 'NoteRejected';
  constructor(readonly code: 'known_signature_invalid' | 'no_known_signature' | 'quorum_not_met') {
    super(code);
  }
}

/** The specification asks for at least 16; Go's implementation stops here too. */
const MAX_SIGNATURES = 100;
const KEY_ID_BYTES = 4;

/**
 * Untrusted: `note`. Reads the note and verifies the signatures of `keys`. Unknown (name, key id) pairs are set aside;
 * a second line of one key is ignored. Throws MalformedInput, or NoteRejected if a known key's signature is wrong or
 * none is known.
 */
export function openNoteOrThrow(
  note: string | Uint8Array,
  keys: readonly NoteKey[],
  verifier: Ed25519Verifier,
): OpenedNote {
  const { text, signatures } = parseNoteOrThrow(note);
  const known = indexKeysOrThrow(keys);
  const seen = new Set<string>();
  const verified: NoteSignature[] = [];
  const unknown: NoteSignature[] = [];
  for (const line of signatures) {
    const key = known.get(pairOf(line));
    if (key === undefined) {
      unknown.push(line);
      continue;
    }
    if (seen.has(pairOf(line))) continue;
    seen.add(pairOf(line));
    if (!isSignedBy(key, text, line.signature, verifier)) throw new NoteRejected('known_signature_invalid');
    verified.push(line);
  }
  if (verified.length === 0) throw new NoteRejected('no_known_signature');
  return { text, verified, unknown };
}

/** Untrusted: `note`. Reads a note without verifying anything; throws MalformedInput. */
export function parseNoteOrThrow(note: string | Uint8Array): SignedNote {
  const whole = typeof note === 'string' ? note : utf8DecodeOrThrow(note);
  if (!isNoteText(whole)) throw malformed('note', 'a control character or broken Unicode');
  // The text may have empty lines of its own, so only the last one separates it from the signatures.
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw malformed('note', 'no empty line before the signatures');
  const lines = whole.slice(split + 2).split('\n');
  if (lines.pop() !== '') throw malformed('note', 'no newline at the end');
  if (lines.length === 0) throw malformed('note', 'no signature');
  if (lines.length > MAX_SIGNATURES) throw malformed('note', `more than ${MAX_SIGNATURES} signatures`);
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignatureLineOrThrow) };
}

/** The note's exact text; throws MalformedInput for what `parseNoteOrThrow` would not read back. */
export function formatNote({ text, signatures }: SignedNote): string {
  const note = `${text}\n${signatures.map(formatSignatureLine).join('')}`;
  if (parseNoteOrThrow(note).text !== text) throw malformed('note', 'the text has no newline at the end');
  return note;
}

/** Signs a text, which must end in a newline, by each signer in turn; throws MalformedInput if it can be no note. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  return formatNote({ text, signatures: signers.map((signer) => signer.sign(text)) });
}

/** Signs notes with an Ed25519 key under `name`; throws MalformedInput for a name that no key can have. */
export function createNoteSigner(name: string, signer: Signer): NoteSigner {
  const key = noteKeyOrThrow(name, signer.publicKey);
  return {
    key,
    sign: (text) => ({ name, keyId: key.keyId, signature: signer.sign(utf8Encode(text)) }),
  };
}

/** Untrusted: `signature`, the field of a note signature under this key. */
function isSignedBy(key: NoteKey, text: string, signature: Uint8Array, verifier: Ed25519Verifier): boolean {
  const { publicKey } = key;
  if (key.type === 'ed25519') return verifier.verify({ publicKey, message: utf8Encode(text), signature });
  const cosignature = parseCosignature(signature);
  if (cosignature === undefined) return false;
  const message = cosignedMessage(text, cosignature.time);
  return verifier.verify({ publicKey, message, signature: cosignature.signature });
}

/** Untrusted: `line`, without its newline. One signature line of a note; throws MalformedInput. */
export function parseSignatureLineOrThrow(line: string): NoteSignature {
  const [, name, encoded] = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line) ?? [];
  if (name === undefined || encoded === undefined || !isKeyName(name)) throw malformed('note', 'not a signature line');
  const bytes = base64DecodeOrThrow(encoded);
  if (bytes.length <= KEY_ID_BYTES) throw malformed('note', 'a signature that is too short');
  return { name, keyId: hexEncode(bytes.subarray(0, KEY_ID_BYTES)), signature: bytes.slice(KEY_ID_BYTES) };
}

/** The line with its newline, as a witness answers and as a note ends. */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${base64Encode(concatBytes(hexDecodeOrThrow(keyId), signature))}\n`;
}

/** Two different keys with one name and one 32-bit key id would make "known" ambiguous: a mistake in the trust file. */
function indexKeysOrThrow(keys: readonly NoteKey[]): ReadonlyMap<string, NoteKey> {
  const index = new Map<string, NoteKey>();
  for (const key of keys) {
    const other = index.get(pairOf(key));
    if (other !== undefined && !bytesEqual(other.publicKey, key.publicKey)) {
      throw malformed('note key', 'two keys have the same name and key id');
    }
    index.set(pairOf(key), key);
  }
  return index;
}

/** A key name has no plus sign, so the pair cannot be read in two ways. */
function pairOf({ name, keyId }: { readonly name: string; readonly keyId: string }): string {
  return `${name}+${keyId}`;
}

function isNoteText(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return !/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text);
}
