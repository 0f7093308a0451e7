import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  base64urlDecodeOrThrow,
  base64urlEncode,
  digestOf,
  encodeDisclosure,
  makePrivateFields,
  openDisclosures,
  parseDisclosureOrThrow,
  requireDisclosuresMatch,
  sortAndPad,
  utf8Encode,
} from './index.js';

const withCode = (code: string): Error => expect.objectContaining({ name: 'MalformedInput', code }) as unknown as Error;
const salt = Uint8Array.from({ length: 16 }, (_, i) => i);
const RFC_9901 = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0';

/** A counting stand-in for a source of random bytes: never the same bytes twice. */
function countingBytes(): (length: number) => Uint8Array {
  let calls = 0;
  return (length) => {
    calls += 1;
    return new Uint8Array(length).fill(calls);
  };
}

describe('a disclosure', () => {
  it('has the digest of the example in RFC 9901 and opens to its field', () => {
    expect(digestOf(RFC_9901)).toBe('X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0');
    expect(openDisclosures([RFC_9901])).toEqual({ family_name: 'M\u00f6bius' });
  });

  it('is base64url of the JSON array of salt, name and value', () => {
    const disclosure = encodeDisclosure({ salt, name: 'merchant', value: { b: 2, a: '\u5e97' } });
    const json = new TextDecoder().decode(base64urlDecodeOrThrow(disclosure));
    expect(json).toBe('["AAECAwQFBgcICQoLDA0ODw","merchant",{"a":"\u5e97","b":2}]');
    expect(parseDisclosureOrThrow(disclosure)).toEqual({ salt, name: 'merchant', value: { a: '\u5e97', b: 2 } });
  });

  it('needs a salt of 128 bits when written and when read', () => {
    expect(() => encodeDisclosure({ salt: new Uint8Array(15), name: 'a', value: 1 })).toThrow(
      withCode('bad_disclosure'),
    );
    const short = base64urlEncode(utf8Encode('["AAECAwQFBgcICQoLDA0O","a",1]'));
    expect(() => parseDisclosureOrThrow(short)).toThrow(withCode('bad_disclosure'));
  });

  it.each(['__proto__', '_sd', '...', '', 'a b', '9a'])('cannot be called %j', (name) => {
    expect(() => encodeDisclosure({ salt, name, value: 1 })).toThrow(withCode('bad_disclosure'));
    const crafted = base64urlEncode(utf8Encode(JSON.stringify([base64urlEncode(salt), name, 1])));
    expect(() => openDisclosures([crafted])).toThrow(withCode('bad_disclosure'));
  });

  it.each([
    ['two parts', '["AAECAwQFBgcICQoLDA0ODw","a"]', 'bad_disclosure'],
    ['four parts', '["AAECAwQFBgcICQoLDA0ODw","a",1,2]', 'bad_disclosure'],
    ['an object', '{"a":1}', 'bad_disclosure'],
    ['a number as name', '["AAECAwQFBgcICQoLDA0ODw",1,1]', 'bad_disclosure'],
    ['null', '["AAECAwQFBgcICQoLDA0ODw","a",null]', 'null_not_allowed'],
    ['a duplicate name inside', '["AAECAwQFBgcICQoLDA0ODw","a",{"x":1,"x":2}]', 'duplicate_key'],
    ['a salt that is no base64url', '["AAECAwQFBgcICQoLDA0ODx","a",1]', 'not_base64url'],
  ])('is refused with %s', (_, json, code) => {
    expect(() => parseDisclosureOrThrow(base64urlEncode(utf8Encode(json)))).toThrow(withCode(code));
  });

  it('may name each field once', () => {
    const one = encodeDisclosure({ salt, name: 'store', value: 1 });
    const other = encodeDisclosure({ salt, name: 'store', value: 2 });
    expect(() => openDisclosures([one, other])).toThrow(withCode('bad_disclosure'));
  });
});

describe('_sd', () => {
  const fields = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string(), fc.integer()), { maxKeys: 9 });

  it('holds each digest, a multiple of 4, sorted, without repeats, whatever the fields', () => {
    fc.assert(
      fc.property(fields, (values) => {
        const made = makePrivateFields({ fields: values, randomBytes: countingBytes() });
        const count = Object.keys(values).length;
        expect(made._sd).toHaveLength(Math.ceil(count / 4) * 4);
        expect(made._sd).toEqual([...new Set(made._sd)].sort());
        expect(made.disclosures.every((disclosure) => made._sd.includes(digestOf(disclosure)))).toBe(true);
        expect(openDisclosures(made.disclosures)).toEqual({ ...values });
        expect(() => requireDisclosuresMatch(made.disclosures, made._sd)).not.toThrow();
      }),
    );
  });

  it('gives equal values different digests', () => {
    const { disclosures } = makePrivateFields({ fields: { a: 'same', b: 'same' }, randomBytes: countingBytes() });
    const salts = disclosures.map((disclosure) => parseDisclosureOrThrow(disclosure).salt);
    expect(salts[0]).not.toEqual(salts[1]);
  });

  it('is refused without enough decoys', () => {
    const digests = ['a', 'b', 'c', 'd', 'e'].map((text) => digestOf(text));
    expect(() => sortAndPad(digests, [new Uint8Array(32)])).toThrow(withCode('bad_disclosure'));
    expect(sortAndPad(digests.slice(0, 4), [])).toHaveLength(4);
  });

  it('must hold the digest of each disclosure, each given once', () => {
    const { disclosures, _sd } = makePrivateFields({ fields: { a: 1 }, randomBytes: countingBytes() });
    const foreign = encodeDisclosure({ salt, name: 'b', value: 1 });
    expect(() => requireDisclosuresMatch([foreign], _sd)).toThrow(withCode('bad_disclosure'));
    expect(() => requireDisclosuresMatch([...disclosures, ...disclosures], _sd)).toThrow(withCode('bad_disclosure'));
    expect(() => requireDisclosuresMatch([], _sd)).not.toThrow();
  });
});
