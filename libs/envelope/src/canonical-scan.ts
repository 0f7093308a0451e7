import { asciiText } from './bytes.js';
import { DEFAULT_MAX_DEPTH } from './json.js';
import type { JsonObject } from './json.js';
import { FORMATS, isDay } from './shape.js';

/** Thrown at the first byte that is not what the walk expects; made once, as its stack tells nothing. */
export const UNUSUAL = new Error('not of the usual kind');

const QUOTE = 0x22;
export const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

/** Numbers of so many digits are safe; the plain reader knows what to think of longer ones. */
const SAFE_DIGITS = 15;
/** Objects of a document lie at most this deep in it. */
const DEPTH_AROUND_OBJECTS = 4;

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Which bytes may stand in which kind of text, a bit each. */
const HEX = 1;
const BASE64 = 2;
const BASE64URL = 4;
const NAME = 8;
const PLAIN = 16;
const KINDS = new Uint8Array(256);
const kind = (bit: number, characters: string): void => {
  for (const code of ascii(characters)) KINDS[code] = (KINDS[code] as number) | bit;
};
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
kind(HEX, '0123456789abcdef');
kind(BASE64, `${LETTERS}+/`);
kind(BASE64URL, `${LETTERS}-_`);
kind(NAME, `${LETTERS}-._`);
for (let code = 0x20; code < 0x7f; code += 1)
  if (code !== QUOTE && code !== BACKSLASH) KINDS[code] = (KINDS[code] as number) | PLAIN;
/** Last digits of base64 whose two, or four, unused bits are zero. */
const EVEN_FOURS = new Set(ascii('AEIMQUYcgkosw048'));
const EVEN_SIXTEENS = new Set(ascii('AQgw'));
const UUID_VERSIONS = new Set(ascii('458'));
const UUID_VARIANTS = new Set(ascii('89ab'));

/**
 * Names that leaves have in common, such as the log's own, days, types, keys of tills and the streams that facts are of:
 * made into a text once, so that they cost nothing to keep or to look up.
 */
const KNOWN_NAMES = 4_096;
const names = new Array<string | undefined>(KNOWN_NAMES).fill(undefined);
/** Those of them that were seen to be in order. */
let lastOrigin = '';
let lastDay = '';
let lastType = '';

/**
 * A walk over bytes that are canonical JSON, pure ASCII and without escapes: each step takes what must stand next, in the
 * one spelling that there is, or throws `UNUSUAL`.
 */
export class CanonicalScan {
  protected at = 0;
  protected readonly text: string;

  constructor(protected readonly bytes: Uint8Array) {
    this.text = asciiText(bytes);
  }

  protected digest(): string {
    const { bytes, at } = this;
    this.quoted(43, BASE64URL);
    if (!EVEN_FOURS.has(bytes[at + 43] as number)) throw UNUSUAL;
    return this.text.slice(at + 1, at + 44);
  }

  /** Of two digests, by where their texts begin. */
  protected isAscending(a: number, b: number): boolean {
    const { bytes } = this;
    for (let i = 0; i < 43; i += 1) {
      const difference = (bytes[b + i] as number) - (bytes[a + i] as number);
      if (difference !== 0) return difference > 0;
    }
    return false;
  }

  protected keyId(isCommon: boolean): string {
    const { at } = this;
    this.quoted(64, HEX);
    return isCommon ? this.common(at + 1, at + 65) : this.text.slice(at + 1, at + 65);
  }

  /** Of 32 bytes in 44 characters, or 64 in 88. */
  protected base64(length: 44 | 88): string {
    const { bytes, at } = this;
    const digits = length === 44 ? 43 : 86;
    const last = (length === 44 ? EVEN_FOURS : EVEN_SIXTEENS).has(bytes[at + digits] as number);
    this.byte(QUOTE);
    this.run(digits, BASE64);
    for (let i = digits; i < length; i += 1) this.byte(0x3d);
    this.byte(QUOTE);
    if (!last) throw UNUSUAL;
    return this.text.slice(at + 1, at + 1 + length);
  }

  protected uuid(): string {
    const { bytes } = this;
    this.byte(QUOTE);
    const { at } = this;
    this.run(8, HEX);
    this.byte(MINUS);
    this.run(4, HEX);
    this.byte(MINUS);
    this.run(4, HEX);
    this.byte(MINUS);
    this.run(4, HEX);
    this.byte(MINUS);
    this.run(12, HEX);
    this.byte(QUOTE);
    if (!UUID_VERSIONS.has(bytes[at + 14] as number) || !UUID_VARIANTS.has(bytes[at + 19] as number)) throw UNUSUAL;
    return copied(this.text, at, at + 36);
  }

  protected day(): string {
    const text = this.commonString();
    if (text === lastDay) return text;
    if (!isDay(text)) throw UNUSUAL;
    return (lastDay = text);
  }

  protected origin(): string {
    const text = this.commonString();
    if (text === lastOrigin) return text;
    if (!FORMATS.origin.pattern.test(text)) throw UNUSUAL;
    return (lastOrigin = text);
  }

  protected typeName(): string {
    const text = this.commonString();
    if (text === lastType) return text;
    if (!FORMATS.typeName.pattern.test(text)) throw UNUSUAL;
    return (lastType = text);
  }

  /** `[a-z]+-[A-Za-z0-9._-]{1,128}` */
  protected stream(isCommon: boolean): string {
    const { bytes } = this;
    this.byte(QUOTE);
    const start = this.at;
    let { at } = this;
    while (isLowerCase(bytes[at] as number)) at += 1;
    if (at === start || bytes[at] !== MINUS) throw UNUSUAL;
    const dash = at;
    at += 1;
    while (((KINDS[bytes[at] as number] as number) & NAME) !== 0) at += 1;
    if (at === dash + 1 || at > dash + 129) throw UNUSUAL;
    this.at = at;
    this.byte(QUOTE);
    return isCommon ? this.common(start, at) : copied(this.text, start, at);
  }

  private commonString(): string {
    const start = this.at + 1;
    this.pastString();
    return this.common(start, this.at - 1);
  }

  /** A part of the text that other leaves have as well. */
  private common(start: number, end: number): string {
    const { bytes } = this;
    const length = end - start;
    let hash = length;
    for (let i = Math.max(start, end - 4); i < end; i += 1) hash = (hash * 31 + (bytes[i] as number)) | 0;
    const slot = (hash + (bytes[start] as number)) & (KNOWN_NAMES - 1);
    const known = names[slot];
    if (known?.length === length && isAt(bytes, start, known)) return known;
    const name = copied(this.text, start, end);
    names[slot] = name;
    return name;
  }

  /** Printable ASCII without quote and backslash, which canonical JSON writes as it is. */
  private pastString(): void {
    const { bytes } = this;
    this.byte(QUOTE);
    let { at } = this;
    while (((KINDS[bytes[at] as number] as number) & PLAIN) !== 0) at += 1;
    this.at = at;
    this.byte(QUOTE);
  }

  protected natural(least: number): number {
    const { bytes } = this;
    const start = this.at;
    let { at } = this;
    let value = 0;
    for (let code = bytes[at] as number; code >= ZERO && code <= NINE; code = bytes[at] as number) {
      value = value * 10 + code - ZERO;
      at += 1;
    }
    const digits = at - start;
    if (digits === 0 || digits > SAFE_DIGITS || (digits > 1 && bytes[start] === ZERO) || value < least) throw UNUSUAL;
    this.at = at;
    return value;
  }

  /** An object of a leaf is the engine's to make; the walk has seen that its text is canonical. */
  protected object(): JsonObject {
    const start = this.at;
    if (this.bytes[start] !== OPEN_BRACE) throw UNUSUAL;
    this.pastObject(DEFAULT_MAX_DEPTH - DEPTH_AROUND_OBJECTS);
    return JSON.parse(this.text.slice(start, this.at)) as JsonObject;
  }

  private pastValue(depthLeft: number): void {
    const code = this.bytes[this.at] as number;
    if (code === QUOTE) this.pastString();
    else if (code === OPEN_BRACE) this.pastObject(depthLeft - 1);
    else if (code === OPEN_BRACKET) this.pastArray(depthLeft - 1);
    else if (code === 0x74) this.past(TRUE);
    else if (code === 0x66) this.past(FALSE);
    else this.natural(0);
  }

  /** Names in ascending order, hence none twice. */
  private pastObject(depthLeft: number): void {
    if (depthLeft < 0) throw UNUSUAL;
    this.byte(OPEN_BRACE);
    if (this.is(CLOSE_BRACE)) return;
    let from = -1;
    let to = -1;
    do {
      const start = this.at + 1;
      this.pastString();
      const end = this.at - 1;
      if (from >= 0 && !this.isNameAfter(from, to, start, end)) throw UNUSUAL;
      from = start;
      to = end;
      this.byte(COLON);
      this.pastValue(depthLeft);
    } while (this.is(COMMA));
    this.byte(CLOSE_BRACE);
  }

  private pastArray(depthLeft: number): void {
    if (depthLeft < 0) throw UNUSUAL;
    this.byte(OPEN_BRACKET);
    if (this.is(CLOSE_BRACKET)) return;
    do this.pastValue(depthLeft);
    while (this.is(COMMA));
    this.byte(CLOSE_BRACKET);
  }

  private isNameAfter(from: number, to: number, start: number, end: number): boolean {
    const { bytes } = this;
    const shorter = Math.min(to - from, end - start);
    for (let i = 0; i < shorter; i += 1) {
      const difference = (bytes[start + i] as number) - (bytes[from + i] as number);
      if (difference !== 0) return difference > 0;
    }
    return end - start > to - from;
  }

  protected quoted(length: number, kinds: number): void {
    this.byte(QUOTE);
    this.run(length, kinds);
    this.byte(QUOTE);
  }

  /** So many characters of a kind. */
  private run(length: number, kinds: number): void {
    const { bytes, at } = this;
    let seen = kinds;
    for (let i = at; i < at + length; i += 1) seen &= KINDS[bytes[i] as number] as number;
    if (seen === 0) throw UNUSUAL;
    this.at = at + length;
  }

  protected byte(code: number): void {
    if (this.bytes[this.at] !== code) throw UNUSUAL;
    this.at += 1;
  }

  protected is(code: number): boolean {
    if (this.bytes[this.at] !== code) return false;
    this.at += 1;
    return true;
  }

  protected past(literal: Uint8Array): void {
    if (!this.startsWith(literal)) throw UNUSUAL;
  }

  /** Over the literal, if it stands here. */
  protected startsWith(literal: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < literal.length; i += 1) if (bytes[at + i] !== literal[i]) return false;
    this.at = at + literal.length;
    return true;
  }
}
/** Slices that are shorter than this are copies in V8; longer ones keep the whole text of the leaf alive. */
const COPIED_LENGTH = 12;

/** A part of a text that may be kept. Whoever reads a log keeps names and ids of many leaves, and should keep no more. */
function copied(text: string, start: number, end: number): string {
  let copy = '';
  for (let at = start; at < end; at += COPIED_LENGTH) copy += text.slice(at, Math.min(at + COPIED_LENGTH, end));
  return copy;
}

function isAt(bytes: Uint8Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

const TRUE = ascii('true');
const FALSE = ascii('false');

function isLowerCase(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}
