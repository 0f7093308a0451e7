import { base64DecodeOrThrow, base64Encode, utf8DecodeOrThrow, type Ed25519Verifier } from '@aidtrail/envelope';
import { parseDecimal } from './decimal.js';
import { decodeHashLinesOrThrow } from './hash-lines.js';
import { malformed } from './malformed.js';
import { openWitnessedCheckpointOrThrow, type LogPolicy, type WitnessedCheckpoint } from './policy.js';
import { checkInclusion, type InclusionFault } from './proof-checking.js';
import type { TreeHasher } from './rfc6962.js';
import { parseNoteOrThrow } from './signed-note.js';

/** A `.tlog-proof` file (C2SP tlog-proof v1): that an entry stands in a log, to be checked offline. */
export interface ProofFile {
  /** Not authenticated by the proof: believe nothing of it that was not hashed again. */
  readonly extra?: Uint8Array;
  readonly index: number;
  /** The inclusion proof of RFC 6962, the leaf's sibling first. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';

/** The proof is well formed and its checkpoint is trusted, but the entry is not where it says. */
export class ProofRejected extends Error {
  override readonly name = 'ProofRejected';
  constructor(readonly code: InclusionFault) {
    super(code);
  }
}

export function formatProofFile({ extra, index, proof, checkpoint }: ProofFile): string {
  const head = [HEADER, ...(extra === undefined ? [] : [`extra ${base64Encode(extra)}`]), `index ${index}`];
  return `${[...head, ...proof.map(base64Encode)].join('\n')}\n\n${checkpoint}`;
}

/** Untrusted: `file`. Reads a proof without believing any of it; throws MalformedInput. */
export function parseProofFileOrThrow(file: string | Uint8Array): ProofFile {
  const text = typeof file === 'string' ? file : utf8DecodeOrThrow(file);
  const end = text.indexOf('\n\n');
  if (end < 0) throw malformed('proof file', 'no empty line before the checkpoint');
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== HEADER) throw malformed('proof file', `the first line is not ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') === true ? lines.shift()?.slice('extra '.length) : undefined;
  const [, decimal] = /^index (.+)$/.exec(lines.shift() ?? '') ?? [];
  const index = parseDecimal(decimal ?? '');
  if (index === undefined) throw malformed('proof file', 'no index line with a decimal number below 2^53');
  const checkpoint = text.slice(end + 2);
  parseNoteOrThrow(checkpoint);
  const proof = decodeHashLinesOrThrow('proof file', lines);
  return { ...(extra === undefined ? {} : { extra: base64DecodeOrThrow(extra) }), index, proof, checkpoint };
}

/**
 * Untrusted: `file`. Checks that the entry with this leaf hash stands in a log of the policy, at the proof's index, under
 * a checkpoint with the policy's quorum. Throws MalformedInput, NoteRejected or ProofRejected.
 */
export function openProofFileOrThrow(
  file: ProofFile,
  {
    leafHash,
    policy,
    verifier,
    hasher,
  }: {
    readonly leafHash: Uint8Array;
    readonly policy: LogPolicy;
    readonly verifier: Ed25519Verifier;
    readonly hasher: TreeHasher;
  },
): WitnessedCheckpoint {
  const witnessed = openWitnessedCheckpointOrThrow(file.checkpoint, policy, verifier);
  const { size, root } = witnessed.checkpoint;
  const fault = checkInclusion({ index: file.index, size, leafHash, proof: file.proof, root }, hasher);
  if (fault !== undefined) throw new ProofRejected(fault);
  return witnessed;
}
