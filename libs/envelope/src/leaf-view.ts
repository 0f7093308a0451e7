import { utf8DecodeOrThrow } from './bytes.js';
import { parseJsonOrThrow } from './json.js';
import type { JsonObject } from './json.js';
import { MalformedInput } from './malformed-input.js';

/** What a fold needs of a leaf; the members are those of `LeafContent`. */
export interface LeafView {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly version: number;
  readonly day: string;
  readonly data: JsonObject;
}

/**
 * Cuts out of a leaf what a fold needs, several times faster than the strict reader: the command, digests and
 * signatures, which are most of the bytes, are stepped over and never made into values.
 *
 * **Precondition**: the bytes are a leaf that a strict reader would accept, since they come from our own store or their
 * hash is under a root that we trust. Of such bytes this gives what `parseLeafOrThrow` gives. Other bytes it refuses with
 * `MalformedInput` as soon as they depart from the shape: the leaf is walked from its first byte to its last, through
 * every string and bracket, its names in their one canonical order, so that no text inside of a member passes for a
 * member. What it does not notice is malformed content inside of what it steps over, an id or a stream name of another
 * form, and `data` that is not in canonical form.
 */
export function viewLeafOrThrow(bytes: Uint8Array): LeafView {
  const walk = new Walk(bytes);
  walk.past(OPENING);
  if (walk.pastIfNext(DIGESTS)) {
    walk.pastNested(OPEN_BRACKET);
    walk.past(COMMA);
  }
  walk.past(COMMAND);
  walk.pastNested(OPEN_BRACE);
  walk.past(DATA);
  const start = walk.at;
  walk.pastNested(OPEN_BRACE);
  const data = bytes.subarray(start, walk.at);
  walk.past(DAY);
  const day = walk.word();
  if (walk.pastIfNext(FACTS)) walk.pastNested(OPEN_BRACKET);
  walk.past(ID);
  const id = walk.name();
  walk.past(LOG);
  walk.pastRestOfString();
  walk.past(SIGNATURE);
  walk.pastNested(OPEN_BRACE);
  walk.past(STREAM);
  const stream = walk.name();
  walk.past(TYPE);
  const type = walk.word();
  walk.past(VERSION);
  const version = walk.number();
  walk.past(CLOSING);
  if (walk.at !== bytes.length) throw notALeaf();
  return { id, type, stream, version, day, data: parseJsonOrThrow(utf8DecodeOrThrow(data)) as JsonObject };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const DIGIT_ZERO = 0x30;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The names in canonical order; a text is entered at its opening quote and left behind its closing one. */
const OPENING = ascii('{');
const DIGESTS = ascii('"_sd":');
const COMMA = ascii(',');
const COMMAND = ascii('"command":');
const DATA = ascii(',"data":');
const DAY = ascii(',"day":"');
const FACTS = ascii(',"facts":');
const ID = ascii(',"id":"');
const LOG = ascii(',"log":"');
const SIGNATURE = ascii(',"sig":');
const STREAM = ascii(',"stream":"');
const TYPE = ascii(',"type":"');
const VERSION = ascii(',"v":1,"version":');
const CLOSING = ascii('}');

/** 1 for the characters of ids, days, names of types and streams. None of them is ever escaped. */
const IN_NAMES = new Uint8Array(256);
for (const code of ascii('-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')) IN_NAMES[code] = 1;

class Walk {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  past(literal: Uint8Array): void {
    if (!this.pastIfNext(literal)) throw notALeaf();
  }

  pastIfNext(literal: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < literal.length; i += 1) if (bytes[at + i] !== literal[i]) return false;
    this.at = at + literal.length;
    return true;
  }

  /** Over an object or array with all that is in it. */
  pastNested(opening: number): void {
    const { bytes } = this;
    const end = bytes.length;
    let { at } = this;
    if (bytes[at] !== opening) throw notALeaf();
    let depth = 0;
    while (at < end) {
      const byte = bytes[at] as number;
      at += 1;
      if (byte === QUOTE) {
        at = this.endOfString(at);
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth > 0) continue;
        this.at = at;
        return;
      }
    }
    throw notALeaf();
  }

  pastRestOfString(): void {
    this.at = this.endOfString(this.at);
  }

  /** A text of few characters, in which nothing is escaped. */
  name(): string {
    const { bytes } = this;
    const start = this.pastName();
    return utf8DecodeOrThrow(bytes.subarray(start, this.at - 1));
  }

  /** A name that many leaves have in common: it is made into a text once. */
  word(): string {
    const { bytes } = this;
    const start = this.pastName();
    const end = this.at - 1;
    const slot = ((bytes[end - 1] as number) * 8 + (bytes[start] as number) + end - start) % KNOWN_WORDS;
    const known = words[slot];
    if (known !== undefined && isAt(bytes, start, end, known)) return known;
    const word = utf8DecodeOrThrow(bytes.subarray(start, end));
    words[slot] = word;
    return word;
  }

  number(): number {
    const { bytes } = this;
    const start = this.at;
    let value = 0;
    for (;;) {
      const digit = (bytes[this.at] ?? 0) - DIGIT_ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      this.at += 1;
    }
    if (this.at === start || bytes[start] === DIGIT_ZERO || !Number.isSafeInteger(value)) throw notALeaf();
    return value;
  }

  private pastName(): number {
    const { bytes } = this;
    const start = this.at;
    let { at } = this;
    while (at < bytes.length && IN_NAMES[bytes[at] as number] === 1) at += 1;
    if (at === start || bytes[at] !== QUOTE) throw notALeaf();
    this.at = at + 1;
    return start;
  }

  /** `at` is behind the opening quote, the answer behind the closing one. */
  private endOfString(at: number): number {
    const { bytes } = this;
    const end = bytes.length;
    let next = at;
    while (next < end) {
      const byte = bytes[next] as number;
      next += 1;
      if (byte === QUOTE) return next;
      if (byte === BACKSLASH) next += 1;
    }
    throw notALeaf();
  }
}

const KNOWN_WORDS = 256;
const words = new Array<string | undefined>(KNOWN_WORDS).fill(undefined);

function isAt(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (word.length !== end - start) return false;
  for (let i = 0; i < word.length; i += 1) if (word.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

function notALeaf(): MalformedInput {
  return new MalformedInput('bad_shape', 'The bytes are not a leaf in canonical form.');
}
