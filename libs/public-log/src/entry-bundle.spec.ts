import { bytesEqual, hexDecodeOrThrow, hexEncode, MalformedInput } from '@aidtrail/envelope';
import fc from 'fast-check';
import { encodeEntryBundle, MAX_ENTRY_BYTES, parseEntryBundleOrThrow } from './entry-bundle.js';
import { goldenLog } from './known-trees.examples.js';

describe('an entry bundle', () => {
  it('is the golden log of another implementation', () => {
    const entries = goldenLog.entries.slice(0, 3);
    expect(hexEncode(encodeEntryBundle(entries))).toBe(goldenLog.bundle3);
    expect(parseEntryBundleOrThrow(hexDecodeOrThrow(goldenLog.bundle3), 3)).toEqual(entries);
  });

  it('gives back any entries, also empty ones and the longest', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }), (entries) => {
        expect(parseEntryBundleOrThrow(encodeEntryBundle(entries), entries.length)).toEqual(entries);
      }),
    );
    const longest = new Uint8Array(MAX_ENTRY_BYTES).fill(7);
    const [first, second] = parseEntryBundleOrThrow(encodeEntryBundle([longest, longest]), 2);
    expect(bytesEqual(first as Uint8Array, longest) && bytesEqual(second as Uint8Array, longest)).toBe(true);
  });

  it('is refused when it is cut off anywhere, or has a byte more', () => {
    const whole = hexDecodeOrThrow(goldenLog.bundle3);
    for (let end = 0; end < whole.length; end += 1)
      expect(() => parseEntryBundleOrThrow(whole.subarray(0, end), 3)).toThrow(MalformedInput);
    expect(() => parseEntryBundleOrThrow(Uint8Array.of(...whole, 0), 3)).toThrow(MalformedInput);
    expect(() => parseEntryBundleOrThrow(Uint8Array.of(...whole, 0, 0), 3)).toThrow('more than 3 entries');
  });

  it('is not made of more than a tile has, nor of an entry that its length cannot tell', () => {
    expect(() => encodeEntryBundle([])).toThrow(RangeError);
    expect(() => encodeEntryBundle(Array.from({ length: 257 }, () => new Uint8Array(1)))).toThrow(RangeError);
    expect(() => encodeEntryBundle([new Uint8Array(MAX_ENTRY_BYTES + 1)])).toThrow(RangeError);
  });
});
