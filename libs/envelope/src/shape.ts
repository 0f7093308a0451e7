import type { JsonObject } from './json.js';
import { MalformedInput } from './malformed-input.js';

/** Checks of closed shapes. `where` is a path in our own words, never a value from the input. */

export function badShape(where: string, expected: string): MalformedInput {
  return new MalformedInput('bad_shape', `${where}: expected ${expected}.`);
}

/** An object with exactly the required names and perhaps some of the optional ones. */
export function closedObjectOrThrow(
  value: unknown,
  where: string,
  names: { readonly required: readonly string[]; readonly optional?: readonly string[] },
): JsonObject {
  const object = objectOrThrow(value, where);
  let known = 0;
  for (const name of names.required) {
    if (!Object.hasOwn(object, name)) throw badShape(where, `a member "${name}"`);
    known += 1;
  }
  for (const name of names.optional ?? []) if (Object.hasOwn(object, name)) known += 1;
  if (Object.keys(object).length !== known) throw badShape(where, 'no members but those of the format');
  return object;
}

export function objectOrThrow(value: unknown, where: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badShape(where, 'an object');
  return value as JsonObject;
}

export function arrayOrThrow(value: unknown, where: string, size: { min: number; max: number }): readonly unknown[] {
  if (!Array.isArray(value) || value.length < size.min || value.length > size.max) {
    throw badShape(where, `an array of ${size.min} to ${size.max} items`);
  }
  return value;
}

export function matchOrThrow(value: unknown, where: string, format: Format): string {
  if (typeof value !== 'string' || !format.pattern.test(value)) throw badShape(where, format.name);
  return value;
}

export function integerOrThrow(value: unknown, where: string, min: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < min) throw badShape(where, `a whole number from ${min}`);
  return value as number;
}

export function versionOneOrThrow(value: unknown, where: string): void {
  if (value !== 1) throw badShape(where, 'format version 1; a newer program may read this');
}

interface Format {
  readonly pattern: RegExp;
  readonly name: string;
}

/** Formats of single fields. The base64 ones accept canonical text only, without decoding it. */
export const FORMATS = {
  // The key name of a signed note: no space of any kind, no plus sign.
  origin: { pattern: /^[^\s+\p{Cc}\p{Z}]{1,255}$/u, name: 'an origin without spaces and plus signs' },
  typeName: { pattern: /^[A-Z][A-Za-z0-9]{0,63}$/, name: 'a type name such as RedeemVoucher' },
  stream: { pattern: /^[a-z]+-[A-Za-z0-9._-]{1,128}$/, name: 'a stream name such as voucher-<id>' },
  uuid: {
    pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[458][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    name: 'a lower-case UUID of version 4, 5 or 8',
  },
  keyId: { pattern: /^[0-9a-f]{64}$/, name: 'a key id of 64 lower-case hexadecimal digits' },
  hash: { pattern: /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, name: '32 bytes in canonical base64' },
  signature: { pattern: /^[A-Za-z0-9+/]{85}[AQgw]==$/, name: '64 bytes in canonical base64' },
  digest: { pattern: /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, name: '32 bytes in canonical base64url' },
  refusalCode: { pattern: /^[a-z][a-z0-9_]{0,63}$/, name: 'a refusal code in snake_case' },
  nonce: { pattern: /^[A-Za-z0-9_-]{16,128}$/, name: 'a nonce of 16 to 128 base64url characters' },
  fieldName: { pattern: /^[A-Za-z][A-Za-z0-9_]{0,63}$/, name: 'a field name of letters, digits and underscores' },
} as const satisfies Record<string, Format>;

const DAY = /^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;

/** A day that the calendar has, as `YYYY-MM-DD`. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const match = DAY.exec(value);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

const UTC_TIME = /^([0-9-]{10})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?Z$/;

/** RFC 3339 in UTC, written with Z. */
export function utcTimeOrThrow(value: unknown, where: string): void {
  const match = typeof value === 'string' ? UTC_TIME.exec(value) : null;
  if (match === null || !isDay(match[1])) throw badShape(where, 'an RFC 3339 time in UTC, ending in Z');
}
