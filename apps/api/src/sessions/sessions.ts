import { createHash } from 'node:crypto';
import { sodiumVerifier } from '@aidtrail/crypto-node';
import {
  base64DecodeOrThrow,
  base64urlEncode,
  parseSessionOrThrow,
  verifySession,
  type SessionBody,
} from '@aidtrail/envelope';
import type { Role } from '@aidtrail/domain';
import type { Ledger } from '@aidtrail/ledger';
import { Problem, type Reader, type SessionReaders } from '@aidtrail/nest';
import { BoundedMap } from './bounded-map.js';

const CHALLENGE_MILLISECONDS = 2 * 60_000;
const SESSION_MILLISECONDS = 15 * 60_000;
const MAX_CHALLENGES = 100_000;
const MAX_SESSIONS = 100_000;

interface Challenge {
  readonly body: SessionBody;
  readonly expiresAt: number;
}

interface OpenSession {
  readonly keyId: string;
  readonly expiresAt: number;
}

export interface SessionsOptions {
  readonly origin: string;
  readonly ledger: Pick<Ledger, 'stateOf'>;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}

/**
 * Reading sessions without passwords: the server gives a challenge, the reader signs it with an enrolled key and gets a
 * token for 15 minutes. Kept in this process's memory only, and tokens only as their hashes. What the reader may see
 * follows from the key's state in the ledger at each request, so a revocation ends a session at once.
 */
export class Sessions implements SessionReaders {
  private readonly challenges = new BoundedMap<Challenge>(MAX_CHALLENGES);
  private readonly open = new BoundedMap<OpenSession>(MAX_SESSIONS);

  constructor(private readonly options: SessionsOptions) {}

  /** For any key: whether it is enrolled is told only to whoever can sign with it. */
  challenge(keyId: string): SessionBody {
    const now = this.options.clock();
    const expiresAt = now + CHALLENGE_MILLISECONDS;
    const nonce = base64urlEncode(this.options.randomBytes(32));
    const body: SessionBody = { v: 1, log: this.options.origin, nonce, key: keyId, expires: utc(expiresAt) };
    this.challenges.set(nonce, { body, expiresAt }, now);
    return body;
  }

  /**
   * Untrusted: the signed challenge. It is used up whether or not the signature holds. Throws `Problem`
   * `challenge_invalid` without saying what was wrong with it, and `MalformedInput`.
   */
  async start(envelope: Uint8Array): Promise<{ readonly token: string; readonly expires: string }> {
    const { body } = parseSessionOrThrow(envelope);
    const now = this.options.clock();
    const given = this.challenges.take(body.nonce, now)?.body;
    if (given === undefined || !isSame(given, body)) throw new Problem('challenge_invalid');
    const key = await this.entitledKey(body.key);
    if (key === undefined || !verifySession(sodiumVerifier, envelope, base64DecodeOrThrow(key.publicKey))) {
      throw new Problem('challenge_invalid');
    }
    const token = base64urlEncode(this.options.randomBytes(32));
    const expiresAt = now + SESSION_MILLISECONDS;
    this.open.set(hashOf(token), { keyId: body.key, expiresAt }, now);
    return { token, expires: utc(expiresAt) };
  }

  async readerOf(token: string): Promise<Reader | undefined> {
    // Looked up by its hash: how long that takes says nothing about the token.
    const session = this.open.get(hashOf(token), this.options.clock());
    if (session === undefined) return undefined;
    const key = await this.entitledKey(session.keyId);
    if (key === undefined) return undefined;
    const { role, officer, organisation, store, campaigns } = key;
    return {
      keyId: session.keyId,
      role,
      ...(officer === undefined ? {} : { officer }),
      ...(organisation === undefined ? {} : { organisation }),
      ...(store === undefined ? {} : { store }),
      ...(campaigns === undefined ? {} : { campaigns }),
    };
  }

  private async entitledKey(keyId: string): Promise<ApprovedKey | undefined> {
    const { state } = await this.options.ledger.stateOf(`key-${keyId}`);
    return (state as { readonly status: string }).status === 'approved' ? (state as ApprovedKey) : undefined;
  }
}

/** A key's folded state once it is approved and while it is not revoked. */
interface ApprovedKey {
  readonly publicKey: string;
  readonly role: Role;
  readonly officer?: string;
  readonly organisation?: string;
  readonly store?: string;
  readonly campaigns?: readonly string[];
}

function isSame(given: SessionBody, signed: SessionBody): boolean {
  return given.key === signed.key && given.log === signed.log && given.expires === signed.expires;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

function utc(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
