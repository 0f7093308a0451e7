import type { Role } from '@aidtrail/domain';

/** Whose session it is, as the key's folded state says now. */
export interface Reader {
  readonly keyId: string;
  readonly role: Role;
  readonly officer?: string;
  readonly organisation?: string;
  readonly store?: string;
  /** Absent: every campaign. */
  readonly campaigns?: readonly string[];
}

/** Looks up who is behind a session token. Undefined: unknown, expired, or the key was revoked since. */
export interface SessionReaders {
  readerOf(token: string): Promise<Reader | undefined>;
}

/** Injection token of `SessionReaders`. */
export const SESSION_READERS = Symbol('SESSION_READERS');
