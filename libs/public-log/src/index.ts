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
  cosignerKeyOrThrow,
  formatVkey,
  noteKeyOrThrow,
  parseCosignerVkeyOrThrow,
  parseSkeyOrThrow,
  parseVkeyOrThrow,
  type NoteKey,
  type NoteKeyType,
  type NoteSecretKey,
} from './vkey.js';
export {
  formatNote,
  formatSignatureLine,
  NoteRejected,
  createNoteSigner,
  openNoteOrThrow,
  parseNoteOrThrow,
  parseSignatureLineOrThrow,
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
export { parseTilePathOrThrow, TILE_WIDTH, tilePath, type TileId } from './tile-path.js';
export {
  newTiles,
  partialTiles,
  startOfTileOrThrow,
  tileHashesOrThrow,
  tileHolding,
  tileNodeReader,
  tilesOfPlan,
  tilesOfRow,
} from './tiles.js';
export {
  assembleFromTiles,
  proveConsistencyOrThrow,
  proveInclusionOrThrow,
  readEntryOrThrow,
  readTileOrThrow,
  type ReadLogFile,
} from './tile-proofs.js';
export { encodeEntryBundle, MAX_ENTRY_BYTES, parseEntryBundleOrThrow } from './entry-bundle.js';
export { hashEntries, type HashedEntries } from './entry-hashes.js';
export { parseCosignature, type Cosignature } from './cosignature.js';
export { createCosigner, type Cosigner } from './cosigner.js';
export {
  isQuorum,
  openWitnessedCheckpointOrThrow,
  parsePolicyOrThrow,
  type LogPolicy,
  type PolicyLog,
  type PolicyWitness,
  type QuorumRule,
  type WitnessedCheckpoint,
} from './policy.js';
export { canBeElsewhere } from './elsewhere.js';
export { formatPolicy, majorityOf, pinnedLeafZeroOrThrow } from './policy-file.js';
export {
  formatProofFile,
  openProofFileOrThrow,
  parseProofFileOrThrow,
  ProofRejected,
  type ProofFile,
} from './proof-file.js';
export { formatAddCheckpoint, parseAddCheckpointOrThrow, type AddCheckpointRequest } from './witness-request.js';
export { TileBuilder } from './tile-builder.js';
export { rootOfHashes, rootOfRows, TileRows, type Tile } from './tile-rows.js';
