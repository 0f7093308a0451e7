import { SESSION_TYPE } from './dsse.js';
import type { Ed25519Verifier, Signer } from './ed25519.js';
import { parseCanonicalOrThrow } from './json.js';
import { badShape, closedObjectOrThrow, FORMATS, matchOrThrow, utcTimeOrThrow, versionOneOrThrow } from './shape.js';
import type { SignatureEntry } from './signature.js';
import { parseDocumentOrThrow, signDocument, verifyDocument } from './signed-document.js';

/** The challenge that a reader signs to open a session. */
export interface SessionBody {
  readonly v: 1;
  /** The origin of the log, so that another ledger cannot reuse the signature. */
  readonly log: string;
  /** Made by the server, used once: 16 to 128 base64url characters. */
  readonly nonce: string;
  /** The id of the signing key. */
  readonly key: string;
  /** RFC 3339 in UTC. */
  readonly expires: string;
}

export interface Session {
  readonly body: SessionBody;
  readonly bodyBytes: Uint8Array;
  readonly signature: SignatureEntry;
}

/** The canonical bytes of the DSSE envelope. */
export function signSession(body: SessionBody, signer: Signer): Uint8Array {
  requireOwnKey(sessionBodyOrThrow(body), signer.keyId);
  return signDocument(SESSION_TYPE, body, signer);
}

/** Untrusted. Throws `MalformedInput`; verifies neither signature nor nonce nor expiry. */
export function parseSessionOrThrow(bytes: Uint8Array): Session {
  const document = parseDocumentOrThrow(SESSION_TYPE, bytes);
  const body = sessionBodyOrThrow(parseCanonicalOrThrow(document.bodyBytes));
  requireOwnKey(body, document.signature.key);
  return { ...document, body };
}

/** Whether the bytes are a session challenge signed by this key; false also for what is malformed. */
export function verifySession(verifier: Ed25519Verifier, bytes: Uint8Array, publicKey: Uint8Array): boolean {
  return verifyDocument(verifier, SESSION_TYPE, bytes, publicKey);
}

function sessionBodyOrThrow(value: unknown): SessionBody {
  const body = closedObjectOrThrow(value, 'session', { required: ['expires', 'key', 'log', 'nonce', 'v'] });
  versionOneOrThrow(body['v'], 'session.v');
  matchOrThrow(body['log'], 'session.log', FORMATS.origin);
  matchOrThrow(body['nonce'], 'session.nonce', FORMATS.nonce);
  matchOrThrow(body['key'], 'session.key', FORMATS.keyId);
  utcTimeOrThrow(body['expires'], 'session.expires');
  return body as unknown as SessionBody;
}

function requireOwnKey(body: SessionBody, keyId: string): void {
  if (body.key !== keyId) throw badShape('session.key', 'the id of the key that signs');
}
