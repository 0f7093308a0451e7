import { z } from 'zod';

/**
 * The vocabulary of field types. Each is a closed schema; its `describe` text appears in the generated reference.
 */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[458][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const uuid = z.string().regex(UUID).describe('lower-case UUID, version 4, 5 or 8');
export const keyId = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('key id: SHA-256 of the public key, 64 hex digits');
/** Canonical: the last digit has two unused bits, which must be zero, so that 32 bytes have one spelling only. */
const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

export const publicKey = z.string().regex(BASE64_OF_32_BYTES).describe('Ed25519 public key, base64 of 32 bytes');
export const hash = z.string().regex(BASE64_OF_32_BYTES).describe('SHA-256, base64 of 32 bytes');
export const amountMinor = z.int().min(1).max(Number.MAX_SAFE_INTEGER).describe('amount in minor units (分), ≥ 1');
export const amountOrZeroMinor = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .describe('amount in minor units (分), ≥ 0');
export const count = z.int().min(1).max(10_000_000).describe('count, ≥ 1');
export const ordinal = z.int().min(0).max(Number.MAX_SAFE_INTEGER).describe('0-based number');
export const index = z.int().min(0).max(Number.MAX_SAFE_INTEGER).describe('leaf index or tree size');
export const day = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)
  .describe('local day, YYYY-MM-DD');
export const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .describe('month, YYYY-MM');
export const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .describe('UTC instant, RFC 3339 in whole seconds');
export const code = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/)
  .describe('code word: lower-case letters, digits, - and _');
export const officer = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{2,39}$/)
  .describe('officer pseudonym');
export const region = z
  .string()
  .regex(/^\d{6}$/)
  .describe('administrative division code (GB/T 2260), 6 digits');
export const currency = z.literal('CNY').describe('currency, ISO 4217');
export const organisationName = z
  .string()
  .min(1)
  .max(120)
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not get in
  .regex(/^[^\u0000-\u001f\u007f<>]+$/)
  .describe('name of an organisation or programme, published');
export const note = z
  .string()
  .min(1)
  .max(2000)
  // eslint-disable-next-line no-control-regex -- as above; a note may have line ends
  .regex(/^[^\u0000-\u0009\u000b-\u001f\u007f]+$/)
  .describe('public note');
export const reference = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x20-\x7e]+$/)
  .describe('reference of an outside system, printable ASCII');
export const privateText = z.string().min(1).max(200).describe('short text, never published');
export const basisPoints = z.int().min(0).max(10_000).describe('hundredths of a percent');
export const interval = z
  .tuple([z.int().min(0).max(Number.MAX_SAFE_INTEGER), z.int().min(1).max(Number.MAX_SAFE_INTEGER)])
  .describe('interval [start, length] on a line of fen');
export const segments = z.array(interval).min(1).max(500).describe('segment list, at most 500 intervals in order');
export const part = z.int().min(1).max(100_000).describe('number of this part, from 1');
export const fundingMode = z.enum(['merchant-funded', 'prepaid']).describe('who pays the merchant, and out of what');
export const role = z
  .enum(['root', 'programme', 'finance', 'registrar', 'worker', 'till', 'channel', 'service'])
  .describe('role of a key');
export const flag = z.boolean().describe('yes or no');

export type FundingMode = z.infer<typeof fundingMode>;
export type Role = z.infer<typeof role>;

/** A closed array of a closed type, with bounds that the reference shows. */
export function listOf<T extends z.ZodType>(item: T, bounds: { readonly min: number; readonly max: number }) {
  return z.array(item).min(bounds.min).max(bounds.max);
}

/** An object with exactly these fields. */
export function record<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape);
}

export function oneOf<const T extends readonly [string, ...string[]]>(...values: T) {
  return z.enum(values);
}

/** A field that may be left out (and is then absent, never null). */
export function optional<T extends z.ZodType>(type: T) {
  return type.exactOptional();
}

export const utcOffsetMinutes = z.int().min(-720).max(840).describe('offset of local time from UTC, in minutes');
export const k = z.int().min(5).max(1000).describe('smallest number of vouchers in a published cell');
export const approvals = z.int().min(1).max(5).describe('number of approvals, 1 to 5');
export const holdDays = z.int().min(0).max(60).describe('whole days, 0 to 60');
export const refusalCode = z
  .string()
  .regex(/^[a-z][a-z0-9_]{2,63}$/)
  .describe('refusal code');

export function tuple<A extends z.ZodType, B extends z.ZodType>(first: A, second: B) {
  return z.tuple([first, second]);
}
