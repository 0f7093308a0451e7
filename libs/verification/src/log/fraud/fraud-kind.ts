import { base64DecodeOrThrow, type Ed25519Verifier, type Sha256 } from '@aidtrail/envelope';
import type { LogPolicy, TreeHasher } from '@aidtrail/public-log';
import { z } from 'zod';
import { openLogCheckpoint, type LogCheckpoint } from '../log-checkpoint.js';

/** What the reader of a fraud proof brings along. */
export interface FraudTrust {
  readonly policy: LogPolicy;
  readonly verifier: Ed25519Verifier;
  readonly hasher: TreeHasher;
  readonly sha256: Sha256;
}

/** `proven` names the log and says in a sentence what it did; otherwise `why` says what the file falls short of. */
export type FraudVerdict =
  | { readonly proven: true; readonly log: string; readonly zh: string; readonly en: string }
  | { readonly proven: false; readonly why: string };

/** One kind of fraud proof: the closed members of its file (an object), and the check. */
export interface FraudKind<S extends z.ZodObject> {
  readonly schema: S;
  check(proof: z.infer<S>, trust: FraudTrust): FraudVerdict;
}

export function defineFraud<S extends z.ZodObject>(kind: FraudKind<S>): FraudKind<S> {
  return kind;
}

/** Members that several kinds have. */
export const members = {
  /** A signed note, verbatim. */
  note: z.string().min(1).max(65_536),
  /** 32 bytes. */
  hash: z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/),
  bytes: z.string().max(90_000).refine(isBase64),
  index: z.int().min(0),
};

export function notProven(why: string): FraudVerdict {
  return { proven: false, why };
}

/** The checkpoint if a log of the policy has signed it. Witnesses do not matter: it is the log that is accused. */
export function signedCheckpoint(note: string, { policy, verifier }: FraudTrust): LogCheckpoint | undefined {
  const opened = openLogCheckpoint(note, policy, verifier);
  return typeof opened === 'string' ? undefined : opened;
}

function isBase64(text: string): boolean {
  try {
    base64DecodeOrThrow(text);
    return true;
  } catch {
    return false;
  }
}
