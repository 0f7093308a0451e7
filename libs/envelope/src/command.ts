import { base64DecodeOrThrow, base64Encode } from './base64.js';
import { COMMAND_TYPE } from './dsse.js';
import { requireDigestList, requireDisclosuresMatch } from './disclosure.js';
import type { Signer } from './ed25519.js';
import { sha256 as portableSha256 } from './hashes.js';
import type { Sha256 } from './hashes.js';
import { commandIdOrThrow } from './ids.js';
import { canonicalBytes, parseCanonicalOrThrow } from './json.js';
import type { JsonObject, JsonValue } from './json.js';
import { MalformedInput } from './malformed-input.js';
import {
  arrayOrThrow,
  badShape,
  closedObjectOrThrow,
  FORMATS,
  integerOrThrow,
  matchOrThrow,
  objectOrThrow,
  versionOneOrThrow,
} from './shape.js';
import { signatureEntriesOrThrow, signBody } from './signature.js';
import type { SignatureEntry } from './signature.js';

/** A published checkpoint that the signer knew; it bounds backdating. */
export interface CommandAnchor {
  readonly size: number;
  /** 32 bytes in base64. */
  readonly root: string;
}

/** What an actor signs; docs/reference/leaf-format.md. */
export interface CommandBody {
  readonly v: 1;
  /** The origin of the log that it is meant for. */
  readonly log: string;
  readonly type: string;
  /** Makes the command idempotent; version 4. */
  readonly id: string;
  /** The id of the key that signs first. */
  readonly key: string;
  readonly anchor: CommandAnchor;
  /** Public fields only; the schema of `type` is checked by the domain. */
  readonly data: JsonObject;
  readonly _sd?: readonly string[];
}

export interface SignedCommand {
  /** The canonical bytes that were signed; kept, never rebuilt. */
  readonly bodyBytes: Uint8Array;
  readonly body: CommandBody;
  /** SHA-256 of `bodyBytes`, 32 bytes. */
  readonly bodyHash: Uint8Array;
  /** The actor's first, then the second parties', each key once. Not verified by parsing. */
  readonly sigs: readonly SignatureEntry[];
  readonly disclosures: readonly string[];
  /** What the disclosures say. */
  readonly privateFields: Readonly<Record<string, JsonValue>>;
}

export const MAX_COMMAND_BYTES = 32_768;
const MAX_DISCLOSURES = 128;
const MAX_DISCLOSURES_CHARACTERS = 65_536;

/** Throws `MalformedInput` unless the bytes are canonical and have the closed shape of a command. */
export function parseCommandBodyOrThrow(bytes: Uint8Array): CommandBody {
  return commandBodyOrThrow(parseCanonicalOrThrow(bytes, { maxBytes: MAX_COMMAND_BYTES }));
}

/** The bytes to sign. Throws `MalformedInput` for a body that no reader would accept. */
export function encodeCommandBody(body: CommandBody): Uint8Array {
  commandBodyOrThrow(body);
  const bytes = canonicalBytes(body);
  if (bytes.length > MAX_COMMAND_BYTES) {
    throw new MalformedInput('too_large', `A command has at most ${MAX_COMMAND_BYTES} bytes: split it.`);
  }
  return bytes;
}

/** The first signer is the actor whose key stands in the body; the others sign the same bytes. */
export function signCommand(order: {
  readonly body: CommandBody;
  readonly signers: readonly Signer[];
  readonly disclosures?: readonly string[];
}): SignedCommand {
  const bodyBytes = encodeCommandBody(order.body);
  const sigs = order.signers.map((signer) => signBody(COMMAND_TYPE, bodyBytes, signer));
  return signedCommandOrThrow({ bodyBytes, sigs, disclosures: order.disclosures ?? [] }, portableSha256);
}

/**
 * The wire form: a DSSE JSON envelope with the disclosures beside it,
 * `{"payloadType","payload":"<base64>","signatures":[{"keyid","sig"}],"disclosures":[…]}`.
 */
export function encodeCommandEnvelope(command: SignedCommand): JsonObject {
  return {
    payloadType: COMMAND_TYPE,
    payload: base64Encode(command.bodyBytes),
    signatures: command.sigs.map(({ key, sig }) => ({ keyid: key, sig })),
    ...(command.disclosures.length > 0 ? { disclosures: command.disclosures } : {}),
  };
}

/**
 * Untrusted: reads the wire form from parsed JSON. Checks all that needs no keys: canonical body of the closed shape,
 * each key once, the actor's signature first, each disclosure in `_sd`, no field twice. Throws `MalformedInput`.
 */
export function parseCommandEnvelopeOrThrow(value: unknown, sha256: Sha256 = portableSha256): SignedCommand {
  const envelope = closedObjectOrThrow(value, 'command envelope', {
    required: ['payloadType', 'payload', 'signatures'],
    optional: ['disclosures'],
  });
  if (envelope['payloadType'] !== COMMAND_TYPE) throw badShape('payloadType', COMMAND_TYPE);
  const payload = envelope['payload'];
  if (typeof payload !== 'string') throw badShape('payload', 'base64 text');
  const disclosures = arrayOrThrow(envelope['disclosures'] ?? [], 'disclosures', { min: 0, max: MAX_DISCLOSURES });
  return signedCommandOrThrow(
    {
      bodyBytes: base64DecodeOrThrow(payload),
      sigs: signatureEntriesOrThrow(envelope['signatures'], 'signatures', 'keyid'),
      disclosures: disclosureTextsOrThrow(disclosures),
    },
    sha256,
  );
}

function signedCommandOrThrow(
  parts: Pick<SignedCommand, 'bodyBytes' | 'sigs' | 'disclosures'>,
  sha256: Sha256,
): SignedCommand {
  const body = parseCommandBodyOrThrow(parts.bodyBytes);
  requireSigners(body, parts.sigs, 'signatures');
  const privateFields = requireDisclosuresMatch(parts.disclosures, body._sd ?? [], sha256);
  return { ...parts, body, bodyHash: sha256(parts.bodyBytes), privateFields };
}

/** Throws unless the actor named in the body signs first and each key signs once. */
export function requireSigners(body: CommandBody, sigs: readonly SignatureEntry[], where: string): void {
  if (sigs[0]?.key !== body.key) throw badShape(where, "the signature of the body's own key first");
  if (new Set(sigs.map((entry) => entry.key)).size !== sigs.length) throw badShape(where, 'each key once');
}

/** Throws `bad_shape` unless the value is a command's body; the schema of `data` is the domain's to check. */
export function commandBodyOrThrow(value: unknown): CommandBody {
  const body = closedObjectOrThrow(value, 'command', {
    required: ['anchor', 'data', 'id', 'key', 'log', 'type', 'v'],
    optional: ['_sd'],
  });
  versionOneOrThrow(body['v'], 'command.v');
  matchOrThrow(body['log'], 'command.log', FORMATS.origin);
  matchOrThrow(body['type'], 'command.type', FORMATS.typeName);
  commandIdOrThrow(body['id'], 'command.id');
  matchOrThrow(body['key'], 'command.key', FORMATS.keyId);
  const anchor = closedObjectOrThrow(body['anchor'], 'command.anchor', { required: ['root', 'size'] });
  integerOrThrow(anchor['size'], 'command.anchor.size', 0);
  matchOrThrow(anchor['root'], 'command.anchor.root', FORMATS.hash);
  objectOrThrow(body['data'], 'command.data');
  if (Object.hasOwn(body, '_sd')) requireDigestList(body['_sd'], 'command._sd');
  return body as unknown as CommandBody;
}

function disclosureTextsOrThrow(values: readonly unknown[]): string[] {
  let characters = 0;
  const texts = values.map((value) => {
    if (typeof value !== 'string') throw badShape('disclosures', 'texts');
    characters += value.length;
    return value;
  });
  if (characters > MAX_DISCLOSURES_CHARACTERS) {
    throw new MalformedInput('too_large', `Disclosures have at most ${MAX_DISCLOSURES_CHARACTERS} characters in all.`);
  }
  return texts;
}
