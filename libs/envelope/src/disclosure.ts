import { base64urlDecodeOrThrow, base64urlEncode } from './base64.js';
import { encodeTransient, requireWellFormedText } from './bytes.js';
import { sha256 as portableSha256 } from './hashes.js';
import type { Sha256 } from './hashes.js';
import { canonicalize, DEFAULT_MAX_DEPTH } from './json.js';
import type { JsonValue } from './json.js';
import { MalformedInput } from './malformed-input.js';
import { badShape, FORMATS } from './shape.js';
import { parseStrictJsonOrThrow } from './strict-json.js';

/** One private field (RFC 9901 section 4.2.1). Without the salt its digest tells nothing about the value. */
export interface Disclosure {
  /** At least 16 bytes. */
  readonly salt: Uint8Array;
  /** Letters, digits and underscores, beginning with a letter. */
  readonly name: string;
  readonly value: JsonValue;
}

export interface PrivateFields {
  /** In the order of the field names. */
  readonly disclosures: readonly string[];
  /** What the signed body carries: sorted, padded with decoys to a multiple of 4. */
  readonly _sd: readonly string[];
}

const MIN_SALT_BYTES = 16;
const MAX_DISCLOSURE_BYTES = 65_536;
const MAX_DIGESTS = 256;

/** `base64url(JSON.stringify([salt,name,value]))`; objects in the value are written in canonical order. */
export function encodeDisclosure({ salt, name, value }: Disclosure): string {
  return discloseField(salt, fieldText(name, value));
}

/** What follows the salt in the JSON of a disclosure; well formed. */
export function fieldText(name: string, value: JsonValue): string {
  requireFieldName(name);
  return `"${name}",${canonicalize(value, DEFAULT_MAX_DEPTH - 1)}]`;
}

/** The disclosure of a `fieldText`. */
export function discloseField(salt: Uint8Array, field: string): string {
  if (salt.length < MIN_SALT_BYTES) throw badDisclosure('its salt needs at least 16 bytes');
  return base64urlEncode(encodeTransient(`["${base64urlEncode(salt)}",${field}`));
}

/** `base64url(SHA-256(ASCII of the disclosure))`. */
export function digestOf(disclosure: string, sha256: Sha256 = portableSha256): string {
  requireWellFormedText(disclosure);
  return digestOfWellFormed(disclosure, sha256);
}

/** `digestOf` what was encoded here. */
export function digestOfWellFormed(disclosure: string, sha256: Sha256): string {
  return base64urlEncode(sha256(encodeTransient(disclosure)));
}

/** Reads any layout of the JSON, since other implementations write spaces. Throws `MalformedInput`. */
export function parseDisclosureOrThrow(disclosure: string): Disclosure {
  const bytes = base64urlDecodeOrThrow(disclosure);
  const parts = parseStrictJsonOrThrow(bytes, { maxBytes: MAX_DISCLOSURE_BYTES });
  if (!Array.isArray(parts) || parts.length !== 3) throw badDisclosure('it is not an array of salt, name and value');
  const [saltText, name, value] = parts as readonly JsonValue[];
  if (typeof saltText !== 'string' || typeof name !== 'string') throw badDisclosure('salt and name must be texts');
  const salt = base64urlDecodeOrThrow(saltText);
  if (salt.length < MIN_SALT_BYTES) throw badDisclosure('its salt needs at least 16 bytes');
  requireFieldName(name);
  return { salt, name, value: value as JsonValue };
}

/** Field name to value. A name given twice is refused: two readers could take different values. */
export function openDisclosures(disclosures: readonly string[]): Record<string, JsonValue> {
  const fields: Record<string, JsonValue> = {};
  for (const disclosure of disclosures) {
    const { name, value } = parseDisclosureOrThrow(disclosure);
    if (Object.hasOwn(fields, name)) throw badDisclosure('a field is disclosed twice');
    fields[name] = value;
  }
  return fields;
}

/** How many decoys bring this number of digests to a multiple of 4. */
export function decoysNeeded(digests: number): number {
  return (4 - (digests % 4)) % 4;
}

/**
 * The digests and as many decoys as bring them to a multiple of 4, sorted, so that neither order nor number tells
 * which fields there are. Decoys are 32 random or secretly derived bytes each; throws if there are too few.
 */
export function sortAndPad(digests: readonly string[], decoys: readonly Uint8Array[]): string[] {
  const needed = decoysNeeded(digests.length);
  if (decoys.length < needed) throw badDisclosure(`padding to a multiple of 4 needs ${needed} decoys`);
  const all = [...digests];
  for (let j = 0; j < needed; j += 1) all.push(base64urlEncode(decoys[j] as Uint8Array));
  return all.sort();
}

/** Salts (128 bits) and decoys from a cryptographic source of random bytes. No fields: no disclosures and no `_sd`. */
export function makePrivateFields(options: {
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly randomBytes: (length: number) => Uint8Array;
}): PrivateFields {
  const names = Object.keys(options.fields).sort();
  const disclosures = names.map((name) =>
    encodeDisclosure({ salt: options.randomBytes(16), name, value: options.fields[name] as JsonValue }),
  );
  const digests = disclosures.map((disclosure) => digestOf(disclosure));
  const decoys = Array.from({ length: decoysNeeded(digests.length) }, () => options.randomBytes(32));
  return { disclosures, _sd: sortAndPad(digests, decoys) };
}

/** Throws unless the value is a list as `sortAndPad` makes it: not empty, a multiple of 4, sorted, without repeats. */
export function requireDigestList(value: unknown, where: string): void {
  if (!Array.isArray(value) || value.length === 0 || value.length % 4 !== 0 || value.length > MAX_DIGESTS) {
    throw badShape(where, `digests in a multiple of 4, at most ${MAX_DIGESTS}, or no _sd at all`);
  }
  let previous = '';
  for (const digest of value as readonly unknown[]) {
    if (typeof digest !== 'string' || !FORMATS.digest.pattern.test(digest)) throw badShape(where, FORMATS.digest.name);
    if (digest <= previous) throw badShape(where, 'digests in ascending order without repeats');
    previous = digest;
  }
}

/**
 * Throws unless each disclosure belongs to one of the digests, none is given twice and no field is disclosed twice.
 * Returns the fields.
 */
export function requireDisclosuresMatch(
  disclosures: readonly string[],
  digests: readonly string[],
  sha256: Sha256 = portableSha256,
): Record<string, JsonValue> {
  const open = new Set(digests);
  for (const disclosure of disclosures) {
    // Deleting it refuses a disclosure that comes twice.
    if (!open.delete(digestOf(disclosure, sha256))) {
      throw badDisclosure('its digest is not in _sd, or it is given twice');
    }
  }
  return openDisclosures(disclosures);
}

function requireFieldName(name: string): void {
  if (!FORMATS.fieldName.pattern.test(name)) throw badDisclosure(`expected ${FORMATS.fieldName.name}`);
}

function badDisclosure(reason: string): MalformedInput {
  return new MalformedInput('bad_disclosure', `The disclosure cannot be used: ${reason}.`);
}
