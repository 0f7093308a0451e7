import { MalformedInput } from './malformed-input.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('latin1');
const SHORT_TEXT = 64;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The UTF-8 bytes of a text. Throws `lone_surrogate` rather than encode a replacement character. */
export function utf8Encode(text: string): Uint8Array {
  requireWellFormedText(text);
  return encodeWellFormed(text);
}

/** `utf8Encode` for a text that is known to be well formed, such as canonical JSON. */
export function encodeWellFormed(text: string): Uint8Array {
  if (text.length > SHORT_TEXT) return encoder.encode(text);
  // Up to this size an array lies on the engine's own heap and is cheap; the encoder's never is.
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return encoder.encode(text);
    bytes[i] = code;
  }
  return bytes;
}

/** Writes a well-formed text into the target; undefined if it does not fit. Returns the number of bytes. */
export function encodeInto(text: string, target: Uint8Array): number | undefined {
  const { read, written } = encoder.encodeInto(text, target);
  return read === text.length ? written : undefined;
}

const transient = new Uint8Array(16_384);

/**
 * `encodeWellFormed` into memory that the next call overwrites: for bytes that are hashed or copied at once. Allocating
 * more than 64 bytes takes longer than hashing them.
 */
export function encodeTransient(text: string): Uint8Array {
  const length = encodeInto(text, transient);
  return length === undefined ? encoder.encode(text) : transient.subarray(0, length);
}

const SLAB_BYTES = 65_536;
let slab = new Uint8Array(0);
let used = 0;

/** Zeroed memory of that length, cut from a larger piece: thousands of small pieces would each be the collector's work. */
export function takeMemory(length: number): Uint8Array {
  if (length > SLAB_BYTES / 8) return new Uint8Array(length);
  if (used + length > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  used += length;
  return slab.subarray(used - length, used);
}

/** The text of UTF-8 bytes; a byte order mark is kept as U+FEFF. Throws `not_utf8`. */
export function utf8DecodeOrThrow(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new MalformedInput('not_utf8', 'The bytes are not valid UTF-8: encode the text as UTF-8 before sending it.');
  }
}

/** One character a byte: the text of bytes that are all ASCII. Of any others it says nothing that is of use. */
export const asciiText: (bytes: Uint8Array) => string = nativeAscii() ?? decodeLatin1;

/** Node's own is several times faster than its decoder. */
function nativeAscii(): ((bytes: Uint8Array) => string) | undefined {
  const { Buffer: node } = globalThis as {
    readonly Buffer?: { readonly prototype: { readonly latin1Slice?: (this: Uint8Array) => string } };
  };
  const slice = node?.prototype.latin1Slice;
  return slice && ((bytes) => slice.call(bytes));
}

function decodeLatin1(bytes: Uint8Array): string {
  return latin1.decode(bytes);
}

/** Throws `lone_surrogate` if a UTF-16 surrogate stands without its pair, which UTF-8 cannot express. */
export function requireWellFormedText(text: string): void {
  if (LONE_SURROGATE.test(text)) {
    throw new MalformedInput('lone_surrogate', 'A text holds half of a surrogate pair: remove or complete it.');
  }
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Compares public bytes; it stops at the first difference, so it is not for secrets. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Two lower-case digits for each byte. */
export const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);
const HEX_PAIRS = /^(?:[0-9a-f]{2})*$/;

/** Lower-case hexadecimal. */
export function hexEncode(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 1) text += HEX_OF_BYTE[bytes[i] as number];
  return text;
}

/** Reads lower-case hexadecimal only, so that decoding and encoding again gives the input. Throws `not_hex`. */
export function hexDecodeOrThrow(text: string): Uint8Array {
  if (!HEX_PAIRS.test(text)) {
    throw new MalformedInput('not_hex', 'Expected an even number of lower-case hexadecimal digits.');
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
