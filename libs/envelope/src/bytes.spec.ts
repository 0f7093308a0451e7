import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  base64DecodeOrThrow,
  base64Encode,
  base64urlDecodeOrThrow,
  base64urlEncode,
  bytesEqual,
  concatBytes,
  hexDecodeOrThrow,
  hexEncode,
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

describe('base64 and hexadecimal', () => {
  it('agree with the platform in both directions', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const platform = Buffer.from(bytes);
        expect(base64Encode(bytes)).toBe(platform.toString('base64'));
        expect(base64urlEncode(bytes)).toBe(platform.toString('base64url'));
        expect(hexEncode(bytes)).toBe(platform.toString('hex'));
        expect(base64DecodeOrThrow(base64Encode(bytes))).toEqual(bytes);
        expect(base64urlDecodeOrThrow(base64urlEncode(bytes))).toEqual(bytes);
        expect(hexDecodeOrThrow(hexEncode(bytes))).toEqual(bytes);
      }),
    );
  });

  it('accept a text only if encoding the result gives that text again', () => {
    const nearBase64 = fc.string({ unit: fc.constantFrom(...'AaZz09+/-_=\n é'), maxLength: 12 });
    fc.assert(
      fc.property(nearBase64, (text) => {
        const platform = Buffer.from(text, 'base64');
        const decode = (): Uint8Array => base64DecodeOrThrow(text);
        if (platform.toString('base64') === text) expect(Buffer.from(decode())).toEqual(platform);
        else expect(decode).toThrow(withCode('not_base64'));
        const decodeUrl = (): Uint8Array => base64urlDecodeOrThrow(text);
        if (platform.toString('base64url') === text) expect(Buffer.from(decodeUrl())).toEqual(platform);
        else expect(decodeUrl).toThrow(withCode('not_base64url'));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['YR==', 'YQ', 'YQ=', 'Y Q=', 'YQ==\n', '-_==', '=', '====', 'YQ==YQ=='])('refuse %j as base64', (text) => {
    expect(() => base64DecodeOrThrow(text)).toThrow(withCode('not_base64'));
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
