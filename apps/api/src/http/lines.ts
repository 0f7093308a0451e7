import { JoinedBytes } from './joined-bytes.js';

/** A line of an upload: its bytes without the line end, or the news that it was too long to be kept. */
export type Line = { readonly number: number } & ({ readonly bytes: Uint8Array } | { readonly tooLong: true });

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a stream into lines, counted from 1; blank lines are counted and left out. Holds one line at most in memory, and
 * of a line longer than `maxBytes` nothing. A line that lies within one chunk is not copied.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line, void> {
  // One byte of grace for the CR of a CRLF.
  const keepBytes = maxBytes + 1;
  const begun = new JoinedBytes();
  let number = 1;
  /** Of the line that began in an earlier chunk. */
  let length = 0;

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const line = finish(chunk.subarray(start, end));
      start = end + 1;
      if (line !== undefined) yield line;
    }
    keep(chunk.subarray(start));
  }
  const last = finish(new Uint8Array());
  if (last !== undefined) yield last;

  function keep(part: Uint8Array): void {
    length += part.length;
    if (length > keepBytes) begun.drop();
    else begun.add(part);
  }

  function finish(end: Uint8Array): Line | undefined {
    const isBegun = length > 0;
    if (isBegun) keep(end);
    const isTooLong = (isBegun ? length : end.length) > keepBytes;
    const line = isTooLong
      ? { number, tooLong: true as const }
      : lineFrom(isBegun ? begun.take() : end, number, maxBytes);
    number += 1;
    length = 0;
    return line;
  }
}

function lineFrom(whole: Uint8Array, number: number, maxBytes: number): Line | undefined {
  const bytes = whole.at(-1) === CR ? whole.subarray(0, -1) : whole;
  if (bytes.length > maxBytes) return { number, tooLong: true };
  return bytes.length === 0 ? undefined : { number, bytes };
}
