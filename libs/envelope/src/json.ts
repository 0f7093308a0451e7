import { encodeWellFormed, requireWellFormedText, utf8DecodeOrThrow } from './bytes.js';
import { MalformedInput } from './malformed-input.js';

/** What our formats may hold: no null, no fractions, no numbers beyond 2^53-1. */
export type JsonValue = string | number | boolean | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export interface ReadLimits {
  /** Default 1,048,576. */
  readonly maxBytes?: number;
  /** Nested arrays and objects; default 32. */
  readonly maxDepth?: number;
}

const DEFAULT_MAX_BYTES = 1_048_576;
export const DEFAULT_MAX_DEPTH = 32;

/**
 * RFC 8785 (JCS), restricted to `JsonValue`: members in order of UTF-16 code units, no white space. Throws
 * `not_safe_integer` (also for -0), `null_not_allowed`, `lone_surrogate`, `too_deep`, `not_a_json_value`.
 */
export function canonicalize(value: unknown, maxDepth: number = DEFAULT_MAX_DEPTH): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw notSafeInteger();
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) throw nullNotAllowed();
      if (maxDepth < 1) throw tooDeep();
      return Array.isArray(value) ? canonicalArray(value, maxDepth - 1) : canonicalObject(value, maxDepth - 1);
    default:
      throw notAJsonValue();
  }
}

export function canonicalBytes(value: unknown): Uint8Array {
  return encodeWellFormed(canonicalize(value));
}

/**
 * Reads an object from bytes that must be their own canonical form: `JCS(parse(bytes)) == bytes`. That one comparison
 * refuses white space, other member orders, needless escapes, a byte order mark and duplicate names. Throws
 * `too_large`, `not_utf8`, `not_json`, `bad_shape`, `not_canonical` and what `canonicalize` throws.
 */
export function parseCanonicalOrThrow(bytes: Uint8Array, limits: ReadLimits = {}): JsonObject {
  requireSize(bytes, limits);
  const text = utf8DecodeOrThrow(bytes);
  const value = parseJsonOrThrow(text);
  if (canonicalize(value, limits.maxDepth) !== text) {
    throw new MalformedInput('not_canonical', 'The JSON is not in canonical form: write it by RFC 8785 (JCS).');
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new MalformedInput('bad_shape', 'Expected a JSON object.');
  }
  return value as JsonObject;
}

export function requireSize(bytes: Uint8Array, limits: ReadLimits): void {
  const maxBytes = limits.maxBytes ?? DEFAULT_MAX_BYTES;
  if (bytes.length > maxBytes) {
    throw new MalformedInput('too_large', `The input is larger than ${maxBytes} bytes: send less at a time.`);
  }
}

export const notSafeInteger = (): MalformedInput =>
  new MalformedInput('not_safe_integer', 'Numbers must be whole, plainly written and within ±(2^53-1).');
export const nullNotAllowed = (): MalformedInput =>
  new MalformedInput('null_not_allowed', 'null is not allowed: leave the member out.');
export const tooDeep = (): MalformedInput =>
  new MalformedInput('too_deep', 'Arrays and objects are nested too deeply: flatten them.');
export const notJson = (): MalformedInput => new MalformedInput('not_json', 'The text is not JSON (RFC 8259).');
const notAJsonValue = (): MalformedInput =>
  new MalformedInput(
    'not_a_json_value',
    'Only strings, whole numbers, booleans, arrays and plain objects are allowed.',
  );

export function parseJsonOrThrow(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the input.
    throw notJson();
  }
}

function canonicalArray(items: readonly unknown[], depthLeft: number): string {
  let text = '[';
  for (let i = 0; i < items.length; i += 1) {
    text += i === 0 ? canonicalize(items[i], depthLeft) : ',' + canonicalize(items[i], depthLeft);
  }
  return text + ']';
}

function canonicalObject(value: object, depthLeft: number): string {
  // A plain object's prototype is null or a realm's Object.prototype, whose own prototype is null.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw notAJsonValue();
  const members = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(members);
  if (!isSorted(names)) names.sort();
  let text = '{';
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as string;
    text += (i === 0 ? '' : ',') + quote(name) + ':' + canonicalize(members[name], depthLeft);
  }
  return text + '}';
}

function isSorted(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i += 1) if ((names[i - 1] as string) > (names[i] as string)) return false;
  return true;
}

const NEEDS_CARE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

/** JSON.stringify escapes strings exactly as RFC 8785 demands; most strings need no escape at all. */
function quote(text: string): string {
  if (!NEEDS_CARE.test(text)) return '"' + text + '"';
  requireWellFormedText(text);
  return JSON.stringify(text);
}
