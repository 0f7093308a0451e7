import { MalformedInput } from './malformed-input.js';

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** RFC 4648 section 4, padded. */
export function base64Encode(bytes: Uint8Array): string {
  if (native !== undefined && bytes.length >= NATIVE_FROM) return native.encode(bytes, 'base64');
  const text = encodeWith(STANDARD_CODEC, bytes);
  const missing = (3 - (bytes.length % 3)) % 3;
  return missing === 0 ? text : text + '=='.slice(0, missing);
}

/** Reads only what `base64Encode` writes: padded, no foreign characters, unused bits zero. Throws `not_base64`. */
export function base64DecodeOrThrow(text: string): Uint8Array {
  const bytes = native !== undefined && text.length >= NATIVE_FROM ? native.decode(text, 'base64') : decodePadded(text);
  if (bytes !== undefined) return bytes;
  throw new MalformedInput('not_base64', 'Expected canonical base64 (RFC 4648 section 4, padded, unused bits zero).');
}

/** RFC 4648 section 5, without padding. */
export function base64urlEncode(bytes: Uint8Array): string {
  return native !== undefined && bytes.length >= NATIVE_FROM
    ? native.encode(bytes, 'base64url')
    : encodeWith(URL_CODEC, bytes);
}

/** Reads only what `base64urlEncode` writes. Throws `not_base64url`. */
export function base64urlDecodeOrThrow(text: string): Uint8Array {
  const bytes =
    native !== undefined && text.length >= NATIVE_FROM
      ? native.decode(text, 'base64url')
      : decodeWith(URL_CODEC, text, text.length);
  if (bytes !== undefined) return bytes;
  throw new MalformedInput('not_base64url', 'Expected canonical base64url (RFC 4648 section 5, no padding).');
}

/** From about this length on, calling the engine's own codec pays. */
const NATIVE_FROM = 64;

type Encoding = 'base64' | 'base64url';

interface NativeCodec {
  readonly encode: (bytes: Uint8Array, encoding: Encoding) => string;
  /** Undefined unless encoding would give the same text. */
  readonly decode: (text: string, encoding: Encoding) => Uint8Array | undefined;
}

/** Node's codec where the code runs in Node; browsers have none that is this strict, and few bytes to read. */
const native = nativeCodec();

function nativeCodec(): NativeCodec | undefined {
  interface NodeBuffer extends Pick<Uint8Array, 'buffer' | 'byteOffset' | 'length'> {
    toString(encoding: Encoding): string;
  }
  const { Buffer: node } = globalThis as {
    readonly Buffer?: {
      from(text: string, encoding: Encoding): NodeBuffer;
      from(memory: ArrayBufferLike, offset: number, length: number): NodeBuffer;
    };
  };
  if (node === undefined) return undefined;
  return {
    encode: (bytes, encoding) => node.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding),
    decode: (text, encoding) => {
      const bytes = node.from(text, encoding);
      // Node skips what does not belong there, so it is the way back that tells.
      return bytes.toString(encoding) === text
        ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
        : undefined;
    },
  };
}

interface Codec {
  readonly alphabet: string;
  /** Two characters for each value of 12 bits: half the lookups of a table of single characters. */
  readonly pairs: readonly string[];
  /** The value of each ASCII code, 255 where the alphabet lacks it. */
  readonly values: Uint8Array;
}

function codecOf(alphabet: string): Codec {
  const pairs: string[] = [];
  for (const first of alphabet) for (const second of alphabet) pairs.push(first + second);
  const values = new Uint8Array(128).fill(255);
  for (let i = 0; i < 64; i += 1) values[alphabet.charCodeAt(i)] = i;
  return { alphabet, pairs, values };
}

const STANDARD_CODEC = codecOf(STANDARD);
const URL_CODEC = codecOf(URL_SAFE);

function encodeWith({ alphabet, pairs }: Codec, bytes: Uint8Array): string {
  let text = '';
  const whole = bytes.length - (bytes.length % 3);
  for (let i = 0; i < whole; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    text += (pairs[group >> 12] as string) + (pairs[group & 0xfff] as string);
  }
  const left = bytes.length - whole;
  if (left === 1) return text + (pairs[(bytes[whole] as number) << 4] as string);
  if (left === 2) {
    const group = ((bytes[whole] as number) << 8) | (bytes[whole + 1] as number);
    return text + (pairs[group >> 4] as string) + alphabet.charAt((group & 0xf) << 2);
  }
  return text;
}

function decodePadded(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decodeWith(STANDARD_CODEC, text, text.length - padding);
}

/** `length` characters of the text without padding; undefined if they are not what encoding would give. */
function decodeWith({ values }: Codec, text: string, length: number): Uint8Array | undefined {
  const left = length % 4;
  if (left === 1) return undefined;
  const bytes = new Uint8Array((length >> 2) * 3 + (left === 0 ? 0 : left - 1));
  const valueAt = (i: number): number => values[text.charCodeAt(i)] ?? 255;
  let seen = 0;
  let out = 0;
  for (let i = 0; i + 3 < length; i += 4) {
    const a = valueAt(i);
    const b = valueAt(i + 1);
    const c = valueAt(i + 2);
    const d = valueAt(i + 3);
    seen |= a | b | c | d;
    bytes[out] = (a << 2) | (b >> 4);
    bytes[out + 1] = (b << 4) | (c >> 2);
    bytes[out + 2] = (c << 6) | d;
    out += 3;
  }
  if (left > 0) {
    const a = valueAt(length - left);
    const b = valueAt(length - left + 1);
    const c = left === 3 ? valueAt(length - 1) : 0;
    seen |= a | b | c;
    bytes[out] = (a << 2) | (b >> 4);
    if (left === 3) bytes[out + 1] = (b << 4) | (c >> 2);
    const unused = left === 3 ? c & 0x3 : b & 0xf;
    if (unused !== 0) return undefined;
  }
  return (seen & 0xc0) === 0 ? bytes : undefined;
}
