import { base64Encode, hexEncode, MalformedInput, portableSigner } from '@aidtrail/envelope';
import {
  formatVkey,
  isKeyName,
  noteKeyOrThrow,
  parseCosignerVkeyOrThrow,
  parseSkeyOrThrow,
  parseVkeyOrThrow,
} from './vkey.js';

const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const goodKeys = [
  'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop',
  'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx',
  peter,
];

describe('a verifier key', () => {
  it.each(goodKeys)('is read and written again: %s', (text) => {
    expect(formatVkey(parseVkeyOrThrow(text))).toBe(text);
  });

  it('has its name, key id and raw key', () => {
    const key = parseVkeyOrThrow(goodKeys[0] as string);
    expect({ ...key, publicKey: hexEncode(key.publicKey) }).toEqual({
      type: 'ed25519',
      name: 'example.com/foo',
      keyId: '530d903a',
      publicKey: 'e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4',
    });
  });

  it('is not any part of a good key', () => {
    for (let start = 0; start < peter.length; start += 1) {
      for (let end = start; end <= peter.length; end += 1) {
        if (end - start === peter.length) continue;
        expect(() => parseVkeyOrThrow(peter.slice(start, end))).toThrow(MalformedInput);
      }
    }
  });

  it('is not a good key with any one byte incremented', () => {
    for (let i = 0; i < peter.length; i += 1) {
      const changed = peter.slice(0, i) + String.fromCharCode(peter.charCodeAt(i) + 1) + peter.slice(i + 1);
      expect(() => parseVkeyOrThrow(changed)).toThrow(MalformedInput);
    }
  });

  it.each([
    ['33 key bytes', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['an unknown type', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    [
      'a cosigner key, which signs other messages',
      'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
    ],
    ['an upper-case key id', peter.replace('c74f20a3', 'C74F20A3')],
    ['a newline at the end', `${peter}\n`],
    ['an empty name', peter.replace('PeterNeumann', '')],
    ['a name with white space', peter.replace('rN', 'r N')],
  ])('is refused with %s', (_, text) => {
    expect(() => parseVkeyOrThrow(text)).toThrow(MalformedInput);
  });

  it('is refused when its point is of low order: it would verify what nobody signed', () => {
    const identity = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
    expect(() => noteKeyOrThrow('weak', identity)).toThrow(MalformedInput);
  });
});

describe("a cosigner's verifier key", () => {
  const cosigner = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';

  it('is read and written again', () => {
    expect(parseCosignerVkeyOrThrow(cosigner).type).toBe('cosignature');
    expect(formatVkey(parseCosignerVkeyOrThrow(cosigner))).toBe(cosigner);
  });

  it("is not a log's key, which signs other messages", () => {
    expect(() => parseCosignerVkeyOrThrow(peter)).toThrow('not an Ed25519 cosignature (4)');
  });
});

describe('a private note key', () => {
  it('holds the seed whose public key is the verifier key', () => {
    const secret = parseSkeyOrThrow('PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz');
    expect(hexEncode(secret.seed)).toBe('810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173');
    expect(formatVkey(noteKeyOrThrow(secret.name, portableSigner(secret.seed).publicKey))).toBe(peter);
  });

  it('never stands in the error about it', () => {
    const encoded = base64Encode(new Uint8Array(33).fill(9));
    for (const text of [`PRIVATE+KEY+a+0000000g+${encoded}`, `PRIVATE+KEY+a+00000000+${encoded}`, `a+b+${encoded}`]) {
      expect(() => parseSkeyOrThrow(text)).toThrow(MalformedInput);
      expect(() => parseSkeyOrThrow(text)).not.toThrow(encoded);
    }
  });
});

describe('a key name', () => {
  it("follows Unicode's white space, not JavaScript's", () => {
    expect(['a', 'a/b.c', '\u00fc', '\ufeff', '\u200b'].filter(isKeyName)).toHaveLength(5);
    expect(['', 'a b', 'a+b', '\u0085', '\u00a0', '\u3000', '\u2028', '\ud800'].filter(isKeyName)).toEqual([]);
  });
});
