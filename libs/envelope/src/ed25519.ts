import nacl from 'tweetnacl';
import { bytesEqual, hexDecodeOrThrow, hexEncode } from './bytes.js';
import { sha256 } from './hashes.js';
import type { Sha256 } from './hashes.js';
import { MalformedInput } from './malformed-input.js';

export interface VerifyJob {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes: R ‖ S. */
  readonly signature: Uint8Array;
}

/**
 * Ed25519 (RFC 8032) with one acceptance rule for all implementations: `hasAcceptableEncoding`, then the equation
 * without cofactor. Never throws: whatever the sizes and contents, the answer is true or false.
 */
export interface Ed25519Verifier {
  verify(job: VerifyJob): boolean;
}

export interface Signer {
  /** `keyIdOf(publicKey)`. */
  readonly keyId: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes, RFC 8032 (deterministic). It must not keep the message, whose memory may be used again. */
  sign(message: Uint8Array): Uint8Array;
}

/** SHA-256 of the public key in 64 lower-case hexadecimal digits. */
export function keyIdOf(publicKey: Uint8Array, hash: Sha256 = sha256): string {
  if (publicKey.length !== 32) throw new MalformedInput('bad_shape', 'An Ed25519 public key has 32 bytes.');
  return hexEncode(hash(publicKey));
}

const KEY_ID = /^[0-9a-f]{64}$/;

export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && KEY_ID.test(value);
}

/**
 * Whether a key may be enrolled: 32 bytes, y below 2^255-19, none of the low-order encodings. Bytes that are no point
 * on the curve pass here, but no signature verifies under them.
 */
export function isAcceptablePublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 32 && isAcceptablePoint(publicKey, 0);
}

/**
 * The part of the acceptance rule that reference implementations disagree on: lengths, S below the group order, and
 * neither the key nor R with a non-canonical y or of low order. Without it one signature could verify for many keys.
 */
export function hasAcceptableEncoding(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return (
    signature.length === 64 &&
    isAcceptablePublicKey(publicKey) &&
    isAcceptablePoint(signature, 0) &&
    isBelow(signature, 32, GROUP_ORDER)
  );
}

/** Runs in a browser; about 100 verifications a second. */
export const portableVerifier: Ed25519Verifier = {
  verify: ({ publicKey, message, signature }) =>
    hasAcceptableEncoding(publicKey, signature) && nacl.sign.detached.verify(message, signature, publicKey),
};

/** A signer from its 32-byte seed (RFC 8032 private key). */
export function portableSigner(seed: Uint8Array): Signer {
  if (seed.length !== 32) throw new MalformedInput('bad_shape', 'An Ed25519 seed has 32 bytes.');
  const { publicKey, secretKey } = nacl.sign.keyPair.fromSeed(seed);
  return { keyId: keyIdOf(publicKey), publicKey, sign: (message) => nacl.sign.detached(message, secretKey) };
}

/** Little-endian L = 2^252 + 27742317777372353535851937790883648493. */
const GROUP_ORDER = hexDecodeOrThrow('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
/** Little-endian p = 2^255 - 19. */
const FIELD_PRIME = hexDecodeOrThrow('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');

/**
 * The canonical y of the points of order 1, 2, 4 and 8. With either sign bit these make 10 of the 14 low-order
 * encodings in the CCTV Ed25519 vectors; the other four have y ≥ p and fall to that check.
 */
const LOW_ORDER_Y: readonly Uint8Array[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(hexDecodeOrThrow);

const LOW_ORDER_FIRST_BYTES = new Set(LOW_ORDER_Y.map((y) => y[0]));

function isAcceptablePoint(bytes: Uint8Array, offset: number): boolean {
  const last = bytes[offset + 31] as number;
  // Only y in p … 2^255-1 is not canonical, and all of those end in 7f; most points need no comparison.
  if ((last & 0x7f) === 0x7f || LOW_ORDER_FIRST_BYTES.has(bytes[offset])) {
    // Copied so that a subclass whose slice() shares memory (Buffer) is not written to.
    const y = Uint8Array.from(bytes.subarray(offset, offset + 32));
    y[31] = last & 0x7f;
    if (!isBelow(y, 0, FIELD_PRIME)) return false;
    return !LOW_ORDER_Y.some((low) => bytesEqual(low, y));
  }
  return true;
}

/** Compares 32 little-endian bytes with a bound. */
function isBelow(bytes: Uint8Array, offset: number, bound: Uint8Array): boolean {
  for (let i = 31; i >= 0; i -= 1) {
    const a = bytes[offset + i] as number;
    const b = bound[i] as number;
    if (a !== b) return a < b;
  }
  return false;
}
