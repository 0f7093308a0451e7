import { malformed } from './malformed.js';
import { TILE_WIDTH } from './tile-path.js';

/** Bytes that an entry may have: its length is written in 16 bits. */
export const MAX_ENTRY_BYTES = 65_535;

const LENGTH_BYTES = 2;

/**
 * An entry bundle of C2SP tlog-tiles: for each entry its length (16 bits, big-endian) and its bytes. 1 … 256 entries of at
 * most 65,535 bytes; throws RangeError beyond that.
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0 || entries.length > TILE_WIDTH)
    throw new RangeError(`a bundle has 1 … ${TILE_WIDTH} entries`);
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + LENGTH_BYTES + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry has at most ${MAX_ENTRY_BYTES} bytes`);
    bundle[at] = Math.floor(entry.length / 256);
    bundle[at + 1] = entry.length % 256;
    bundle.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return bundle;
}

/**
 * Untrusted: `bundle`. Its entries, views of its bytes, in log order. Throws MalformedInput unless there are exactly
 * `width` entries and nothing after them.
 */
export function parseEntryBundleOrThrow(bundle: Uint8Array, width: number): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    if (entries.length === width) throw malformed('entry bundle', `more than ${width} entries`);
    const start = at + LENGTH_BYTES;
    const end = start + (bundle[at] as number) * 256 + (bundle[at + 1] ?? Number.NaN);
    if (!(end <= bundle.length)) throw malformed('entry bundle', `cut off in entry ${entries.length}`);
    entries.push(bundle.subarray(start, end));
    at = end;
  }
  if (entries.length < width) throw malformed('entry bundle', `fewer than ${width} entries`);
  return entries;
}

/** Untrusted: `bundle`. The bytes of its first `width` entries; throws MalformedInput if there are fewer. */
export function startOfBundleOrThrow(bundle: Uint8Array, width: number): Uint8Array {
  let end = 0;
  for (let entry = 0; entry < width; entry += 1) {
    end += LENGTH_BYTES + (bundle[end] as number) * 256 + (bundle[end + 1] ?? Number.NaN);
    if (!(end <= bundle.length)) throw malformed('entry bundle', `fewer than ${width} entries`);
  }
  return bundle.slice(0, end);
}
