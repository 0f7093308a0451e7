import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { hasAcceptableEncoding } from '@aidtrail/envelope';
import type { Ed25519Verifier } from '@aidtrail/envelope';

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), up to its 32 bytes. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEPT_KEYS = 1_024;
const keys = new Map<string, KeyObject>();

/**
 * Ed25519 of Node.js itself behind the shared acceptance rule, for programs that must run without native packages. OpenSSL
 * alone would accept keys of low order.
 */
export const nodeVerifier: Ed25519Verifier = {
  verify: ({ publicKey, message, signature }) => {
    if (!hasAcceptableEncoding(publicKey, signature)) return false;
    try {
      return verify(null, message, keyOf(publicKey), signature);
    } catch {
      return false; // the key is no point of the curve
    }
  },
};

/** Making a key object takes about as long as a verification, and few keys sign much. */
function keyOf(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString('latin1');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  if (keys.size >= KEPT_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}
