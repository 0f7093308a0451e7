import { gzipSync } from 'node:zlib';

/** POSIX tar, as far as logs need it: regular files, names of ustar and pax. */
const BLOCK = 512;
const encoder = new TextEncoder();

export interface TarHeader {
  readonly path: string;
  /** Bytes of content, which follow and are filled up to blocks. */
  readonly size: number;
  /** `0` or NUL: a regular file; `x`: attributes of the next one. */
  readonly type: string;
}

/** Untrusted: `block`, 512 bytes. `end` for a block of zeros; undefined if it is no header. */
export function parseTarHeader(block: Uint8Array): TarHeader | 'end' | undefined {
  if (block.every((byte) => byte === 0)) return 'end';
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  const size = numberIn(block, 124, 12);
  if (numberIn(block, 148, 8) !== sum || size === undefined) return undefined;
  const prefix = textIn(block, 257, 5) === 'ustar' ? textIn(block, 345, 155) : '';
  const name = textIn(block, 0, 100);
  return { path: prefix === '' ? name : `${prefix}/${name}`, size, type: String.fromCharCode(block[156] as number) };
}

/** Untrusted: `content` of a pax header. The path that it gives to the next file. */
export function paxPath(content: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(content);
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1];
}

export function paddedLength(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** A header of ustar; a path of at most 100 bytes. Always the same bytes for the same file. */
export function tarHeader(path: string, size: number): Uint8Array {
  const name = encoder.encode(path);
  if (name.length > 100) throw new RangeError('a path of at most 100 bytes');
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => block.set(encoder.encode(text), at);
  block.set(name, 0);
  put('0000644\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(`${size.toString(8).padStart(11, '0')}\0`, 124);
  put('00000000000\0', 136);
  put('        ', 148);
  put('0', 156);
  put('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** What stands after the last file. */
export const TAR_END = new Uint8Array(2 * BLOCK);

/** A whole archive in memory, for small ones. */
export function tarGz(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [path, bytes] of files)
    parts.push(tarHeader(path, bytes.length), bytes, new Uint8Array(paddedLength(bytes.length) - bytes.length));
  return gzipSync(Buffer.concat([...parts, TAR_END]));
}

function textIn(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

function numberIn(block: Uint8Array, at: number, length: number): number | undefined {
  const digits = textIn(block, at, length).trim();
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}
