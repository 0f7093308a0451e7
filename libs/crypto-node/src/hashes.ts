import { hash } from 'node:crypto';
import { hmacOver } from '@aidtrail/envelope';
import type { HmacSha256, Sha1, Sha256 } from '@aidtrail/envelope';
import sodium from 'sodium-native';

/** From about this length OpenSSL's faster rounds outweigh the dearer call. */
const SHORT_INPUT_BYTES = 256;
// Handing a small, fresh array to native code makes V8 move it off its heap, which costs more than the hash.
const shortInput = new Uint8Array(SHORT_INPUT_BYTES);
const digest = new Uint8Array(new ArrayBuffer(128), 0, 32);

/** SHA-256: libsodium for short inputs (salts, digests), OpenSSL for long ones. */
export const nodeSha256: Sha256 = (bytes) => {
  if (bytes.length >= SHORT_INPUT_BYTES) return hash('sha256', bytes, 'buffer');
  shortInput.set(bytes);
  sodium.crypto_hash_sha256(digest as Buffer, shortInput.subarray(0, bytes.length) as Buffer);
  return new Uint8Array(digest);
};

export const nodeHmacSha256: HmacSha256 = hmacOver(nodeSha256);

/** SHA-1, for UUID version 5 only. */
export const nodeSha1: Sha1 = (bytes) => hash('sha1', bytes, 'buffer');
