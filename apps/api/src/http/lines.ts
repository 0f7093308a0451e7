/** A line of an upload: its bytes without the line end, or the news that it was too long to be kept. */
export type Line = { readonly number: number } & ({ readonly bytes: Uint8Array } | { readonly tooLong: true });

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a stream into lines, counted from 1; blank lines are counted and left out. Holds one line at most in memory, and
 * of a line longer than `maxBytes` nothing.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line, void> {
  let number = 1;
  let parts: Uint8Array[] = [];
  let length = 0;

  const finish = (): Line | undefined => {
    const line = lineFrom(parts, { number, length, maxBytes });
    number += 1;
    parts = [];
    length = 0;
    return line;
  };

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      const line = finish();
      if (line !== undefined) yield line;
    }
    keep(chunk.subarray(start));
  }
  const last = finish();
  if (last !== undefined) yield last;

  function keep(part: Uint8Array): void {
    length += part.length;
    // One byte of grace for the CR of a CRLF.
    if (length > maxBytes + 1) parts = [];
    else if (part.length > 0) parts.push(part);
  }
}

function lineFrom(
  parts: readonly Uint8Array[],
  { number, length, maxBytes }: { number: number; length: number; maxBytes: number },
): Line | undefined {
  if (length > maxBytes + 1) return { number, tooLong: true };
  const joined = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  const bytes = joined.at(-1) === CR ? joined.subarray(0, -1) : joined;
  if (bytes.length > maxBytes) return { number, tooLong: true };
  return bytes.length === 0 ? undefined : { number, bytes };
}
