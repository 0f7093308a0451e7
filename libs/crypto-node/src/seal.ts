import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concatBytes, takeMemory, utf8Encode } from '@aidtrail/envelope';
import type { SealDisclosures } from '@aidtrail/envelope';
import { nodeHmacSha256 } from './hashes.js';

/** Why sealed bytes or a wrapped key cannot be opened. The message holds nothing of key or content. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';

  constructor(
    readonly code: 'unknown_version' | 'truncated' | 'wrong_key_or_altered',
    message: string,
  ) {
    super(message);
  }
}

const VERSION = 1;
const NONCE_BYTES = 12;
const HEAD_BYTES = 1 + NONCE_BYTES;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const keyMemory = new Uint8Array(new ArrayBuffer(128), 0, KEY_BYTES);
const NONCE_LABEL = utf8Encode('nonce');

/**
 * AES-256-GCM: `version (1 byte, 1) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`, the event's id as associated data. The nonce
 * is HMAC-SHA-256(key, "nonce" ‖ id ‖ plaintext): a retry gives the same bytes, and two different plaintexts under one
 * key do not meet in a nonce. `key` has 32 bytes.
 */
export const sealDisclosures: SealDisclosures = (key, eventId, plaintext) => {
  if (key.length !== KEY_BYTES) throw new RangeError('A seal key has 32 bytes.');
  const id = utf8Encode(eventId);
  const nonceInput = concatBytes(NONCE_LABEL, id, plaintext);
  const sealed = takeMemory(HEAD_BYTES + plaintext.length + TAG_BYTES);
  sealed[0] = VERSION;
  const digest = nodeHmacSha256(key, nonceInput);
  for (let i = 0; i < NONCE_BYTES; i += 1) sealed[1 + i] = digest[i] as number;
  // Small arrays are handed over as parts of larger ones: V8 would have to move them off its heap first.
  keyMemory.set(key);
  const cipher = createCipheriv('aes-256-gcm', keyMemory, sealed.subarray(1, HEAD_BYTES));
  cipher.setAAD(nonceInput.subarray(NONCE_LABEL.length, NONCE_LABEL.length + id.length));
  sealed.set(cipher.update(plaintext), HEAD_BYTES);
  cipher.final();
  sealed.set(cipher.getAuthTag(), HEAD_BYTES + plaintext.length);
  keyMemory.fill(0);
  return sealed;
};

/** The plaintext that was sealed under this key for this event. Throws `CannotOpen`. */
export function openSealedOrThrow(key: Uint8Array, eventId: string, sealed: Uint8Array): Uint8Array {
  requireVersion(sealed);
  if (sealed.length < HEAD_BYTES + TAG_BYTES) throw new CannotOpen('truncated', 'Sealed bytes are cut off.');
  const nonce = sealed.subarray(1, HEAD_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(utf8Encode(eventId));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(HEAD_BYTES, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw new CannotOpen('wrong_key_or_altered', 'Sealed bytes do not open with this key for this event.');
  }
  return new Uint8Array(plaintext);
}

/** RFC 3394 section 2.2.3.1. */
const KEY_WRAP_IV = Uint8Array.of(0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6);
const KEY_WRAP = 'id-aes256-wrap';
const WRAPPED_BYTES = 40;

/** AES-256 key wrap (RFC 3394) of a 32-byte key under another: `version (1 byte, 1) ‖ 40 bytes`. Deterministic. */
export function wrapKey(keyEncryptionKey: Uint8Array, key: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new RangeError('A key to wrap has 32 bytes.');
  const cipher = createCipheriv(KEY_WRAP, keyEncryptionKey, KEY_WRAP_IV);
  return concatBytes(Uint8Array.of(VERSION), cipher.update(key), cipher.final());
}

/** The 32-byte key that was wrapped. Throws `CannotOpen`. */
export function unwrapKeyOrThrow(keyEncryptionKey: Uint8Array, wrapped: Uint8Array): Uint8Array {
  requireVersion(wrapped);
  if (wrapped.length !== 1 + WRAPPED_BYTES) throw new CannotOpen('truncated', 'A wrapped key has 41 bytes.');
  const decipher = createDecipheriv(KEY_WRAP, keyEncryptionKey, KEY_WRAP_IV);
  try {
    return concatBytes(decipher.update(wrapped.subarray(1)), decipher.final());
  } catch {
    throw new CannotOpen('wrong_key_or_altered', 'The wrapped key does not open with this key.');
  }
}

function requireVersion(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new CannotOpen('truncated', 'There are no bytes to open.');
  if (bytes[0] !== VERSION) throw new CannotOpen('unknown_version', 'Sealed by a newer program: update this one.');
}
