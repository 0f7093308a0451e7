import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import * as here from './base64.js';

type Codec = typeof here;

const node = globalThis.Buffer;
const elsewhere = await loadedWithoutNode();

/** The module as it loads in a browser, where there is no `Buffer`. */
async function loadedWithoutNode(): Promise<Codec> {
  let codec: Codec | undefined;
  Reflect.deleteProperty(globalThis, 'Buffer');
  try {
    await jest.isolateModulesAsync(async () => {
      codec = await import('./base64.js');
    });
  } finally {
    globalThis.Buffer = node;
  }
  if (codec === undefined || codec === here) throw new Error('The module was not loaded again.');
  return codec;
}

const withCode = (code: string): Error => expect.objectContaining({ name: 'MalformedInput', code }) as unknown as Error;

describe.each([
  ['on a server', here],
  ['in a browser', elsewhere],
])('base64 %s', (_, codec) => {
  it('agrees with RFC 4648 as Node has it, in both directions and at all lengths', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const platform = node.from(bytes);
        expect(codec.base64Encode(bytes)).toBe(platform.toString('base64'));
        expect(codec.base64urlEncode(bytes)).toBe(platform.toString('base64url'));
        expect(codec.base64DecodeOrThrow(platform.toString('base64'))).toEqual(bytes);
        expect(codec.base64urlDecodeOrThrow(platform.toString('base64url'))).toEqual(bytes);
      }),
    );
  });

  it('accepts a text only if encoding the result gives that text again, short or long', () => {
    const nearBase64 = fc.string({ unit: fc.constantFrom(...'AaZz09+/-_=\n é'), maxLength: 12 });
    const before = fc.constantFrom('', 'AbCd'.repeat(20), 'Ab+/'.repeat(20), 'Ab-_'.repeat(20));
    fc.assert(
      fc.property(before, nearBase64, (head, tail) => {
        const text = head + tail;
        const standard = node.from(text, 'base64');
        const decode = (): Uint8Array => codec.base64DecodeOrThrow(text);
        if (standard.toString('base64') === text) expect(node.from(decode())).toEqual(standard);
        else expect(decode).toThrow(withCode('not_base64'));
        const urlSafe = node.from(text, 'base64url');
        const decodeUrl = (): Uint8Array => codec.base64urlDecodeOrThrow(text);
        if (urlSafe.toString('base64url') === text) expect(node.from(decodeUrl())).toEqual(urlSafe);
        else expect(decodeUrl).toThrow(withCode('not_base64url'));
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['YR==', 'YQ', 'YQ=', 'Y Q=', 'YQ==\n', '-_==', '=', '====', 'YQ==YQ=='])('refuses %j', (text) => {
    expect(() => codec.base64DecodeOrThrow(text)).toThrow(withCode('not_base64'));
    expect(() => codec.base64DecodeOrThrow('AbCd'.repeat(20) + text)).toThrow(withCode('not_base64'));
  });

  it('gives plain arrays, whose slice copies', () => {
    const decoded = codec.base64DecodeOrThrow('AbCd'.repeat(30));
    expect(decoded.constructor).toBe(Uint8Array);
  });
});
