import { base64DecodeOrThrow, base64Encode } from './base64.js';
import { pae } from './dsse.js';
import type { Ed25519Verifier, Signer } from './ed25519.js';
import { arrayOrThrow, badShape, closedObjectOrThrow, FORMATS, matchOrThrow } from './shape.js';

/** As it stands in a leaf. */
export interface SignatureEntry {
  /** The signing key's id: 64 hexadecimal digits. */
  readonly key: string;
  /** 64 bytes in base64. */
  readonly sig: string;
}

const MAX_SIGNATURES = 16;

/** Signs `pae(type, body)`. */
export function signBody(type: string, body: Uint8Array, signer: Signer): SignatureEntry {
  return { key: signer.keyId, sig: base64Encode(signer.sign(pae(type, body))) };
}

/**
 * Whether `sig` (base64) is a signature of `pae(type, body)` under the public key. Never throws: malformed base64 is a
 * signature that does not verify. The caller has looked the key up by its id and knows that it was entitled.
 */
export function verifySignature(
  verifier: Ed25519Verifier,
  type: string,
  body: Uint8Array,
  by: { readonly publicKey: Uint8Array; readonly sig: string },
): boolean {
  let signature: Uint8Array;
  try {
    signature = base64DecodeOrThrow(by.sig);
  } catch {
    return false;
  }
  return verifier.verify({ publicKey: by.publicKey, message: pae(type, body), signature });
}

/** Reads 1 … 16 entries whose key member is called `keyName`, each key once. */
export function signatureEntriesOrThrow(value: unknown, where: string, keyName: 'key' | 'keyid'): SignatureEntry[] {
  const entries = arrayOrThrow(value, where, { min: 1, max: MAX_SIGNATURES }).map((entry) =>
    signatureEntryOrThrow(entry, where, keyName),
  );
  if (new Set(entries.map((entry) => entry.key)).size !== entries.length) throw badShape(where, 'each key once');
  return entries;
}

export function signatureEntryOrThrow(value: unknown, where: string, keyName: 'key' | 'keyid'): SignatureEntry {
  const entry = closedObjectOrThrow(value, where, { required: [keyName, 'sig'] });
  return {
    key: matchOrThrow(entry[keyName], where, FORMATS.keyId),
    sig: matchOrThrow(entry['sig'], where, FORMATS.signature),
  };
}
