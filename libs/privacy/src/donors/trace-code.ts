/** Crockford's base 32: no I, L, O, U, so that a code can be read aloud and typed from paper. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const groupEnds = [5, 10, 15, 20, 26] as const;

/** 128 bits as 26 characters in five groups, `XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX`; the first character is 0 to 7. */
export function formatTraceCode(bits: Uint8Array): string {
  if (bits.length !== 16) throw new RangeError('A trace code has 128 bits.');
  // Five bits at a time, two leading zero bits first: 26 characters hold 130.
  let characters = '';
  let pending = 0;
  let pendingBits = 2;
  for (const byte of bits) {
    pending = (pending << 8) | byte;
    pendingBits += 8;
    while (pendingBits >= 5) {
      pendingBits -= 5;
      characters += alphabet.charAt((pending >> pendingBits) & 31);
    }
    pending &= 31;
  }
  return groupEnds.map((end, index) => characters.slice(groupEnds[index - 1] ?? 0, end)).join('-');
}

/**
 * What a person typed, as its 128 bits; undefined if it cannot be a trace code. Case, spaces and hyphens do not matter,
 * full-width characters are accepted, and O is read as 0, I and L as 1.
 *
 * Untrusted: `typed` comes from a public form.
 */
export function parseTraceCode(typed: string): Uint8Array | undefined {
  if (typed.length > 100) return undefined;
  const characters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-‐‑–—_]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(characters)) return undefined;
  let value = 0n;
  for (const character of characters) value = (value << 5n) | BigInt(alphabet.indexOf(character));
  const bits = new Uint8Array(16);
  for (let index = 15; index >= 0; index -= 1) {
    bits[index] = Number(value & 0xffn);
    value >>= 8n;
  }
  return bits;
}
