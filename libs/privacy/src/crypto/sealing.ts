import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { uuidV8, type Sha256 } from '@aidtrail/envelope';

const formatVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Sealed bytes do not open: another key, other bytes, or another place than they were sealed for. Says nothing more. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  constructor() {
    super('Sealed registry data does not open with this key; it was altered, moved, or sealed with another key.');
  }
}

/**
 * AES-256-GCM: version (1 byte) ‖ nonce (12, random) ‖ ciphertext ‖ tag (16). `place` is authenticated with it, so that
 * a sealed value copied to another row does not open there. One key seals far fewer than 2^32 values (NIST SP 800-38D).
 */
export function seal(key: Uint8Array, plaintext: Uint8Array, place: string, nonce: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.allocUnsafe(1 + nonceBytes + plaintext.length + tagBytes);
  sealed[0] = formatVersion;
  sealed.set(nonce, 1);
  sealed.set(cipher.update(plaintext), 1 + nonceBytes);
  cipher.final();
  sealed.set(cipher.getAuthTag(), sealed.length - tagBytes);
  return sealed;
}

/** Throws {@link SealBroken}. */
export function openOrThrow(key: Uint8Array, sealed: Uint8Array, place: string): Buffer {
  if (sealed.length < 1 + nonceBytes + tagBytes || sealed[0] !== formatVersion) throw new SealBroken();
  try {
    const nonce = sealed.subarray(1, 1 + nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const plaintext = decipher.update(sealed.subarray(1 + nonceBytes, sealed.length - tagBytes));
    decipher.final();
    return plaintext;
  } catch {
    throw new SealBroken();
  }
}

export function sealJson(key: Uint8Array, value: unknown, place: string, nonce: Uint8Array): Buffer {
  return seal(key, Buffer.from(JSON.stringify(value)), place, nonce);
}

/** Throws {@link SealBroken}; the value has the shape that was sealed, because the seal is authentic. */
export function openJsonOrThrow(key: Uint8Array, sealed: Uint8Array, place: string): unknown {
  return JSON.parse(openOrThrow(key, sealed, place).toString());
}

export function hmac(key: Uint8Array, message: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

export const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();

/** A key for one use, derived from a long-lived secret (HKDF-SHA-256, RFC 5869). 32 bytes. */
export function deriveKey(secret: Uint8Array, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `aidtrail/registry/${use}/v1`, 32));
}

/** UUIDv8 of the first 128 bits of HMAC-SHA-256(secret, message). */
export function derivedId(secret: Uint8Array, message: string): string {
  return uuidV8(hmac(secret, message));
}
