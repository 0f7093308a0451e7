/** A number for each UUID, from 0 in the order in which they come; 24 to 32 bytes each. */
export class UuidTable {
  private count = 0;
  /** Four words a UUID. */
  private keys = new Uint32Array(4 * 1_024);
  /** Number + 1 of the UUID that hashes to this place or to one shortly before it, 0 where there is none. */
  private places = new Uint32Array(2_048);

  /** How many UUIDs have a number. */
  get size(): number {
    return this.count;
  }

  /** The number of the UUID that begins at a place of a text and ends the text; undefined if it has none, or is none. */
  find(text: string, at: number): number | undefined {
    if (!readWords(text, at)) return undefined;
    const number = this.numberAt(this.placeOf(wanted));
    return number < 0 ? undefined : number;
  }

  /** The same, but a UUID that has no number gets the next one. */
  findOrAdd(text: string, at: number): number | undefined {
    if (!readWords(text, at)) return undefined;
    const place = this.placeOf(wanted);
    const number = this.numberAt(place);
    return number < 0 ? this.add(place) : number;
  }

  uuidOf(number: number): string {
    const words = this.keys.subarray(4 * number, 4 * number + 4);
    const hex = Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  /** The place where the UUID is, or the free one where it would be. */
  private placeOf(words: Uint32Array): number {
    const { keys, places } = this;
    const mask = places.length - 1;
    let place = hashOf(words) & mask;
    for (;;) {
      const number = this.numberAt(place);
      if (number < 0) return place;
      const key = 4 * number;
      const isSame =
        keys[key] === words[0] &&
        keys[key + 1] === words[1] &&
        keys[key + 2] === words[2] &&
        keys[key + 3] === words[3];
      if (isSame) return place;
      place = (place + 1) & mask;
    }
  }

  private numberAt(place: number): number {
    return (this.places[place] as number) - 1;
  }

  private add(place: number): number {
    const number = this.count;
    this.count += 1;
    this.keys = roomFor(this.keys, 4 * this.count);
    this.keys.set(wanted, 4 * number);
    this.places[place] = number + 1;
    if (2 * this.count > this.places.length) this.spread();
    return number;
  }

  private spread(): void {
    this.places = new Uint32Array(2 * this.places.length);
    for (let number = 0; number < this.count; number += 1) {
      this.places[this.placeOf(this.keys.subarray(4 * number, 4 * number + 4))] = number + 1;
    }
  }
}

/** The array, or one twice as long with the same beginning if it is shorter than asked for. */
export function roomFor(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const longer = new Uint32Array(2 * array.length);
  longer.set(array);
  return longer;
}

const UUID_LENGTH = 36;
const DASHES = new Set([8, 13, 18, 23]);
const DASH = 0x2d;
/** Where the digits of a UUID stand. */
const DIGITS = Uint8Array.from(Array.from({ length: UUID_LENGTH }, (_, i) => i).filter((i) => !DASHES.has(i)));
/** The value of each ASCII code, 255 for what is no lower-case hexadecimal digit. */
const VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < 16; value += 1) VALUES[value.toString(16).charCodeAt(0)] = value;

/** The words of the UUID that is looked for; nothing is kept here between calls. */
const wanted = new Uint32Array(4);

function readWords(text: string, at: number): boolean {
  if (text.length !== at + UUID_LENGTH) return false;
  for (const dash of DASHES) if (text.charCodeAt(at + dash) !== DASH) return false;
  let seen = 0;
  let word = 0;
  for (let i = 0; i < 32; i += 1) {
    const value = VALUES[text.charCodeAt(at + (DIGITS[i] as number))] ?? 255;
    seen |= value;
    word = (word << 4) | (value & 15);
    if (i % 8 === 7) wanted[i >> 3] = word;
  }
  return seen <= 15;
}

/** The ids are random or hashes themselves; mixing all words spreads those that are neither, such as examples in specs. */
function hashOf(words: Uint32Array): number {
  let hash = 0;
  for (let i = 0; i < 4; i += 1) {
    hash = Math.imul(hash ^ (words[i] as number), 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  return hash;
}
