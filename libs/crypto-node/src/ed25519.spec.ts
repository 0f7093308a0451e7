import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { base64Encode, hexDecodeOrThrow, pae, portableSigner, portableVerifier, utf8Encode } from '@aidtrail/envelope';
import type { VerifyJob } from '@aidtrail/envelope';
import fc from 'fast-check';
import { nodeVerifier } from './built-in.js';
import { sodiumSigner, sodiumVerifier } from './index.js';

const seed = hexDecodeOrThrow('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const signer = sodiumSigner(seed);

/** The answer of all verifiers, after checking that it is one. */
function agreedAnswer(job: VerifyJob): boolean {
  const answer = sodiumVerifier.verify(job);
  expect(portableVerifier.verify(job)).toBe(answer);
  expect(nodeVerifier.verify(job)).toBe(answer);
  return answer;
}

describe('the libsodium signer', () => {
  it('gives the known answer for RFC 8032 test key 1', () => {
    const signed = signer.sign(pae('http://example.com/HelloWorld', utf8Encode('hello world')));
    expect(base64Encode(signed)).toBe(
      '4DHX3Zn4qpBKvEj7maE8O9u9bjXEnPLLnyXVUJ2PXJR8DSLcL3QDpFvfJOj3pB/SPHsl6Jg4boxsMb6KvuYABw==',
    );
  });

  it('is the portable signer, only faster; earlier signatures stay as they were', () => {
    const portable = portableSigner(seed);
    expect([signer.keyId, signer.publicKey]).toEqual([portable.keyId, portable.publicKey]);
    const messages = [0, 1, 63, 64, 65, 900].map((size) => new Uint8Array(size).fill(size));
    const signatures = messages.map((message) => signer.sign(message));
    expect(signatures).toEqual(messages.map((message) => portable.sign(message)));
  });

  it('refuses a seed of another size', () => {
    expect(() => sodiumSigner(new Uint8Array(64))).toThrow(expect.objectContaining({ code: 'bad_shape' }));
  });
});

// Curve arithmetic, slow and plain, to make the signatures that no honest signer makes.
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
type Point = readonly [x: bigint, y: bigint];

const modulo = (a: bigint, m: bigint = P): bigint => ((a % m) + m) % m;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = modulo(base), e = exponent; e > 0n; e >>= 1n, b = modulo(b * b)) if (e & 1n) result = modulo(result * b);
  return result;
}

const inverse = (a: bigint): bigint => power(a, P - 2n);
const D = modulo(-121665n * inverse(121666n));

function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const t = modulo(D * x1 * x2 * y1 * y2);
  return [modulo((x1 * y2 + x2 * y1) * inverse(1n + t)), modulo((y1 * y2 + x1 * x2) * inverse(1n - t))];
}

function multiply(point: Point, scalar: bigint): Point {
  let result: Point = [0n, 1n];
  for (let p = point, n = scalar; n > 0n; n >>= 1n, p = add(p, p)) if (n & 1n) result = add(result, p);
  return result;
}

const fromLittleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const toLittleEndian = (n: bigint): Uint8Array => Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse();

function encodePoint([x, y]: Point): Uint8Array {
  return toLittleEndian(y | ((x & 1n) << 255n));
}

function decodePoint(hex: string): Point {
  const packed = fromLittleEndian(hexDecodeOrThrow(hex));
  const y = packed & (2n ** 255n - 1n);
  const square = modulo((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (modulo(x * x) !== square) x = modulo(x * power(2n, (P - 1n) / 4n));
  return [(x & 1n) === packed >> 255n ? x : P - x, y];
}

const BASE = decodePoint('5866666666666666666666666666666666666666666666666666666666666666');
const ORDER_8 = decodePoint('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');

const [SECRET, NONCE] = [1234567890123456789n, 9876543210987654321n];
const [HONEST_KEY, HONEST_R] = [multiply(BASE, SECRET), multiply(BASE, NONCE)];

/** A signature whose key and R carry the given multiples of the point of order 8; S satisfies the honest part. */
function mixedOrderJob(order: { inKey: bigint; inR: bigint; message: Uint8Array }): VerifyJob & { k: bigint } {
  const publicKey = encodePoint(add(HONEST_KEY, multiply(ORDER_8, order.inKey)));
  const pointR = encodePoint(add(HONEST_R, multiply(ORDER_8, order.inR)));
  const digest = createHash('sha512').update(pointR).update(publicKey).update(order.message).digest();
  const k = modulo(fromLittleEndian(digest), L);
  const signature = Buffer.concat([pointR, toLittleEndian(modulo(NONCE + k * SECRET, L))]);
  return { publicKey, message: order.message, signature, k };
}

describe('the verifiers of libsodium, of Node.js and in plain JavaScript agree', () => {
  const message = utf8Encode('one rule for every auditor');
  const signature = signer.sign(message);
  const job = { publicKey: signer.publicKey, message, signature };
  const withR = (r: Uint8Array): VerifyJob => ({ ...job, signature: Buffer.concat([r, signature.slice(32)]) });
  const withS = (s: Uint8Array): VerifyJob => ({ ...job, signature: Buffer.concat([signature.slice(0, 32), s]) });

  it('on an honest signature and on wrong sizes', () => {
    expect(agreedAnswer(job)).toBe(true);
    for (const size of [0, 31, 33, 63, 65]) {
      expect(agreedAnswer({ ...job, publicKey: new Uint8Array(size) })).toBe(false);
      expect(agreedAnswer({ ...job, signature: new Uint8Array(size) })).toBe(false);
    }
  });

  it('on the 14 low-order encodings as key and as R, also with S = 0, where a lax verifier accepts', () => {
    const positive = [
      '00'.repeat(32),
      `01${'00'.repeat(31)}`,
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      `ec${'ff'.repeat(30)}7f`,
      `ed${'ff'.repeat(30)}7f`,
      `ee${'ff'.repeat(30)}7f`,
    ].map(hexDecodeOrThrow);
    const encodings = positive.flatMap((point) => [point, point.map((byte, i) => (i === 31 ? byte | 0x80 : byte))]);
    expect(encodings).toHaveLength(14);
    for (const point of encodings) {
      expect(agreedAnswer({ ...job, publicKey: point })).toBe(false);
      expect(agreedAnswer(withR(point))).toBe(false);
      for (const r of encodings) {
        expect(agreedAnswer({ publicKey: point, message, signature: Buffer.concat([r, new Uint8Array(32)]) })).toBe(
          false,
        );
      }
    }
  });

  it('on every y that is not canonical', () => {
    for (let low = 0xed; low <= 0xff; low += 1) {
      for (const high of [0x7f, 0xff]) {
        const point = new Uint8Array(32).fill(0xff);
        [point[0], point[31]] = [low, high];
        expect(agreedAnswer({ ...job, publicKey: point })).toBe(false);
        expect(agreedAnswer(withR(point))).toBe(false);
      }
    }
  });

  it('on every multiple of the group order that can be added to S', () => {
    const s = fromLittleEndian(signature.slice(32));
    expect(agreedAnswer(withS(toLittleEndian(s)))).toBe(true);
    for (let sum = s + L; sum < 2n ** 256n; sum += L) expect(agreedAnswer(withS(toLittleEndian(sum)))).toBe(false);
    expect(agreedAnswer(withS(toLittleEndian(L)))).toBe(false);
  });

  it('on points of mixed order: the equation counts without a cofactor', () => {
    let accepted = 0;
    for (let i = 0; i < 40; i += 1) {
      const [inKey, inR] = [BigInt(i % 8), BigInt((i * 5) % 8)];
      const mixed = mixedOrderJob({ inKey, inR, message: Uint8Array.of(i) });
      // S·B = R + k·A exactly when the parts of order 8 cancel; multiplied by the cofactor it would always hold.
      const cancels = (inR + mixed.k * inKey) % 8n === 0n;
      expect(agreedAnswer(mixed)).toBe(cancels);
      accepted += cancels ? 1 : 0;
    }
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(40);
  });

  it('on random flips of key, message and signature', () => {
    const packed = Buffer.concat([signer.publicKey, signature, message]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: packed.length * 8 - 1 }), (bit) => {
        const flipped = Uint8Array.from(packed);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        const [publicKey, sig, text] = [flipped.slice(0, 32), flipped.slice(32, 96), flipped.slice(96)];
        expect(agreedAnswer({ publicKey, signature: sig, message: text })).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
