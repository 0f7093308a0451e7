import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** A decision asks for the key id of the same key in each round in which it gathers facts. */
let latest = { publicKey: '', keyId: '' };

/** The key id of a public key (base64 of 32 bytes): the 64 hex digits of its SHA-256 (FIPS 180-4). */
export function keyIdOf(publicKey: string): string {
  if (publicKey === latest.publicKey) return latest.keyId;
  const text = atob(publicKey);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  latest = { publicKey, keyId: bytesToHex(sha256(bytes)) };
  return latest.keyId;
}
