import { bytesEqual, hexDecodeOrThrow, hexEncode, MalformedInput } from '@aidtrail/envelope';
import fc from 'fast-check';
import { encodeEntryBundle, MAX_ENTRY_BYTES, parseEntryBundleOrThrow, startOfBundleOrThrow } from './entry-bundle.js';
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

describe('the start of a bundle', () => {
  const entries = Array.from({ length: 256 }, (_, i) => new Uint8Array(i * 3).fill(i));
  const whole = encodeEntryBundle(entries);

  it('is the bundle that it was when there were fewer entries', () => {
    for (const width of [1, 2, 100, 255, 256])
      expect(startOfBundleOrThrow(whole, width)).toEqual(encodeEntryBundle(entries.slice(0, width)));
  });

  it('is refused where there are not so many', () => {
    const three = encodeEntryBundle(entries.slice(0, 3));
    expect(() => startOfBundleOrThrow(three, 4)).toThrow(MalformedInput);
    expect(() => startOfBundleOrThrow(three.subarray(0, three.length - 1), 3)).toThrow(MalformedInput);
    expect(() => startOfBundleOrThrow(new Uint8Array(), 1)).toThrow(MalformedInput);
  });
});
