import {
  base64DecodeOrThrow,
  base64Encode,
  bytesEqual,
  concatBytes,
  hexDecodeOrThrow,
  hexEncode,
  MalformedInput,
  type Sha256,
} from '@aidtrail/envelope';

/** Bytes that one QR code of a slip holds at most. */
export const MAX_PART_BYTES = 1_000;

const MARK = 'AIDTRAIL-PART/1';
const MAX_PARTS = 99;
const CHECK_BYTES = 8;
/** Whole groups of base64 (3 bytes, 4 characters) beside the mark, `99/99` and 16 digits of the check. */
const BYTES_A_PART = Math.floor((MAX_PART_BYTES - `${MARK} 99/99 ${'0'.repeat(2 * CHECK_BYTES)} `.length) / 4) * 3;
const FORM = /^AIDTRAIL-PART\/1 ([1-9]\d?)\/([1-9]\d?) ([0-9a-f]{16}) ([A-Za-z0-9+/=]+)$/;

/**
 * Cuts a receipt (its deflated bytes, RFC 1951) into numbered texts of at most 1,000 bytes, one for each QR code:
 * `AIDTRAIL-PART/1 <k>/<n> <first 8 bytes of SHA-256 of the whole, hex> <base64>`. Throws RangeError beyond 99 parts.
 */
export function splitIntoParts(whole: Uint8Array, sha256: Sha256): readonly string[] {
  const count = Math.ceil(whole.length / BYTES_A_PART);
  if (count < 1 || count > MAX_PARTS) throw new RangeError(`A receipt has 1 to ${MAX_PARTS} parts.`);
  const check = hexEncode(sha256(whole).subarray(0, CHECK_BYTES));
  return Array.from({ length: count }, (_, i) => {
    const bytes = whole.subarray(i * BYTES_A_PART, (i + 1) * BYTES_A_PART);
    return `${MARK} ${i + 1}/${count} ${check} ${base64Encode(bytes)}`;
  });
}

/**
 * Untrusted: `texts`, in any order, some perhaps scanned twice. The bytes that were split. Throws MalformedInput, naming
 * the parts that are missing.
 */
export function joinPartsOrThrow(texts: readonly string[], sha256: Sha256): Uint8Array {
  const parts = texts.map(readPart);
  const [first] = parts;
  if (first === undefined) throw bad('there is none');
  const bytes = new Map<number, Uint8Array>();
  for (const part of parts) {
    if (part.count !== first.count || part.check !== first.check) throw bad('they are of different receipts');
    const known = bytes.get(part.number);
    if (known !== undefined && !bytesEqual(known, part.bytes)) throw bad(`part ${part.number} was read in two ways`);
    bytes.set(part.number, part.bytes);
  }
  const numbers = Array.from({ length: first.count }, (_, i) => i + 1);
  const missing = numbers.filter((number) => !bytes.has(number));
  if (missing.length > 0) throw bad(`of ${first.count} these are missing: ${missing.join(', ')}`);
  const whole = concatBytes(...numbers.map((number) => bytes.get(number) as Uint8Array));
  if (!bytesEqual(sha256(whole).subarray(0, CHECK_BYTES), hexDecodeOrThrow(first.check)))
    throw bad('they do not make up the receipt that was split; scan them again');
  return whole;
}

function readPart(text: string) {
  const [, number, count, check, base64] = FORM.exec(text) ?? [];
  if (check === undefined || base64 === undefined || Number(number) > Number(count))
    throw bad('one of them is no part of a receipt');
  return { number: Number(number), count: Number(count), check, bytes: base64DecodeOrThrow(base64) };
}

function bad(why: string): MalformedInput {
  return new MalformedInput('bad_shape', `The parts of the receipt cannot be put together: ${why}.`);
}
