import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hexDecodeOrThrow, hexEncode, hmacSha256, sha1, sha256, utf8Encode } from '@aidtrail/envelope';
import fc from 'fast-check';
import {
  nodeHmacSha256,
  nodeSha1,
  nodeSha256,
  openSealedOrThrow,
  sealDisclosures,
  unwrapKeyOrThrow,
  wrapKey,
} from './index.js';

const withCode = (code: string): Error => expect.objectContaining({ name: 'CannotOpen', code }) as unknown as Error;
const key = new Uint8Array(32).fill(1);
const otherKey = new Uint8Array(32).fill(2);
const id = '2ed6657d-e927-568b-95e1-2665a8aea6a2';
const plaintext = utf8Encode('["\u5f20\u4e09"]');
const sealed = sealDisclosures(key, id, plaintext);

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

describe('the hashes of the server', () => {
  it('are the portable ones, for every length around the change of library; results stay as they were', () => {
    const inputs = [0, 1, 32, 55, 64, 100, 255, 256, 257, 5000].map((size) => new Uint8Array(size).fill(size));
    const digests = inputs.map(nodeSha256);
    expect(digests.map(hexEncode)).toEqual(inputs.map((input) => hexEncode(sha256(input))));
    expect(inputs.map((input) => hexEncode(nodeSha1(input)))).toEqual(inputs.map((input) => hexEncode(sha1(input))));
  });

  it('agree with the platform on HMAC for keys and messages of all lengths', () => {
    const some = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(some, some, (secret, message) => {
        const expected = createHmac('sha256', secret).update(message).digest('hex');
        expect(hexEncode(nodeHmacSha256(secret, message))).toBe(expected);
        expect(hexEncode(hmacSha256(secret, message))).toBe(expected);
      }),
    );
    const long = new Uint8Array(5000).fill(3);
    expect(hexEncode(nodeHmacSha256(key, long))).toBe(createHmac('sha256', key).update(long).digest('hex'));
  });
});

describe('sealed disclosures', () => {
  it('open with the same key for the same event, whatever their size', () => {
    for (const size of [0, 1, 40, 5000, 70_000]) {
      const content = new Uint8Array(size).fill(size);
      expect(openSealedOrThrow(key, id, sealDisclosures(key, id, content))).toEqual(content);
    }
  });

  it('are version, nonce, ciphertext and tag', () => {
    expect(sealed).toHaveLength(1 + 12 + plaintext.length + 16);
    expect(sealed[0]).toBe(1);
    const nonce = createHmac('sha256', key).update('nonce').update(id).update(plaintext).digest().subarray(0, 12);
    expect(hexEncode(sealed.slice(1, 13))).toBe(nonce.toString('hex'));
    expect(hexEncode(sealed)).not.toContain(hexEncode(plaintext));
  });

  it('are the same bytes for the same content, and have another nonce for any other', () => {
    expect(sealDisclosures(key, id, plaintext)).toEqual(sealed);
    const nonces = [
      sealed,
      sealDisclosures(key, id, utf8Encode('["\u5f20\u56db"]')),
      sealDisclosures(key, '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77', plaintext),
      sealDisclosures(otherKey, id, plaintext),
    ].map((bytes) => hexEncode(bytes.slice(1, 13)));
    expect(new Set(nonces).size).toBe(4);
  });

  it('do not open with another key, for another event, or with any bit flipped', () => {
    expect(() => openSealedOrThrow(otherKey, id, sealed)).toThrow(withCode('wrong_key_or_altered'));
    const other = '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77';
    expect(() => openSealedOrThrow(key, other, sealed)).toThrow(withCode('wrong_key_or_altered'));
    for (let bit = 8; bit < sealed.length * 8; bit += 1) {
      expect(() => openSealedOrThrow(key, id, flipped(sealed, bit))).toThrow(withCode('wrong_key_or_altered'));
    }
  });

  it('say when they are cut off or of another version', () => {
    expect(() => openSealedOrThrow(key, id, new Uint8Array())).toThrow(withCode('truncated'));
    expect(() => openSealedOrThrow(key, id, sealed.slice(0, 28))).toThrow(withCode('truncated'));
    expect(() => openSealedOrThrow(key, id, flipped(sealed, 1))).toThrow(withCode('unknown_version'));
  });

  it('need a key of 32 bytes', () => {
    expect(() => sealDisclosures(new Uint8Array(16), id, plaintext)).toThrow(RangeError);
  });
});

describe('a wrapped key', () => {
  const keyEncryptionKey = Uint8Array.from({ length: 32 }, (_, i) => i);
  const dataKey = hexDecodeOrThrow('00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f');
  const wrapped = wrapKey(keyEncryptionKey, dataKey);

  it('is the example of RFC 3394 section 4.6 behind a version byte, and unwraps', () => {
    expect(hexEncode(wrapped)).toBe(
      '0128c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
    );
    expect(unwrapKeyOrThrow(keyEncryptionKey, wrapped)).toEqual(dataKey);
  });

  it('does not unwrap with another key or with any bit flipped', () => {
    expect(() => unwrapKeyOrThrow(key, wrapped)).toThrow(withCode('wrong_key_or_altered'));
    for (let bit = 8; bit < wrapped.length * 8; bit += 1) {
      expect(() => unwrapKeyOrThrow(keyEncryptionKey, flipped(wrapped, bit))).toThrow(withCode('wrong_key_or_altered'));
    }
  });

  it('says when it is cut off or of another version; only keys of 32 bytes are wrapped', () => {
    expect(() => unwrapKeyOrThrow(keyEncryptionKey, wrapped.slice(0, 33))).toThrow(withCode('truncated'));
    expect(() => unwrapKeyOrThrow(keyEncryptionKey, flipped(wrapped, 0))).toThrow(withCode('unknown_version'));
    expect(() => wrapKey(keyEncryptionKey, new Uint8Array(16))).toThrow(RangeError);
  });
});
