import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from './bytes.js';

/** SHA-256 (FIPS 180-4): 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;
/** SHA-1, only for UUID version 5: 20 bytes. */
export type Sha1 = (bytes: Uint8Array) => Uint8Array;
/** HMAC-SHA-256 (RFC 2104): 32 bytes. */
export type HmacSha256 = (key: Uint8Array, message: Uint8Array) => Uint8Array;

/** Runs everywhere; servers inject a faster one. */
export const sha256: Sha256 = (bytes) => nobleSha256(bytes);

/** Runs everywhere; servers may inject a faster one. */
export const sha1: Sha1 = (bytes) => nobleSha1(bytes);

const BLOCK_BYTES = 64;

/** HMAC over a given SHA-256, so that whoever injects a fast hash has a fast HMAC as well. */
export function hmacOver(hash: Sha256): HmacSha256 {
  return (key, message) => {
    const block = key.length > BLOCK_BYTES ? hash(key) : key;
    const inner = new Uint8Array(BLOCK_BYTES + message.length).fill(0x36, 0, BLOCK_BYTES);
    const outer = new Uint8Array(BLOCK_BYTES + 32).fill(0x5c, 0, BLOCK_BYTES);
    for (let i = 0; i < block.length; i += 1) {
      inner[i] = (block[i] as number) ^ 0x36;
      outer[i] = (block[i] as number) ^ 0x5c;
    }
    inner.set(message, BLOCK_BYTES);
    outer.set(hash(inner), BLOCK_BYTES);
    return hash(outer);
  };
}

/** Runs everywhere; servers inject a faster one. */
export const hmacSha256: HmacSha256 = hmacOver(sha256);

/** RFC 6962 leaf hash: SHA-256(0x00 ‖ bytes). */
export function leafHash(bytes: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(concatBytes(LEAF_PREFIX, bytes));
}

const LEAF_PREFIX = Uint8Array.of(0);
