import { bytesEqual, MalformedInput, type Ed25519Verifier } from '@aidtrail/envelope';
import {
  checkConsistency,
  NoteRejected,
  openNoteOrThrow,
  parseAddCheckpointOrThrow,
  parseCheckpointOrThrow,
  parseNoteOrThrow,
  type Checkpoint,
  type NoteKey,
  type NoteSignature,
  type TreeHasher,
} from '@aidtrail/public-log';

/** The logs that a witness watches: the keys that it trusts, by origin. */
export type TrustedLogs = ReadonlyMap<string, readonly NoteKey[]>;

/** A request that its log has signed; whether it goes on from what was cosigned before is still to be asked. */
export interface SignedRequest {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: Checkpoint;
  /** The note's text, exactly: what is cosigned. */
  readonly text: string;
  /** The signatures of trusted keys and no other line: what a stranger adds to a request is never kept. */
  readonly logSignatures: readonly NoteSignature[];
}

/** Why nothing is cosigned: a status of C2SP tlog-witness, and a sentence without a word of the request. */
export type Refused =
  { readonly status: 400 | 403 | 404 | 422; readonly reason: string } | { readonly status: 409; readonly size: number };

/** Untrusted: `body`. What can be said of a request without knowing what was cosigned before. */
export function readSignedRequest(
  body: Uint8Array,
  logs: TrustedLogs,
  verifier: Ed25519Verifier,
): SignedRequest | Refused {
  try {
    const { oldSize, proof, checkpoint: note } = parseAddCheckpointOrThrow(body);
    const checkpoint = parseCheckpointOrThrow(parseNoteOrThrow(note).text);
    // A cosignature would cover them, and nobody here knows what they say.
    if (checkpoint.extensions.length > 0) return { status: 400, reason: 'the checkpoint has extension lines' };
    const keys = logs.get(checkpoint.origin);
    if (keys === undefined) return { status: 404, reason: 'this witness does not know the log' };
    const { text, verified } = openNoteOrThrow(note, keys, verifier);
    if (oldSize > checkpoint.size) return { status: 400, reason: 'the old size is above that of the checkpoint' };
    return { oldSize, proof, checkpoint, text, logSignatures: verified };
  } catch (error) {
    if (error instanceof MalformedInput) return { status: 400, reason: 'malformed request' };
    if (error instanceof NoteRejected) return { status: 403, reason: 'not signed by a key of the log' };
    throw error;
  }
}

/**
 * Untrusted: the proof and the tree. Undefined if the checkpoint goes on from `latest`, which was cosigned last; none
 * counts as the empty tree. The order is that of the specification: first whether both speak of the same tree, then the proof.
 */
export function refusalOf(
  { oldSize, proof, checkpoint }: Pick<SignedRequest, 'oldSize' | 'proof' | 'checkpoint'>,
  latest: Checkpoint | undefined,
  hasher: TreeHasher,
): Refused | undefined {
  const size = latest?.size ?? 0;
  if (oldSize !== size) return { status: 409, size };
  if (checkpoint.size === 0 && !bytesEqual(checkpoint.root, hasher.emptyRoot))
    return { status: 422, reason: 'the root of a tree without leaves is another' };
  // The empty tree is the beginning of every tree, and there is no proof of that.
  const isProven =
    latest === undefined || size === 0
      ? proof.length === 0
      : checkConsistency({ from: latest, to: checkpoint, proof }, hasher) === undefined;
  return isProven ? undefined : { status: 422, reason: 'no proof that the tree only grew' };
}
