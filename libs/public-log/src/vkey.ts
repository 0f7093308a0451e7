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
 * A note key as C2SP signed-note defines it: of a log, or of whoever signs notes (Ed25519, type 0x01), or of a cosigner
 * (timestamped Ed25519, type 0x04). A key of another type is refused, while a *signature* of another type in a note is
 * merely unknown.
 */
export interface NoteKey {
  readonly type: NoteKeyType;
  /** Not empty, no white space, no `+`. */
  readonly name: string;
  /** 8 lower-case hex digits, the first 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key). */
  readonly keyId: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

export type NoteKeyType = keyof typeof TYPE_BYTES;

/** What the Go note tools store as a private key: the RFC 8032 seed under a name. */
export interface NoteSecretKey {
  readonly name: string;
  readonly keyId: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
}

const TYPE_BYTES = { ed25519: 0x01, cosignature: 0x04 } as const;
const TYPE_NAMES = { ed25519: 'Ed25519 (1)', cosignature: 'an Ed25519 cosignature (4)' } as const;
const KEY_BYTES = 32;
const SECRET_PREFIX = 'PRIVATE+KEY+';

/** The note key of an Ed25519 public key (32 bytes) under a name; throws MalformedInput. */
export function noteKeyOrThrow(name: string, publicKey: Uint8Array): NoteKey {
  return keyOrThrow('ed25519', name, publicKey);
}

/** The key under which a cosigner's Ed25519 public key (32 bytes) stands in notes; throws MalformedInput. */
export function cosignerKeyOrThrow(name: string, publicKey: Uint8Array): NoteKey {
  return keyOrThrow('cosignature', name, publicKey);
}

/** Untrusted: `text`. Reads `<name>+<8 hex digits>+<base64>` of an Ed25519 key; throws MalformedInput. */
export function parseVkeyOrThrow(text: string): NoteKey {
  return parseKeyOrThrow('ed25519', text);
}

/** Untrusted: `text`. The same of a cosigner's key; throws MalformedInput. */
export function parseCosignerVkeyOrThrow(text: string): NoteKey {
  return parseKeyOrThrow('cosignature', text);
}

export function formatVkey({ type, name, keyId, publicKey }: NoteKey): string {
  return `${name}+${keyId}+${base64Encode(typed(type, publicKey))}`;
}

/**
 * Reads Go's `PRIVATE+KEY+<name>+<8 hex digits>+<base64>`; throws MalformedInput, never with the key in the message.
 * The key id is that of the public key, so only who derives that can compare it.
 */
export function parseSkeyOrThrow(text: string): NoteSecretKey {
  if (!text.startsWith(SECRET_PREFIX)) throw malformed('note key', 'not a private note key');
  const { name, keyId, bytes } = splitOrThrow('ed25519', text.slice(SECRET_PREFIX.length));
  return { name, keyId, seed: bytes };
}

/** A key name of C2SP signed-note. `\p{White_Space}` is what Go's unicode.IsSpace knows; `\s` is not. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[+\p{White_Space}\p{Surrogate}]/u.test(name);
}

function keyOrThrow(type: NoteKeyType, name: string, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw malformed('note key', 'the name is empty or has white space or a plus sign');
  // Keys of low order would "verify" many messages, so they are kept out here and not only at each signature.
  if (!isAcceptablePublicKey(publicKey)) throw malformed('note key', 'not an acceptable Ed25519 public key');
  return { type, name, keyId: noteKeyId(name, typed(type, publicKey)), publicKey };
}

function parseKeyOrThrow(type: NoteKeyType, text: string): NoteKey {
  const { name, keyId, bytes } = splitOrThrow(type, text);
  const key = keyOrThrow(type, name, bytes);
  if (key.keyId !== keyId) throw malformed('note key', 'the key id does not belong to this name and key');
  return key;
}

/** `typedKey` = the type byte and the public key. */
function noteKeyId(name: string, typedKey: Uint8Array): string {
  return hexEncode(sha256(concatBytes(utf8Encode(`${name}\n`), typedKey)).subarray(0, 4));
}

/** Cuts at the first two plus signs only: base64 may have more of them. */
function splitOrThrow(type: NoteKeyType, text: string): { name: string; keyId: string; bytes: Uint8Array } {
  const match = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(text);
  const [, name, keyId, encoded] = match ?? [];
  if (name === undefined || keyId === undefined || encoded === undefined || !isKeyName(name)) {
    throw malformed('note key', 'not of the form name+hash+key');
  }
  const bytes = base64DecodeOrThrow(encoded);
  if (bytes[0] !== TYPE_BYTES[type]) throw malformed('note key', `the key type is not ${TYPE_NAMES[type]}`);
  if (bytes.length !== 1 + KEY_BYTES) throw malformed('note key', 'an Ed25519 key has 32 bytes');
  return { name, keyId, bytes: bytes.slice(1) };
}

function typed(type: NoteKeyType, publicKey: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(TYPE_BYTES[type]), publicKey);
}
