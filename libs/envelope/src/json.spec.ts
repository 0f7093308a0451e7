import { describe, expect, it } from '@jest/globals';
import canonicalizeLibrary from 'canonicalize';
import fc from 'fast-check';
import { canonicalBytes, canonicalize, parseCanonicalOrThrow, parseStrictJsonOrThrow, utf8Encode } from './index.js';

const withCode = (code: string): Error => expect.objectContaining({ name: 'MalformedInput', code }) as unknown as Error;

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', '10', '9'),
);
const { value: jsonValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.maxSafeInteger().map((n) => n + 0 || 0),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 5 }),
    tie('object'),
  ),
  object: fc.dictionary(text, tie('value'), { maxKeys: 6 }),
}));
const jsonObject = fc.dictionary(text, jsonValue, { maxKeys: 8 });

describe('canonicalize', () => {
  it('writes what an independent implementation of RFC 8785 writes', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(canonicalize(value)).toBe(canonicalizeLibrary(value));
      }),
      { numRuns: 1000 },
    );
  });

  it("orders members by UTF-16 code units, as in the RFC's example", () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalize(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });

  it.each([
    ['a fraction', 0.5, 'not_safe_integer'],
    ['minus zero', -0, 'not_safe_integer'],
    ['2^53', 2 ** 53, 'not_safe_integer'],
    ['NaN', Number.NaN, 'not_safe_integer'],
    ['null', { a: null }, 'null_not_allowed'],
    ['undefined', { a: undefined }, 'not_a_json_value'],
    ['a hole in an array', new Array(2), 'not_a_json_value'],
    ['a date', new Date(0), 'not_a_json_value'],
    ['a map', new Map(), 'not_a_json_value'],
    ['bytes', new Uint8Array(2), 'not_a_json_value'],
    ['a bigint', 1n, 'not_a_json_value'],
    ['a function', () => 1, 'not_a_json_value'],
    ['half a surrogate pair', 'a\udfff', 'lone_surrogate'],
    ['half a surrogate pair in a name', { '\ud800': 1 }, 'lone_surrogate'],
  ])('refuses %s', (_, value, code) => {
    expect(() => canonicalize(value)).toThrow(withCode(code));
  });

  it('refuses what is nested too deeply, also a cycle, before the stack ends', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => canonicalize(cycle)).toThrow(withCode('too_deep'));
  });
});

describe('parseCanonicalOrThrow', () => {
  it('reads back what canonicalBytes wrote, members called __proto__ included', () => {
    fc.assert(
      fc.property(jsonObject, (value) => {
        const parsed = parseCanonicalOrThrow(canonicalBytes(value));
        expect(canonicalize(parsed)).toBe(canonicalize(value));
      }),
    );
  });

  it.each([
    ['duplicate names', '{"a":1,"a":2}', 'not_canonical'],
    ['equal duplicates', '{"a":1,"a":1}', 'not_canonical'],
    ['another order', '{"b":1,"a":2}', 'not_canonical'],
    ['white space', '{"a": 1}', 'not_canonical'],
    ['a final newline', '{"a":1}\n', 'not_canonical'],
    ['a needless escape', '{"\\u0061":1}', 'not_canonical'],
    ['an exponent', '{"a":1e2}', 'not_canonical'],
    ['a number that rounds to a safe one', '{"a":9007199254740990.9}', 'not_canonical'],
    ['2^64-1', '{"a":18446744073709551615}', 'not_safe_integer'],
    ['minus zero', '{"a":-0}', 'not_safe_integer'],
    ['null', '{"a":null}', 'null_not_allowed'],
    ['an escaped lone surrogate', '{"a":"\\ud800"}', 'lone_surrogate'],
    ['a byte order mark', '\ufeff{"a":1}', 'not_json'],
    ['an array at the top', '[1]', 'bad_shape'],
    ['a text at the top', '"a"', 'bad_shape'],
    ['two values', '{}{}', 'not_json'],
    ['nothing', '', 'not_json'],
  ])('refuses %s', (_, source, code) => {
    expect(() => parseCanonicalOrThrow(utf8Encode(source))).toThrow(withCode(code));
  });

  it('refuses more bytes or levels than allowed', () => {
    const deep = utf8Encode('{"a":' + '['.repeat(40) + ']'.repeat(40) + '}');
    expect(() => parseCanonicalOrThrow(deep)).toThrow(withCode('too_deep'));
    expect(parseCanonicalOrThrow(deep, { maxDepth: 41 })).toBeDefined();
    expect(() => parseCanonicalOrThrow(utf8Encode('{"a":1}'), { maxBytes: 6 })).toThrow(withCode('too_large'));
    expect(parseCanonicalOrThrow(utf8Encode('{"a":1}'), { maxBytes: 7 })).toEqual({ a: 1 });
  });

  it('gives a member called __proto__ no power over the object', () => {
    const parsed = parseCanonicalOrThrow(utf8Encode('{"__proto__":{"admin":true}}'));
    expect(Object.keys(parsed)).toEqual(['__proto__']);
    expect(parsed['admin']).toBeUndefined();
  });

  it('never repeats the input in its message', () => {
    const secret = '\u5f20\u4e09 310101199001011234';
    for (const source of [`{"a":"${secret}",}`, `{"b":"${secret}","a":1}`, `{"${secret}":null}`]) {
      let message = '';
      try {
        parseCanonicalOrThrow(utf8Encode(source));
      } catch (error) {
        message = String(error);
      }
      expect(message).not.toBe('');
      expect(message).not.toContain('310101');
    }
  });
});

describe('parseStrictJsonOrThrow', () => {
  it('reads any layout of what JSON.parse reads the same way', () => {
    fc.assert(
      fc.property(jsonValue, fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const source = utf8Encode(JSON.stringify(value, undefined, indent));
        expect(canonicalize(parseStrictJsonOrThrow(source))).toBe(canonicalize(value));
      }),
    );
  });

  it('accepts only what JSON.parse accepts', () => {
    const nearJson = fc.string({ unit: fc.constantFrom(...'{}[]":,01-.eE\\utrfalsn \n\u0001\u00a0'), maxLength: 10 });
    fc.assert(
      fc.property(nearJson, (source) => {
        let parsed: unknown;
        try {
          parsed = parseStrictJsonOrThrow(utf8Encode(source));
        } catch (error) {
          expect(error).toEqual(expect.objectContaining({ name: 'MalformedInput' }));
          return;
        }
        expect(parsed).toEqual(JSON.parse(source));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['duplicate names', '{"a":1, "a":2}', 'duplicate_key'],
    ['duplicates written differently', '{"a":1, "\\u0061":2}', 'duplicate_key'],
    ['duplicates further in', '[{"x":{"a":1,"b":2,"a":1}}]', 'duplicate_key'],
    ['duplicates of texts alone', '{"a":"x","a":"y"}', 'duplicate_key'],
    ['a duplicate that a short number pays for', '{"n":1e20,"a":"","a":""}', 'not_safe_integer'],
    ['a duplicate that an escape pays for', '{"\\n":"","a":"","a":""}', 'duplicate_key'],
    ['a duplicate of __proto__', '{"__proto__":1,"__proto__":2}', 'duplicate_key'],
    ['a fraction', '[1.0]', 'not_safe_integer'],
    ['an exponent', '[1e3]', 'not_safe_integer'],
    ['2^53', '[9007199254740992]', 'not_safe_integer'],
    ['minus zero', '[-0]', 'not_safe_integer'],
    ['a leading zero', '[01]', 'not_json'],
    ['a plus sign', '[+1]', 'not_json'],
    ['null', '[null]', 'null_not_allowed'],
    ['a lone surrogate', '["\\udc00"]', 'lone_surrogate'],
    ['a trailing comma', '[1,]', 'not_json'],
    ['a comment', '[1]//', 'not_json'],
    ['a raw control character', '["\u0001"]', 'not_json'],
    ['an open string', '["a', 'not_json'],
    ['an open escape', '"\\', 'not_json'],
    ['a byte order mark', '\ufeff{}', 'not_json'],
    ['a no-break space', '\u00a0{}', 'not_json'],
  ])('refuses %s', (_, source, code) => {
    expect(() => parseStrictJsonOrThrow(utf8Encode(source))).toThrow(withCode(code));
  });

  it('takes text without numbers and escapes for compact only if it is, to the letter', () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.boolean(),
        fc.string({ unit: fc.constantFrom('a', 'b', '€', '😀', ' '), maxLength: 4 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'cc', '7', '__proto__'), tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(plain, fc.nat(), fc.constantFrom('', ' ', '"a":"",', '"a":"","a":"",', ','), (value, at, more) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        const source = text.slice(0, place) + more + text.slice(place);
        const members = [...source.matchAll(/" *:/g)].length;
        let parsed: unknown;
        try {
          parsed = parseStrictJsonOrThrow(utf8Encode(source));
        } catch {
          return;
        }
        // Nothing was lost on the way: as many members came out as went in.
        expect([...JSON.stringify(parsed).matchAll(/" *:/g)]).toHaveLength(members);
      }),
      { numRuns: 2000 },
    );
  });

  it('stops at the depth limit, not at the end of the stack', () => {
    expect(() => parseStrictJsonOrThrow(utf8Encode('['.repeat(500_000)))).toThrow(withCode('too_deep'));
  });

  it('keeps __proto__ an ordinary member', () => {
    const parsed = parseStrictJsonOrThrow(utf8Encode('{"__proto__":{"admin":true}}')) as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(['__proto__']);
    expect(parsed['admin']).toBeUndefined();
  });
});
