export { MalformedInput } from './malformed-input.js';
export type { MalformedCode } from './malformed-input.js';
export {
  bytesEqual,
  concatBytes,
  hexDecodeOrThrow,
  hexEncode,
  takeMemory,
  utf8DecodeOrThrow,
  utf8Encode,
} from './bytes.js';
export { base64DecodeOrThrow, base64Encode, base64urlDecodeOrThrow, base64urlEncode } from './base64.js';
export { hmacOver, hmacSha256, leafHash, sha1, sha256 } from './hashes.js';
export type { HmacSha256, Sha1, Sha256 } from './hashes.js';
export { canonicalBytes, canonicalize, parseCanonicalOrThrow } from './json.js';
export type { JsonObject, JsonValue, ReadLimits } from './json.js';
export { parseStrictJsonOrThrow } from './strict-json.js';
export { ANSWER_TYPE, COMMAND_TYPE, EVENT_TYPE, pae, SESSION_TYPE } from './dsse.js';
export {
  hasAcceptableEncoding,
  isAcceptablePublicKey,
  isKeyId,
  keyIdOf,
  portableSigner,
  portableVerifier,
} from './ed25519.js';
export type { Ed25519Verifier, Signer, VerifyJob } from './ed25519.js';
export { isUuid, parseUuidOrThrow, uuidV5, uuidV8 } from './ids.js';
export { isDay } from './shape.js';
export {
  decoysNeeded,
  digestOf,
  encodeDisclosure,
  makePrivateFields,
  openDisclosures,
  parseDisclosureOrThrow,
  requireDisclosuresMatch,
  sortAndPad,
} from './disclosure.js';
export type { Disclosure, PrivateFields } from './disclosure.js';
export { signBody, verifySignature } from './signature.js';
export type { SignatureEntry } from './signature.js';
export {
  encodeCommandBody,
  encodeCommandEnvelope,
  MAX_COMMAND_BYTES,
  parseCommandBodyOrThrow,
  parseCommandEnvelopeOrThrow,
  signCommand,
} from './command.js';
export type { CommandAnchor, CommandBody, SignedCommand } from './command.js';
export {
  embedCommand,
  leafSigningInput,
  MAX_LEAF_BYTES,
  parseLeafOrThrow,
  signLeaf,
  verifyLeafSignature,
} from './leaf.js';
export type { CommandToEmbed, Fact, Leaf, LeafCommand, LeafContent, LeafDraft } from './leaf.js';
export { readLeafOrThrow } from './leaf-parts.js';
export type { LeafParts } from './leaf-scan.js';
export { viewLeafOrThrow } from './leaf-view.js';
export type { LeafView } from './leaf-view.js';
export { prepareAcceptance } from './acceptance.js';
export type { AcceptanceJob, PreparedAcceptance } from './acceptance.js';
export { prepareLeaf } from './prepare-leaf.js';
export type { LeafJob, LeafTools, PreparedLeaf, SealDisclosures } from './prepare-leaf.js';
export { leafRunOf, prepareLeafRun } from './leaf-run.js';
export type { LeafRun } from './leaf-run.js';
export { parseAnswerOrThrow, signAnswer, verifyAnswer } from './answer.js';
export type { AcceptedAnswer, Answer, AnswerBody, RefusedAnswer } from './answer.js';
export { parseSessionOrThrow, signSession, verifySession } from './session.js';
export type { Session, SessionBody } from './session.js';
