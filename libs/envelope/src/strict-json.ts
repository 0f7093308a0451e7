import { requireWellFormedText, utf8DecodeOrThrow } from './bytes.js';
import { DEFAULT_MAX_DEPTH, notJson, notSafeInteger, nullNotAllowed, requireSize, tooDeep } from './json.js';
import type { JsonValue, ReadLimits } from './json.js';
import { MalformedInput } from './malformed-input.js';

/**
 * Reads JSON (RFC 8259) in any layout, for the wrappers of HTTP requests, but nothing that two readers could
 * understand differently: no duplicate names, no fractions, exponents or numbers beyond ±(2^53-1), no null, no lone
 * surrogates, no invalid UTF-8, no byte order mark. Throws `MalformedInput`.
 */
export function parseStrictJsonOrThrow(bytes: Uint8Array, limits: ReadLimits = {}): JsonValue {
  requireSize(bytes, limits);
  const text = utf8DecodeOrThrow(bytes);
  const maxDepth = limits.maxDepth ?? DEFAULT_MAX_DEPTH;
  return readCompact(text, maxDepth) ?? new StrictReader(text).readAll(maxDepth);
}

/**
 * The engine's own parser, for text as nearly everybody sends it: if writing what it read would give the same text, no
 * name stood twice, no number was written in another way and no space was lost. Undefined for anything else, which is not
 * yet wrong. An escape may hide half of a surrogate pair, so such text takes the long way.
 */
function readCompact(text: string, maxDepth: number): JsonValue | undefined {
  const hasEscapes = text.includes('\\');
  if (hasEscapes && text.includes('\\u')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const length = lengthOf(value, maxDepth);
  if (length === undefined) return undefined;
  // Without numbers and escapes nothing can be written shorter than it is written here, so equal lengths are equal texts.
  const isSame = hasEscapes || length.hasNumbers ? JSON.stringify(value) === text : length.characters === text.length;
  return isSame ? (value as JsonValue) : undefined;
}

interface Length {
  /** In the shortest way to write it, if it needs no escape. */
  characters: number;
  hasNumbers: boolean;
}

/** Undefined for what no format of ours holds. */
function lengthOf(value: unknown, maxDepth: number): Length | undefined {
  const length: Length = { characters: 0, hasNumbers: false };
  return isStrict(value, maxDepth, length) ? length : undefined;
}

function isStrict(value: unknown, depthLeft: number, length: Length): boolean {
  switch (typeof value) {
    case 'string':
      length.characters += value.length + 2;
      return true;
    case 'boolean':
      length.characters += value ? 4 : 5;
      return true;
    case 'number':
      length.hasNumbers = true;
      return Number.isSafeInteger(value);
    default:
      return value !== null && depthLeft >= 1 && areStrict(value as object, depthLeft - 1, length);
  }
}

function areStrict(value: object, depthLeft: number, length: Length): boolean {
  const isList = Array.isArray(value);
  let members = 0;
  // What the engine has just parsed has no inherited members to be met here.
  for (const name in value) {
    if (!isStrict((value as Readonly<Record<string, unknown>>)[name], depthLeft, length)) return false;
    if (!isList) length.characters += name.length + 3;
    members += 1;
  }
  length.characters += 2 + Math.max(0, members - 1);
  return true;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

class StrictReader {
  private at = 0;

  constructor(private readonly text: string) {}

  readAll(maxDepth: number): JsonValue {
    const value = this.readValue(maxDepth);
    this.skipSpace();
    if (this.at !== this.text.length) throw notJson();
    return value;
  }

  private readValue(depthLeft: number): JsonValue {
    this.skipSpace();
    switch (this.text[this.at]) {
      case '{':
        return this.readObject(depthLeft - 1);
      case '[':
        return this.readArray(depthLeft - 1);
      case '"':
        return this.readString();
      case 't':
        return this.readWord('true', true);
      case 'f':
        return this.readWord('false', false);
      case 'n':
        this.readWord('null', false);
        throw nullNotAllowed();
      default:
        return this.readNumber();
    }
  }

  private readObject(depthLeft: number): JsonValue {
    if (depthLeft < 0) throw tooDeep();
    const members: Record<string, JsonValue> = {};
    const names = new Set<string>();
    this.at += 1;
    if (this.takeIf('}')) return members;
    for (;;) {
      this.skipSpace();
      const name = this.readString();
      if (names.has(name)) {
        throw new MalformedInput('duplicate_key', 'An object holds a name twice: send each name once.');
      }
      names.add(name);
      if (!this.takeIf(':')) throw notJson();
      // Defined, not assigned: a member called __proto__ must stay an ordinary member.
      const value = this.readValue(depthLeft);
      Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
      if (this.takeIf('}')) return members;
      if (!this.takeIf(',')) throw notJson();
    }
  }

  private readArray(depthLeft: number): JsonValue {
    if (depthLeft < 0) throw tooDeep();
    const items: JsonValue[] = [];
    this.at += 1;
    if (this.takeIf(']')) return items;
    for (;;) {
      items.push(this.readValue(depthLeft));
      if (this.takeIf(']')) return items;
      if (!this.takeIf(',')) throw notJson();
    }
  }

  /** Finds the closing quote by itself and leaves the escapes to JSON.parse, which refuses control characters too. */
  private readString(): string {
    if (this.text[this.at] !== '"') throw notJson();
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    if (end >= this.text.length) throw notJson();
    const quoted = this.text.slice(this.at, end + 1);
    this.at = end + 1;
    let value: unknown;
    try {
      value = JSON.parse(quoted);
    } catch {
      throw notJson();
    }
    if (typeof value !== 'string') throw notJson();
    requireWellFormedText(value);
    return value;
  }

  private readNumber(): number {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) throw notJson();
    const value = Number(match[0]);
    const plain = match[1] === undefined && match[2] === undefined;
    if (!plain || !Number.isSafeInteger(value) || Object.is(value, -0)) throw notSafeInteger();
    this.at += match[0].length;
    return value;
  }

  private readWord(word: string, value: boolean): boolean {
    if (!this.text.startsWith(word, this.at)) throw notJson();
    this.at += word.length;
    return value;
  }

  private takeIf(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at += 1;
    }
  }
}
