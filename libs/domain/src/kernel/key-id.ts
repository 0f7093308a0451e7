import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The key id of a public key (base64 of 32 bytes): the 64 hex digits of its SHA-256 (FIPS 180-4). */
export function keyIdOf(publicKey: string): string {
  return bytesToHex(sha256(Uint8Array.from(atob(publicKey), (character) => character.charCodeAt(0))));
}
