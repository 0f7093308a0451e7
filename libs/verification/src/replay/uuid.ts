const LENGTH = 36;
const DASHES = [8, 13, 18, 23] as const;
const DASH = 0x2d;
/** Where the digits stand. */
const DIGITS = Uint8Array.from(Array.from({ length: LENGTH }, (_, i) => i).filter((i) => !DASHES.includes(i as 8)));
/** The value of each ASCII code, 255 for what is no lower-case hexadecimal digit. */
const VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < 16; value += 1) VALUES[value.toString(16).charCodeAt(0)] = value;

/** Reads the UUID that begins at a place of a text and ends the text into four words. False if there is none. */
export function readUuid(text: string, at: number, words: Uint32Array): boolean {
  if (text.length !== at + LENGTH) return false;
  for (const dash of DASHES) if (text.charCodeAt(at + dash) !== DASH) return false;
  let seen = 0;
  for (let i = 0; i < 4; i += 1) {
    let word = 0;
    for (let j = 8 * i; j < 8 * i + 8; j += 1) {
      const value = VALUES[text.charCodeAt(at + (DIGITS[j] as number))] ?? 255;
      seen |= value;
      word = (word << 4) | (value & 15);
    }
    words[i] = word;
  }
  return seen <= 15;
}

export function uuidOf(words: Uint32Array): string {
  const hex = Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
