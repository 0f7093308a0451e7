import { createHash, hash } from 'node:crypto';
import { hmacOver } from '@aidtrail/envelope';
import type { HmacSha256, Sha1, Sha256 } from '@aidtrail/envelope';
import sodium from 'sodium-native';

/** From about this length OpenSSL's faster rounds outweigh the dearer call. */
const SHORT_INPUT_BYTES = 256;

/** SHA-256: libsodium for short inputs (salts, digests), OpenSSL for long ones. */
export const nodeSha256: Sha256 = (bytes) => {
  if (bytes.length >= SHORT_INPUT_BYTES) return hash('sha256', bytes, 'buffer');
  const digest = new Uint8Array(32);
  sodium.crypto_hash_sha256(digest as Buffer, bytes as Buffer);
  return digest;
};

export const nodeHmacSha256: HmacSha256 = hmacOver(nodeSha256);

/** SHA-1, for UUID version 5 only. */
export const nodeSha1: Sha1 = (bytes) => createHash('sha1').update(bytes).digest();
