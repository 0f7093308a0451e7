export { createTreeHasher, HASH_LENGTH, rootOf, type TreeHasher } from './rfc6962.js';
export { CompactRange, type CompactRangeState } from './compact-range.js';
export {
  assembleProof,
  nodeReaderOf,
  planConsistency,
  planInclusion,
  type NodeId,
  type NodeReader,
  type ProofPlan,
} from './proof-making.js';
export {
  checkConsistency,
  checkInclusion,
  type ConsistencyClaim,
  type ConsistencyFault,
  type InclusionClaim,
  type InclusionFault,
} from './proof-checking.js';
export {
  formatVkey,
  noteKeyOrThrow,
  parseSkeyOrThrow,
  parseVkeyOrThrow,
  type NoteKey,
  type NoteSecretKey,
} from './vkey.js';
export {
  formatNote,
  NoteRejected,
  createNoteSigner,
  openNoteOrThrow,
  parseNoteOrThrow,
  signNote,
  type NoteSignature,
  type NoteSigner,
  type OpenedNote,
  type SignedNote,
} from './signed-note.js';
export {
  formatCheckpoint,
  openCheckpointOrThrow,
  parseCheckpointOrThrow,
  signCheckpoint,
  type Checkpoint,
  type OpenedCheckpoint,
  type ParsedCheckpoint,
} from './checkpoint.js';
