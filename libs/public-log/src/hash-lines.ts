import { base64DecodeOrThrow } from '@aidtrail/envelope';
import { malformed } from './malformed.js';
import { HASH_LENGTH } from './rfc6962.js';

/** The longest proof of a tree of 2^63 leaves; C2SP tlog-witness draws the same line. */
const MAX_HASHES = 63;

/** Untrusted: `lines`, one hash in base64 each, without newlines; throws MalformedInput. */
export function decodeHashLinesOrThrow(
  where: 'proof file' | 'witness request',
  lines: readonly string[],
): readonly Uint8Array[] {
  if (lines.length > MAX_HASHES) throw malformed(where, `more than ${MAX_HASHES} hashes`);
  return lines.map((line) => {
    const hash = base64DecodeOrThrow(line);
    if (hash.length !== HASH_LENGTH) throw malformed(where, `a hash has not ${HASH_LENGTH} bytes`);
    return hash;
  });
}
