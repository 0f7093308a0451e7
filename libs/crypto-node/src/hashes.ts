import { hash } from 'node:crypto';
import { hmacOver } from '@aidtrail/envelope';
import type { HmacSha256, Sha1, Sha256 } from '@aidtrail/envelope';

/** Handing a small, fresh array to native code makes V8 move it off its heap, which costs more than the hash. */
const SHORT_INPUT_BYTES = 256;
const shortInput = new Uint8Array(SHORT_INPUT_BYTES);

/** SHA-256 by OpenSSL. The digest comes as a text of 32 characters: an array from outside of V8's heap would cost more. */
export const nodeSha256: Sha256 = (bytes) => {
  if (bytes.length >= SHORT_INPUT_BYTES) return bytesOf(hash('sha256', bytes, 'binary'));
  shortInput.set(bytes);
  return bytesOf(hash('sha256', shortInput.subarray(0, bytes.length), 'binary'));
};

export const nodeHmacSha256: HmacSha256 = hmacOver(nodeSha256);

/** SHA-1, for UUID version 5 only. */
export const nodeSha1: Sha1 = (bytes) => bytesOf(hash('sha1', bytes, 'binary'));

function bytesOf(latin1: string): Uint8Array {
  const bytes = new Uint8Array(latin1.length);
  for (let i = 0; i < latin1.length; i += 1) bytes[i] = latin1.charCodeAt(i);
  return bytes;
}
