import {
  base64DecodeOrThrow,
  base64Encode,
  concatBytes,
  hexEncode,
  isAcceptablePublicKey,
  sha256,
  utf8Encode,
} from '@aidtrail/envelope';
import { malformed } from './malformed.js';

/**
 * A note key as C2SP signed-note defines it. Only Ed25519 (type 0x01) is read here: a key of another type is refused,
 * while a *signature* of another type in a note is merely unknown.
 */
export interface NoteKey {
  /** Not empty, no white space, no `+`. */
  readonly name: string;
  /** 8 lower-case hex digits, the first 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key). */
  readonly keyId: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** What the Go note tools store as a private key: the RFC 8032 seed under a name. */
export interface NoteSecretKey {
  readonly name: string;
  readonly keyId: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
}

const ED25519 = 0x01;
const KEY_BYTES = 32;
const SECRET_PREFIX = 'PRIVATE+KEY+';

/** The note key of an Ed25519 public key (32 bytes) under a name; throws MalformedInput. */
export function noteKeyOrThrow(name: string, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw malformed('note key', 'the name is empty or has white space or a plus sign');
  // Keys of low order would "verify" many messages, so they are kept out here and not only at each signature.
  if (!isAcceptablePublicKey(publicKey)) throw malformed('note key', 'not an acceptable Ed25519 public key');
  return { name, keyId: noteKeyId(name, typed(publicKey)), publicKey };
}

/** Untrusted: `text`. Reads `<name>+<8 hex digits>+<base64>`; throws MalformedInput. */
export function parseVkeyOrThrow(text: string): NoteKey {
  const { name, keyId, bytes } = splitOrThrow(text);
  const key = noteKeyOrThrow(name, bytes);
  if (key.keyId !== keyId) throw malformed('note key', 'the key id does not belong to this name and key');
  return key;
}

export function formatVkey(key: NoteKey): string {
  return `${key.name}+${key.keyId}+${base64Encode(typed(key.publicKey))}`;
}

/**
 * Reads Go's `PRIVATE+KEY+<name>+<8 hex digits>+<base64>`; throws MalformedInput, never with the key in the message.
 * The key id is that of the public key, so only who derives that can compare it.
 */
export function parseSkeyOrThrow(text: string): NoteSecretKey {
  if (!text.startsWith(SECRET_PREFIX)) throw malformed('note key', 'not a private note key');
  const { name, keyId, bytes } = splitOrThrow(text.slice(SECRET_PREFIX.length));
  return { name, keyId, seed: bytes };
}

/** A key name of C2SP signed-note. `\p{White_Space}` is what Go's unicode.IsSpace knows; `\s` is not. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[+\p{White_Space}\p{Surrogate}]/u.test(name);
}

/** `typedKey` = the type byte and the public key. */
function noteKeyId(name: string, typedKey: Uint8Array): string {
  return hexEncode(sha256(concatBytes(utf8Encode(`${name}\n`), typedKey)).subarray(0, 4));
}

/** Cuts at the first two plus signs only: base64 may have more of them. */
function splitOrThrow(text: string): { name: string; keyId: string; bytes: Uint8Array } {
  const match = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(text);
  const [, name, keyId, encoded] = match ?? [];
  if (name === undefined || keyId === undefined || encoded === undefined || !isKeyName(name)) {
    throw malformed('note key', 'not of the form name+hash+key');
  }
  const bytes = base64DecodeOrThrow(encoded);
  if (bytes[0] !== ED25519) throw malformed('note key', 'the key type is not Ed25519 (1)');
  if (bytes.length !== 1 + KEY_BYTES) throw malformed('note key', 'an Ed25519 key has 32 bytes');
  return { name, keyId, bytes: bytes.slice(1) };
}

function typed(publicKey: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(ED25519), publicKey);
}
