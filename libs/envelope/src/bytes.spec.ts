import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bytesEqual,
  concatBytes,
  hexDecodeOrThrow,
  hexEncode,
  takeMemory,
  utf8DecodeOrThrow,
  utf8Encode,
} from './index.js';

const anyBytes = fc.uint8Array({ maxLength: 300 });
const withCode = (code: string): Error => expect.objectContaining({ name: 'MalformedInput', code }) as unknown as Error;

describe('UTF-8', () => {
  it('encodes texts of all lengths and scripts as the platform does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(Buffer.from(utf8Encode(text))).toEqual(Buffer.from(text, 'utf8'));
        expect(utf8DecodeOrThrow(utf8Encode(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['overlong slash', [0xc0, 0xaf]],
    ['surrogate', [0xed, 0xa0, 0x80]],
    ['cut off', [0xe8, 0xb5]],
    ['0xff', [0xff]],
  ])('refuses invalid bytes instead of replacing them: %s', (_, bytes) => {
    expect(() => utf8DecodeOrThrow(Uint8Array.from(bytes))).toThrow(withCode('not_utf8'));
  });

  it('keeps a byte order mark, so that no reader can be led to skip it', () => {
    expect(utf8DecodeOrThrow(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
  });

  it('refuses half of a surrogate pair instead of writing a replacement character', () => {
    expect(() => utf8Encode('a\ud800')).toThrow(withCode('lone_surrogate'));
    expect(() => utf8Encode('x'.repeat(500) + '\udc00')).toThrow(withCode('lone_surrogate'));
  });
});

describe('hexadecimal', () => {
  it('agrees with the platform in both directions', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const platform = Buffer.from(bytes);
        expect(hexEncode(bytes)).toBe(platform.toString('hex'));
        expect(hexDecodeOrThrow(hexEncode(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(['0', 'AB', '0x', ' 00', '00\n'])('refuse %j as hexadecimal', (text) => {
    expect(() => hexDecodeOrThrow(text)).toThrow(withCode('not_hex'));
  });
});

describe('byte arrays', () => {
  it('are equal only if every byte is', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(bytesEqual(a, b)).toBe(Buffer.compare(a, b) === 0);
        expect(bytesEqual(a, a.slice())).toBe(true);
        expect(concatBytes(a, b)).toEqual(Uint8Array.from([...a, ...b]));
      }),
    );
  });
});

describe('takeMemory', () => {
  it('gives zeros of the length asked for, and no byte twice', () => {
    const lengths = Array.from({ length: 2_000 }, (_, i) => (i * 37) % 500).concat(8_192, 8_193, 70_000, 0, 1);
    const taken = lengths.map((length, i) => {
      const bytes = takeMemory(length);
      expect(bytes.every((byte) => byte === 0)).toBe(true);
      return bytes.fill(i % 251);
    });
    expect(taken.map((bytes) => bytes.length)).toEqual(lengths);
    expect(taken.every((bytes, i) => bytes.every((byte) => byte === i % 251))).toBe(true);
  });
});
