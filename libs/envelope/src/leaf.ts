import { base64Encode } from './base64.js';
import { encodeInto, takeMemory, utf8DecodeOrThrow } from './bytes.js';
import { commandBodyOrThrow, requireSigners } from './command.js';
import type { CommandBody, SignedCommand } from './command.js';
import { requireDigestList } from './disclosure.js';
import { EVENT_TYPE, paeHeader } from './dsse.js';
import { keyIdOf } from './ed25519.js';
import type { Ed25519Verifier, Signer } from './ed25519.js';
import { canonicalBytes, canonicalize, parseCanonicalOrThrow } from './json.js';
import type { JsonObject } from './json.js';
import { MalformedInput } from './malformed-input.js';
import {
  badShape,
  closedObjectOrThrow,
  FORMATS,
  integerOrThrow,
  isDay,
  matchOrThrow,
  objectOrThrow,
  versionOneOrThrow,
} from './shape.js';
import { signatureEntriesOrThrow, signatureEntryOrThrow, verifySignature } from './signature.js';
import type { SignatureEntry } from './signature.js';

/** Another stream and the version of it that a decision relied on. */
export type Fact = readonly [stream: string, version: number];

/** The signed command that caused the event, or the event that caused it through a policy. */
export type LeafCommand =
  { readonly body: CommandBody; readonly sigs: readonly SignatureEntry[] } | { readonly ref: string };

/** What the ledger signs; docs/reference/leaf-format.md. */
export interface LeafContent {
  readonly v: 1;
  readonly log: string;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  /** Counts the stream's events from 1. */
  readonly version: number;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Public fields only; the schema of `type` is checked by the domain. */
  readonly data: JsonObject;
  /** Sorted by stream, each stream once; left out when empty. */
  readonly facts?: readonly Fact[];
  /** Digests of the private fields that the ledger added; left out when there are none. */
  readonly _sd?: readonly string[];
  readonly command: LeafCommand;
}

export interface Leaf extends LeafContent {
  readonly sig: SignatureEntry;
}

/** A body that is canonical already may be given as the text that was signed, which saves writing it again. */
export type CommandToEmbed = LeafCommand | { readonly bodyText: string; readonly sigs: readonly SignatureEntry[] };

export interface LeafDraft extends Omit<LeafContent, 'command'> {
  readonly command: CommandToEmbed;
}

export const MAX_LEAF_BYTES = 65_535;

/** The signed command as a leaf carries it, verbatim. */
export function embedCommand(command: SignedCommand): CommandToEmbed {
  return { bodyText: utf8DecodeOrThrow(command.bodyBytes), sigs: command.sigs };
}

/**
 * The leaf's bytes: canonical JSON, published and hashed verbatim. The signature's place in the order of names is
 * known, so the text before and after it is written once and serves both the signing input and the leaf.
 * Throws `MalformedInput` for what no reader would accept.
 */
export function signLeaf(draft: LeafDraft, signer: Signer): Uint8Array {
  return signText(checkedTextAroundSignature(draft), signer);
}

/** Signs a leaf's canonical text and puts the signature in its place. */
export function signText({ before, after }: TextAroundSignature, signer: Signer): Uint8Array {
  const middle = BODY_AT + encodeIntoScratch(before, BODY_AT);
  const end = middle + encodeIntoScratch(after, middle);
  const header = paeHeader(EVENT_TYPE, end - BODY_AT);
  const start = BODY_AT - encodeIntoScratch(header, BODY_AT - header.length);
  const sig = base64Encode(signer.sign(scratch.subarray(start, end)));
  const sigText = `"sig":{"key":"${signer.keyId}","sig":"${sig}"},`;
  const length = end - BODY_AT + sigText.length;
  if (length > MAX_LEAF_BYTES) throw tooLarge();
  const bytes = takeMemory(length);
  bytes.set(scratch.subarray(BODY_AT, middle));
  encodeInto(sigText, bytes.subarray(middle - BODY_AT));
  bytes.set(scratch.subarray(middle, end), middle - BODY_AT + sigText.length);
  return bytes;
}

/** The signing input is put together here, its header (shorter than this) right before the body, and nothing is kept. */
const BODY_AT = 128;
const scratch = new Uint8Array(BODY_AT + MAX_LEAF_BYTES);

function encodeIntoScratch(text: string, at: number): number {
  const length = encodeInto(text, scratch.subarray(at));
  if (length === undefined) throw tooLarge();
  return length;
}

function tooLarge(): MalformedInput {
  return new MalformedInput('too_large', `A leaf has at most ${MAX_LEAF_BYTES} bytes: split the event.`);
}

/** Untrusted: throws `MalformedInput` unless the bytes are canonical and have the closed shape. Verifies no signature. */
export function parseLeafOrThrow(bytes: Uint8Array): Leaf {
  const leaf = closedObjectOrThrow(parseCanonicalOrThrow(bytes, { maxBytes: MAX_LEAF_BYTES }), 'leaf', {
    required: ['command', 'data', 'day', 'id', 'log', 'sig', 'stream', 'type', 'v', 'version'],
    optional: ['_sd', 'facts'],
  });
  checkContent(leaf as unknown as LeafContent);
  checkCommand(leaf['command']);
  signatureEntryOrThrow(leaf['sig'], 'leaf.sig', 'key');
  return leaf as unknown as Leaf;
}

/** The canonical bytes without `sig`, over which (in their pre-authentication encoding) the ledger signed. */
export function leafSigningInput(leaf: Leaf): Uint8Array {
  const { sig: _, ...content } = leaf;
  return canonicalBytes(content);
}

/** Whether the ledger's signature is by this key and verifies. */
export function verifyLeafSignature(verifier: Ed25519Verifier, leaf: Leaf, publicKey: Uint8Array): boolean {
  return (
    leaf.sig.key === keyIdOf(publicKey) &&
    verifySignature(verifier, EVENT_TYPE, leafSigningInput(leaf), { publicKey, sig: leaf.sig.sig })
  );
}

export interface TextAroundSignature {
  readonly before: string;
  readonly after: string;
}

/** The names in canonical order: _sd command data day facts id log (sig) stream type v version. */
export function checkedTextAroundSignature(draft: LeafDraft): TextAroundSignature {
  checkDraft(draft);
  const digests = draft._sd === undefined ? '' : `"_sd":${canonicalize(draft._sd)},`;
  const facts = draft.facts === undefined ? '' : `"facts":${canonicalize(draft.facts)},`;
  return {
    before:
      `{${digests}"command":${commandText(draft.command)},"data":${canonicalize(draft.data)},"day":"${draft.day}",` +
      `${facts}"id":"${draft.id}","log":${canonicalize(draft.log)},`,
    after: `"stream":"${draft.stream}","type":"${draft.type}","v":1,"version":${draft.version}}`,
  };
}

function commandText(command: CommandToEmbed): string {
  return 'bodyText' in command
    ? `{"body":${command.bodyText},"sigs":${canonicalize(command.sigs)}}`
    : canonicalize(command);
}

function checkDraft(draft: LeafDraft): void {
  checkContent(draft);
  if ('bodyText' in draft.command) signatureEntriesOrThrow(draft.command.sigs, 'leaf.command.sigs', 'key');
  else checkCommand(draft.command);
}

function checkContent(leaf: Omit<LeafContent, 'command'>): void {
  versionOneOrThrow(leaf.v, 'leaf.v');
  matchOrThrow(leaf.log, 'leaf.log', FORMATS.origin);
  matchOrThrow(leaf.id, 'leaf.id', FORMATS.uuid);
  matchOrThrow(leaf.type, 'leaf.type', FORMATS.typeName);
  matchOrThrow(leaf.stream, 'leaf.stream', FORMATS.stream);
  integerOrThrow(leaf.version, 'leaf.version', 1);
  if (!isDay(leaf.day)) throw badShape('leaf.day', 'a day of the calendar, YYYY-MM-DD');
  objectOrThrow(leaf.data, 'leaf.data');
  if (Object.hasOwn(leaf, 'facts')) checkFacts(leaf.facts);
  if (Object.hasOwn(leaf, '_sd')) requireDigestList(leaf._sd, 'leaf._sd');
}

function checkFacts(facts: unknown): void {
  if (!Array.isArray(facts) || facts.length === 0) throw badShape('leaf.facts', 'facts, or no member at all');
  let previous = '';
  for (const fact of facts as readonly unknown[]) {
    if (!Array.isArray(fact) || fact.length !== 2) throw badShape('leaf.facts', 'pairs of stream and version');
    const stream = matchOrThrow(fact[0], 'leaf.facts', FORMATS.stream);
    // Version 0 says that the stream did not exist yet.
    integerOrThrow(fact[1], 'leaf.facts', 0);
    if (stream <= previous) throw badShape('leaf.facts', 'streams in ascending order, each once');
    previous = stream;
  }
}

function checkCommand(value: unknown): void {
  const command = objectOrThrow(value, 'leaf.command');
  if (Object.hasOwn(command, 'ref')) {
    closedObjectOrThrow(command, 'leaf.command', { required: ['ref'] });
    matchOrThrow(command['ref'], 'leaf.command.ref', FORMATS.uuid);
    return;
  }
  closedObjectOrThrow(command, 'leaf.command', { required: ['body', 'sigs'] });
  const body = commandBodyOrThrow(command['body']);
  requireSigners(body, signatureEntriesOrThrow(command['sigs'], 'leaf.command.sigs', 'key'), 'leaf.command.sigs');
}
