import { describe, expect, it } from '@jest/globals';
import type { AnswerBody, SessionBody } from './index.js';
import {
  base64Encode,
  canonicalBytes,
  parseAnswerOrThrow,
  parseCanonicalOrThrow,
  parseSessionOrThrow,
  portableSigner,
  portableVerifier,
  signAnswer,
  signSession,
  verifyAnswer,
  verifySession,
} from './index.js';

const withCode = (code: string): Error => expect.objectContaining({ name: 'MalformedInput', code }) as unknown as Error;
const signer = portableSigner(new Uint8Array(32).fill(3));
const other = portableSigner(new Uint8Array(32).fill(4));
const hash = base64Encode(new Uint8Array(32).fill(6));
const head = {
  v: 1,
  log: 'relief.example.org/log',
  command: '2f1c1f6e-7b1e-4a53-9a3c-0d2a5b1f6e77',
  bodyHash: hash,
} as const;
const accepted = { leafHash: hash, event: '2ed6657d-e927-568b-95e1-2665a8aea6a2', publishBy: '2026-11-23T10:15:00Z' };
const confirmation: AnswerBody = { ...head, accepted };
const refusal: AnswerBody = { ...head, refused: { code: 'voucher_expired' } };
const session: SessionBody = {
  v: 1,
  log: 'relief.example.org/log',
  nonce: 'AAECAwQFBgcICQoLDA0ODw',
  key: signer.keyId,
  expires: '2026-11-23T10:15:00.250Z',
};

describe('an answer', () => {
  it.each([
    ['a confirmation', confirmation],
    ['a refusal', refusal],
  ])('comes back as it was signed: %s', (_, body) => {
    const bytes = signAnswer(body, signer);
    const answer = parseAnswerOrThrow(bytes);
    expect(answer.body).toEqual(body);
    expect(answer.bodyBytes).toEqual(canonicalBytes(body));
    expect(answer.signature.key).toBe(signer.keyId);
    expect(signAnswer(body, signer)).toEqual(bytes);
    expect(verifyAnswer(portableVerifier, bytes, signer.publicKey)).toBe(true);
    expect(verifyAnswer(portableVerifier, bytes, other.publicKey)).toBe(false);
  });

  it('does not verify when a bit of its body or signature is flipped, nor when it is no answer', () => {
    const bytes = signAnswer(refusal, signer);
    for (let i = 0; i < bytes.length; i += 23) {
      const flipped = bytes.slice();
      flipped[i] = (flipped[i] as number) ^ 1;
      expect(verifyAnswer(portableVerifier, flipped, signer.publicKey)).toBe(false);
    }
    expect(verifyAnswer(portableVerifier, new Uint8Array(), signer.publicKey)).toBe(false);
    expect(verifyAnswer(portableVerifier, signSession(session, signer), signer.publicKey)).toBe(false);
  });

  it.each<[string, object]>([
    ['both outcomes', { ...confirmation, refused: { code: 'x' } }],
    ['no outcome', head],
    ['a code in capitals', { ...head, refused: { code: 'Expired' } }],
    ['a reason beside the code', { ...head, refused: { code: 'expired', why: 'x' } }],
    ['a local time', { ...head, accepted: { ...accepted, publishBy: '2026-11-23T18:15:00+08:00' } }],
    ['a day that the calendar lacks', { ...head, accepted: { ...accepted, publishBy: '2026-11-31T10:15:00Z' } }],
    ['a short leaf hash', { ...head, accepted: { ...accepted, leafHash: 'YQ==' } }],
    ['an unknown member', { ...refusal, extra: 1 }],
  ])('cannot have %s', (_, body) => {
    expect(() => signAnswer(body as AnswerBody, signer)).toThrow(withCode('bad_shape'));
  });

  it('has exactly one signature and no other members', () => {
    const envelope = parseCanonicalOrThrow(signAnswer(refusal, signer));
    const [signature] = envelope['signatures'] as readonly unknown[];
    const second = { ...(signature as object), keyid: other.keyId };
    for (const change of [{ signatures: [] }, { signatures: [signature, second] }, { extra: 1 }, { payload: 1 }]) {
      expect(() => parseAnswerOrThrow(canonicalBytes({ ...envelope, ...change }))).toThrow(withCode('bad_shape'));
    }
  });
});

describe('a session challenge', () => {
  it('comes back as it was signed and verifies under its own key only', () => {
    const bytes = signSession(session, signer);
    expect(parseSessionOrThrow(bytes).body).toEqual(session);
    expect(verifySession(portableVerifier, bytes, signer.publicKey)).toBe(true);
    expect(verifySession(portableVerifier, bytes, other.publicKey)).toBe(false);
    expect(verifySession(portableVerifier, signAnswer(refusal, signer), signer.publicKey)).toBe(false);
  });

  it.each<[string, object]>([
    ['the key of somebody else', { key: other.keyId }],
    ['a nonce that is easily guessed', { nonce: 'abc' }],
    ['no date in expires', { expires: 'tomorrow' }],
    ['an unknown member', { role: 'root' }],
  ])('cannot have %s', (_, change) => {
    expect(() => signSession({ ...session, ...change }, signer)).toThrow(withCode('bad_shape'));
  });

  it('is refused when another key signed than the one it names', () => {
    const foreign = signSession({ ...session, key: other.keyId }, other);
    const own = parseCanonicalOrThrow(signSession(session, signer));
    const mixed = { ...parseCanonicalOrThrow(foreign), payload: own['payload'] as string };
    expect(() => parseSessionOrThrow(canonicalBytes(mixed))).toThrow(withCode('bad_shape'));
  });
});
