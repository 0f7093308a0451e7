/**
 * Untrusted: `text`. A decimal number from 0 to 2^53 - 1 without leading zeros; undefined for anything else. `Number()` and
 * `BigInt()` alone would also read "0x10", " 12" and "0012".
 */
export function parseDecimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
