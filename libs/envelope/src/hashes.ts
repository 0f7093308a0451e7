import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/** SHA-256 (FIPS 180-4): a new array of 32 bytes. It must not keep its input, which may be overwritten afterwards. */
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
const REUSED_BYTES = 4_096;

/** HMAC over a given SHA-256, so that whoever injects a fast hash has a fast HMAC as well. */
export function hmacOver(hash: Sha256): HmacSha256 {
  // Reused from call to call; larger messages get memory of their own.
  const reusedInner = new Uint8Array(BLOCK_BYTES + REUSED_BYTES);
  const outer = new Uint8Array(BLOCK_BYTES + 32);
  return (key, message) => {
    const block = key.length > BLOCK_BYTES ? hash(key) : key;
    const length = BLOCK_BYTES + message.length;
    const inner = length <= reusedInner.length ? reusedInner.subarray(0, length) : new Uint8Array(length);
    inner.fill(0x36, 0, BLOCK_BYTES);
    outer.fill(0x5c, 0, BLOCK_BYTES);
    for (let i = 0; i < block.length; i += 1) {
      const byte = block[i] as number;
      inner[i] = byte ^ 0x36;
      outer[i] = byte ^ 0x5c;
    }
    inner.set(message, BLOCK_BYTES);
    outer.set(hash(inner), BLOCK_BYTES);
    return hash(outer);
  };
}

/** Runs everywhere; servers inject a faster one. */
export const hmacSha256: HmacSha256 = hmacOver(sha256);

// The first byte stays 0x00.
const prefixed = new Uint8Array(65_536);

/** RFC 6962 leaf hash: SHA-256(0x00 ‖ bytes). */
export function leafHash(bytes: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const input =
    bytes.length < prefixed.length ? prefixed.subarray(0, 1 + bytes.length) : new Uint8Array(1 + bytes.length);
  input.set(bytes, 1);
  return hash(input);
}
