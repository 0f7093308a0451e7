import { nodeSha256 } from '@aidtrail/crypto-node';
import { parseCommandEnvelopeOrThrow, parseStrictJsonOrThrow, type SignedCommand } from '@aidtrail/envelope';

/** A command of 32 KiB in base64 and 64 KiB of disclosures, with their wrapper. */
export const MAX_ENVELOPE_BYTES = 131_072;

/** Untrusted: the bytes of one DSSE JSON envelope. Throws `MalformedInput`. */
export function readCommandOrThrow(bytes: Uint8Array): SignedCommand {
  return parseCommandEnvelopeOrThrow(parseStrictJsonOrThrow(bytes, { maxBytes: MAX_ENVELOPE_BYTES }), nodeSha256);
}
