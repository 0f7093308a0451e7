import { describe, expect, it } from '@jest/globals';
import {
  hexDecodeOrThrow,
  hexEncode,
  hmacSha256,
  isUuid,
  parseUuidOrThrow,
  sha1,
  sha256,
  utf8Encode,
  uuidV5,
  uuidV8,
} from './index.js';

describe('ids', () => {
  it('derives the version 5 id of RFC 9562 appendix A.4', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('uses the hash that is injected', () => {
    const zeros = uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', '0', () => new Uint8Array(20));
    expect(zeros).toBe('00000000-0000-5000-8000-000000000000');
  });

  it('sets version and variant of a version 8 id and keeps all other bits', () => {
    const source = Buffer.from(hexDecodeOrThrow('ffffffffffffffffffffffffffffffffffff'));
    expect(uuidV8(source)).toBe('ffffffff-ffff-8fff-bfff-ffffffffffff');
    expect(hexEncode(source)).toBe('ffffffffffffffffffffffffffffffffffff');
    expect(uuidV8(new Uint8Array(16))).toBe('00000000-0000-8000-8000-000000000000');
    expect(() => uuidV8(new Uint8Array(15))).toThrow();
  });

  it.each([
    ['version 4', '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77', true],
    ['version 5', '2ed6657d-e927-568b-95e1-2665a8aea6a2', true],
    ['version 8', '00000000-0000-8000-8000-000000000000', true],
    ['version 7, which tells the millisecond', '018f1c1f-7b1e-7a53-9a3c-0d2a5b1f6e77', false],
    ['version 1', '6ba7b810-9dad-11d1-80b4-00c04fd430c8', false],
    ['another variant', '2f1c1f6e-7b1e-4a53-ca3c-0d2a5b1f6e77', false],
    ['upper case', '2F1C1F6E-7B1E-4A53-9A3C-0D2A5B1F6E77', false],
    ['a final newline', '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77\n', false],
    ['braces', '{2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77}', false],
    ['no text', 7, false],
  ])('knows %s', (_, value, valid) => {
    expect(isUuid(value)).toBe(valid);
    if (valid) expect(parseUuidOrThrow(value)).toBe(value);
    else expect(() => parseUuidOrThrow(value)).toThrow(expect.objectContaining({ code: 'not_uuid' }));
  });
});

describe('the portable hashes', () => {
  it('give the known answers of FIPS 180-4 and RFC 4231', () => {
    expect(hexEncode(sha256(utf8Encode('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(hexEncode(sha1(utf8Encode('abc')))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
    const case2 = hmacSha256(utf8Encode('Jefe'), utf8Encode('what do ya want for nothing?'));
    expect(hexEncode(case2)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
    const longKey = new Uint8Array(131).fill(0xaa);
    const case6 = hmacSha256(longKey, utf8Encode('Test Using Larger Than Block-Size Key - Hash Key First'));
    expect(hexEncode(case6)).toBe('60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54');
  });
});
