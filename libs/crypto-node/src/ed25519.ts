import { hasAcceptableEncoding, keyIdOf, MalformedInput } from '@aidtrail/envelope';
import type { Ed25519Verifier, Signer } from '@aidtrail/envelope';
import sodium from 'sodium-native';

// Handing a small, fresh array to native code makes V8 move it off its heap; these stay where they are.
const memory = new ArrayBuffer(256);
const signatureMemory = new Uint8Array(memory, 0, 64);
const publicKeyMemory = new Uint8Array(memory, 64, 32);

/**
 * libsodium behind the shared acceptance rule. libsodium refuses most of the same encodings by itself, but the rule is
 * ours and must not depend on its version, so the pre-checks run here as in the portable verifier.
 */
export const sodiumVerifier: Ed25519Verifier = {
  verify: ({ publicKey, message, signature }) => {
    if (!hasAcceptableEncoding(publicKey, signature)) return false;
    signatureMemory.set(signature);
    publicKeyMemory.set(publicKey);
    return sodium.crypto_sign_verify_detached(signatureMemory as Buffer, message as Buffer, publicKeyMemory as Buffer);
  },
};

/** A signer from its 32-byte seed (RFC 8032 private key). The seed is copied. */
export function sodiumSigner(seed: Uint8Array): Signer {
  if (seed.length !== 32) throw new MalformedInput('bad_shape', 'An Ed25519 seed has 32 bytes.');
  const publicKey = new Uint8Array(32);
  const secretKey = new Uint8Array(new ArrayBuffer(128), 0, 64);
  sodium.crypto_sign_seed_keypair(publicKey as Buffer, secretKey as Buffer, seed as Buffer);
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (message) => {
      sodium.crypto_sign_detached(signatureMemory as Buffer, message as Buffer, secretKey as Buffer);
      return new Uint8Array(signatureMemory);
    },
  };
}
