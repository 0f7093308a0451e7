import { hasAcceptableEncoding, keyIdOf, MalformedInput } from '@aidtrail/envelope';
import type { Ed25519Verifier, Signer } from '@aidtrail/envelope';
import sodium from 'sodium-native';

/**
 * libsodium behind the shared acceptance rule. libsodium refuses most of the same encodings by itself, but the rule is
 * ours and must not depend on its version, so the pre-checks run here as in the portable verifier.
 */
export const sodiumVerifier: Ed25519Verifier = {
  verify: ({ publicKey, message, signature }) =>
    hasAcceptableEncoding(publicKey, signature) &&
    sodium.crypto_sign_verify_detached(signature as Buffer, message as Buffer, publicKey as Buffer),
};

/** A signer from its 32-byte seed (RFC 8032 private key). The seed is copied. */
export function sodiumSigner(seed: Uint8Array): Signer {
  if (seed.length !== 32) throw new MalformedInput('bad_shape', 'An Ed25519 seed has 32 bytes.');
  const publicKey = new Uint8Array(32);
  const secretKey = new Uint8Array(64);
  sodium.crypto_sign_seed_keypair(publicKey as Buffer, secretKey as Buffer, seed as Buffer);
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (message) => {
      const signature = new Uint8Array(64);
      sodium.crypto_sign_detached(signature as Buffer, message as Buffer, secretKey as Buffer);
      return signature;
    },
  };
}
