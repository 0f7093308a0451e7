import { base64DecodeOrThrow, base64Encode } from './base64.js';
import { keyIdOf } from './ed25519.js';
import type { Ed25519Verifier, Signer } from './ed25519.js';
import { canonicalBytes, parseCanonicalOrThrow } from './json.js';
import { MalformedInput } from './malformed-input.js';
import { badShape, closedObjectOrThrow } from './shape.js';
import { signatureEntriesOrThrow, signBody, verifySignature } from './signature.js';
import type { SignatureEntry } from './signature.js';

/** A DSSE JSON envelope with one signature, itself in canonical form so that the same document is the same bytes. */
export interface SignedDocument {
  readonly bodyBytes: Uint8Array;
  readonly signature: SignatureEntry;
}

const MAX_DOCUMENT_BYTES = 16_384;

export function signDocument(type: string, body: unknown, signer: Signer): Uint8Array {
  const bodyBytes = canonicalBytes(body);
  const { key, sig } = signBody(type, bodyBytes, signer);
  return canonicalBytes({
    payload: base64Encode(bodyBytes),
    payloadType: type,
    signatures: [{ keyid: key, sig }],
  });
}

/** Throws `MalformedInput`; verifies nothing. */
export function parseDocumentOrThrow(type: string, bytes: Uint8Array): SignedDocument {
  const envelope = closedObjectOrThrow(parseCanonicalOrThrow(bytes, { maxBytes: MAX_DOCUMENT_BYTES }), 'envelope', {
    required: ['payload', 'payloadType', 'signatures'],
  });
  if (envelope['payloadType'] !== type) throw badShape('payloadType', type);
  const payload = envelope['payload'];
  if (typeof payload !== 'string') throw badShape('payload', 'base64 text');
  const [signature, ...others] = signatureEntriesOrThrow(envelope['signatures'], 'signatures', 'keyid');
  if (signature === undefined || others.length > 0) throw badShape('signatures', 'exactly one');
  return { bodyBytes: base64DecodeOrThrow(payload), signature };
}

/** False also for what is malformed or signed by another key. */
export function verifyDocument(
  verifier: Ed25519Verifier,
  type: string,
  bytes: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  try {
    const { bodyBytes, signature } = parseDocumentOrThrow(type, bytes);
    if (signature.key !== keyIdOf(publicKey)) return false;
    return verifySignature(verifier, type, bodyBytes, { publicKey, sig: signature.sig });
  } catch (error) {
    if (error instanceof MalformedInput) return false;
    throw error;
  }
}
