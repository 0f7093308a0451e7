import { MalformedInput, utf8DecodeOrThrow, type Ed25519Verifier } from '@aidtrail/envelope';
import {
  isQuorum,
  NoteRejected,
  openNoteOrThrow,
  parseCheckpointOrThrow,
  parseCosignature,
  parseNoteOrThrow,
  type LogPolicy,
  type NoteKey,
  type ParsedCheckpoint,
  type PolicyLog,
} from '@aidtrail/public-log';

/** Why a file is no checkpoint that a log of the policy has signed. */
export type CheckpointFault =
  'checkpoint_malformed' | 'checkpoint_of_another_log' | 'checkpoint_not_signed' | 'checkpoint_signature_invalid';

/** A checkpoint that the log's key of the policy has signed, with what each witness of the policy says to it. */
export interface LogCheckpoint {
  /** The signed note, verbatim. */
  readonly note: string;
  /** Its text without the signatures. */
  readonly text: string;
  readonly checkpoint: ParsedCheckpoint;
  readonly log: PolicyLog;
  /** In the order of the policy; the time in POSIX seconds, the line as it stands in the note. */
  readonly cosigned: readonly { readonly witness: string; readonly time: number; readonly signature: Uint8Array }[];
  /** Witnesses under whose name and key id stands a signature that does not hold. */
  readonly forged: readonly string[];
  /** Whether those who cosigned are enough for the policy. */
  readonly meetsQuorum: boolean;
}

/**
 * Untrusted: `note`. Other than a verifier that asks for a quorum, it tells the log's own signature apart from those of
 * the witnesses, so that an audit can go on without them.
 */
export function openLogCheckpoint(
  note: string | Uint8Array,
  policy: LogPolicy,
  verifier: Ed25519Verifier,
): LogCheckpoint | CheckpointFault {
  const read = readNote(note);
  if (read === undefined) return 'checkpoint_malformed';
  const { whole, text, checkpoint } = read;
  const logs = policy.logs.filter(({ key }) => key.name === checkpoint.origin);
  if (logs.length === 0) return 'checkpoint_of_another_log';
  const states = logs.map(({ key }) => signatureOf(whole, key, verifier).state);
  const log = logs[states.indexOf('holds')];
  if (log === undefined) return states.includes('forged') ? 'checkpoint_signature_invalid' : 'checkpoint_not_signed';
  const cosigned: { witness: string; time: number; signature: Uint8Array }[] = [];
  const forged: string[] = [];
  for (const { name, key } of policy.witnesses) {
    const { state, signature } = signatureOf(whole, key, verifier);
    const time = signature === undefined ? undefined : parseCosignature(signature)?.time;
    if (state === 'holds' && signature !== undefined && time !== undefined)
      cosigned.push({ witness: name, time, signature });
    else if (state === 'forged') forged.push(name);
  }
  const meetsQuorum = isQuorum(policy.quorum, new Set(cosigned.map(({ witness }) => witness)));
  return { note: whole, text, checkpoint, log, cosigned, forged, meetsQuorum };
}

function readNote(
  note: string | Uint8Array,
): { readonly whole: string; readonly text: string; readonly checkpoint: ParsedCheckpoint } | undefined {
  try {
    const whole = typeof note === 'string' ? note : utf8DecodeOrThrow(note);
    const { text } = parseNoteOrThrow(whole);
    return { whole, text, checkpoint: parseCheckpointOrThrow(text) };
  } catch (fault) {
    if (fault instanceof MalformedInput) return undefined;
    throw fault;
  }
}

function signatureOf(
  note: string,
  key: NoteKey,
  verifier: Ed25519Verifier,
): { readonly state: 'holds' | 'forged' | 'absent'; readonly signature?: Uint8Array } {
  try {
    const [line] = openNoteOrThrow(note, [key], verifier).verified;
    return line === undefined ? { state: 'absent' } : { state: 'holds', signature: line.signature };
  } catch (fault) {
    if (!(fault instanceof NoteRejected)) throw fault;
    return { state: fault.code === 'known_signature_invalid' ? 'forged' : 'absent' };
  }
}
