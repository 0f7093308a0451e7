import { describe, expect, it } from '@jest/globals';
import {
  base64Encode,
  bytesEqual,
  hasAcceptableEncoding,
  hexDecodeOrThrow,
  isAcceptablePublicKey,
  keyIdOf,
  MalformedInput,
  pae,
  portableSigner,
  portableVerifier,
  utf8Encode,
} from './index.js';

const seed = hexDecodeOrThrow('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const signer = portableSigner(seed);
const message = utf8Encode('hello world');
const signature = signer.sign(message);

// All encodings of points of order 1, 2, 4 and 8, canonical or not.
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
].map(hexDecodeOrThrow);

const withR = (r: Uint8Array): Uint8Array => Uint8Array.from([...r, ...signature.slice(32)]);
const withS = (s: Uint8Array): Uint8Array => Uint8Array.from([...signature.slice(0, 32), ...s]);

/** S + k·L: the same scalar modulo the group order, hence a second signature if S is not checked. */
function addOrder(s: Uint8Array): Uint8Array {
  const order = hexDecodeOrThrow('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
  const sum = new Uint8Array(32);
  let carry = 0;
  for (let i = 0; i < 32; i += 1) {
    carry += (s[i] as number) + (order[i] as number);
    sum[i] = carry & 255;
    carry >>= 8;
  }
  return sum;
}

describe('Ed25519 over DSSE', () => {
  it('gives the known answer for RFC 8032 test key 1', () => {
    const signed = signer.sign(pae('http://example.com/HelloWorld', message));
    expect(base64Encode(signed)).toBe(
      '4DHX3Zn4qpBKvEj7maE8O9u9bjXEnPLLnyXVUJ2PXJR8DSLcL3QDpFvfJOj3pB/SPHsl6Jg4boxsMb6KvuYABw==',
    );
  });

  it('counts bytes, not characters, in the pre-authentication encoding', () => {
    expect(pae('t\u00e9', utf8Encode('\u8d48'))).toEqual(utf8Encode('DSSEv1 3 t\u00e9 3 \u8d48'));
  });

  it('names a key by the SHA-256 of its bytes', () => {
    expect(keyIdOf(signer.publicKey)).toBe('21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9');
    expect(signer.keyId).toBe(keyIdOf(signer.publicKey));
    expect(() => keyIdOf(new Uint8Array(31))).toThrow(MalformedInput);
  });
});

describe('the acceptance rule', () => {
  it('accepts an honest key and signature', () => {
    expect(isAcceptablePublicKey(signer.publicKey)).toBe(true);
    expect(portableVerifier.verify({ publicKey: signer.publicKey, message, signature })).toBe(true);
  });

  it('refuses each of the 14 low-order encodings as a key and as R', () => {
    for (const point of LOW_ORDER) {
      expect(isAcceptablePublicKey(point)).toBe(false);
      expect(hasAcceptableEncoding(point, signature)).toBe(false);
      expect(hasAcceptableEncoding(signer.publicKey, withR(point))).toBe(false);
    }
  });

  it('refuses every y from p to 2^255-1, with either sign bit, and accepts p-2', () => {
    for (let low = 0xed; low <= 0xff; low += 1) {
      for (const high of [0x7f, 0xff]) {
        const point = new Uint8Array(32).fill(0xff);
        point[0] = low;
        point[31] = high;
        expect(isAcceptablePublicKey(point)).toBe(false);
        expect(hasAcceptableEncoding(signer.publicKey, withR(point))).toBe(false);
      }
    }
    const below = hexDecodeOrThrow('ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');
    expect(isAcceptablePublicKey(below)).toBe(true);
  });

  it('refuses S + L, which would be a second signature of the same message', () => {
    const twin = withS(addOrder(signature.slice(32)));
    expect(hasAcceptableEncoding(signer.publicKey, twin)).toBe(false);
    expect(portableVerifier.verify({ publicKey: signer.publicKey, message, signature: twin })).toBe(false);
  });

  it('refuses S = L and accepts S = L - 1', () => {
    const order = addOrder(new Uint8Array(32));
    const below = order.slice();
    below[0] = (below[0] as number) - 1;
    expect(hasAcceptableEncoding(signer.publicKey, withS(order))).toBe(false);
    expect(hasAcceptableEncoding(signer.publicKey, withS(below))).toBe(true);
  });

  it('answers false, and does not throw, for wrong sizes', () => {
    for (const size of [0, 31, 33, 63, 65]) {
      const odd = new Uint8Array(size);
      expect(portableVerifier.verify({ publicKey: odd, message, signature })).toBe(false);
      expect(portableVerifier.verify({ publicKey: signer.publicKey, message, signature: odd })).toBe(false);
    }
  });

  it('leaves its arguments as they are, also where slice() would share memory', () => {
    for (const point of LOW_ORDER) {
      const shared = Buffer.from(point);
      isAcceptablePublicKey(shared);
      expect(bytesEqual(shared, point)).toBe(true);
    }
  });
});
