import { concatBytes, utf8Encode } from '@aidtrail/envelope';

/**
 * The signature field of C2SP tlog-cosignature (cosignature/v1, Ed25519): the time in POSIX seconds (64 bits, big-endian)
 * and the 64 bytes of Ed25519 over `cosignedMessage`. It says: as of that time, this is the largest consistent tree of
 * this origin that the cosigner has seen.
 */
export interface Cosignature {
  readonly time: number;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** What a cosigner's Ed25519 signature is over; `text` is a checkpoint's whole note text. */
export function cosignedMessage(text: string, time: number): Uint8Array {
  return utf8Encode(`cosignature/v1\ntime ${time}\n${text}`);
}

/** Throws RangeError unless the time is in whole seconds, 0 … 2^53 - 1. */
export function encodeCosignature({ time, signature }: Cosignature): Uint8Array {
  if (!Number.isSafeInteger(time) || time < 0) throw new RangeError('a time in whole POSIX seconds');
  const bytes = new Uint8Array(TIME_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(time / 2 ** 32));
  view.setUint32(4, time % 2 ** 32);
  return concatBytes(bytes, signature);
}

/** Untrusted: `field`. Undefined for another length, and for a time of 2^53 or later, where JavaScript's numbers end. */
export function parseCosignature(field: Uint8Array): Cosignature | undefined {
  if (field.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const view = new DataView(field.buffer, field.byteOffset, TIME_BYTES);
  const time = view.getUint32(0) * 2 ** 32 + view.getUint32(4);
  return Number.isSafeInteger(time) ? { time, signature: field.subarray(TIME_BYTES) } : undefined;
}
