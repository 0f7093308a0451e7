import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from './lines.js';

async function* chunksOf(text: string, sizes: readonly number[]) {
  const bytes = Buffer.from(text);
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(text: string, sizes: readonly number[], maxBytes = 10) {
  const lines: [number, string][] = [];
  for await (const line of linesOf(chunksOf(text, sizes), maxBytes)) {
    lines.push([line.number, 'bytes' in line ? Buffer.from(line.bytes).toString() : '(too long)']);
  }
  return lines;
}

describe('lines of an upload', () => {
  it('counts blank lines, leaves them out, and takes LF and CRLF', async () => {
    expect(await read('a\r\n\nbc\n\r\nd', [100])).toEqual([
      [1, 'a'],
      [3, 'bc'],
      [5, 'd'],
    ]);
  });

  it('reports a line that is too long and reads on', async () => {
    expect(await read(`${'x'.repeat(11)}\n${'y'.repeat(10)}\r\n${'z'.repeat(500)}`, [3])).toEqual([
      [1, '(too long)'],
      [2, 'y'.repeat(10)],
      [3, '(too long)'],
    ]);
  });

  it('joins a line at once, and holds on to none of the chunks that it came in', async () => {
    const slab = new Uint8Array(1);
    async function* bytesOneByOne() {
      for (const byte of Buffer.from('abc\ndef')) {
        slab[0] = byte;
        yield slab;
      }
    }
    const lines: string[] = [];
    for await (const line of linesOf(bytesOneByOne(), 10)) {
      if ('bytes' in line) lines.push(Buffer.from(line.bytes).toString());
    }
    expect(lines).toEqual(['abc', 'def']);
  });

  it('does not depend on how the bytes are cut into chunks', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '好', '\n', '\r'), maxLength: 40 });
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(text, sizes, async (content, cuts) => {
        expect(await read(content, cuts)).toEqual(await read(content, [1_000]));
      }),
    );
  });
});
