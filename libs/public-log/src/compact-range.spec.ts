import { MalformedInput, sha256, utf8Encode } from '@aidtrail/envelope';
import fc from 'fast-check';
import { CompactRange, type CompactRangeState } from './compact-range.js';
import { checkConsistency } from './proof-checking.js';
import { createTreeHasher, rootOf } from './rfc6962.js';

const hasher = createTreeHasher(sha256);
const leaves = Array.from({ length: 700 }, (_, i) => hasher.leafHash(utf8Encode(`leaf ${i}`)));

function rangeOf(size: number): CompactRange {
  const range = new CompactRange(hasher);
  range.appendMany(leaves.slice(0, size));
  return range;
}

/** A range of 2^exponent equal leaves without appending them: its only subtree is perfect. */
function rangeOfEqualLeaves(exponent: number): CompactRange {
  const hash = perfectRoot(exponent);
  return CompactRange.restoreOrThrow({ size: 2 ** exponent, hashes: [Buffer.from(hash).toString('base64')] }, hasher);
}

function perfectRoot(exponent: number): Uint8Array {
  let hash = leaves[0] as Uint8Array;
  for (let level = 0; level < exponent; level += 1) hash = hasher.nodeHash(hash, hash);
  return hash;
}

describe('a compact range', () => {
  it('has the naive root after every append', () => {
    const range = new CompactRange(hasher);
    expect(range.root()).toEqual(hasher.emptyRoot);
    for (let size = 1; size <= 130; size += 1) {
      range.append(leaves[size - 1] as Uint8Array);
      expect(range.size).toBe(size);
      expect(range.root()).toEqual(rootOf(leaves.slice(0, size), hasher));
    }
  });

  it('goes on from where it was saved, at any size', () => {
    fc.assert(
      fc.property(fc.nat(350), fc.nat(350), (saved, more) => {
        const stored = JSON.parse(JSON.stringify(rangeOf(saved).serialise())) as CompactRangeState;
        const restored = CompactRange.restoreOrThrow(stored, hasher);
        restored.appendMany(leaves.slice(saved, saved + more));
        expect(restored.root()).toEqual(rootOf(leaves.slice(0, saved + more), hasher));
        expect(restored.serialise()).toEqual(rangeOf(saved + more).serialise());
      }),
      { numRuns: 60 },
    );
  });

  it('keeps one hash for each 1 bit of the size', () => {
    expect([0, 1, 2, 3, 255, 256].map((size) => rangeOf(size).serialise().hashes.length)).toEqual([0, 1, 1, 2, 8, 1]);
  });

  it.each([31, 32, 33, 52])('is exact beyond 2^%i leaves, where 32-bit shifts go wrong', (exponent) => {
    const range = rangeOfEqualLeaves(exponent);
    range.appendMany(leaves.slice(0, 5));
    expect(range.size).toBe(2 ** exponent + 5);
    expect(range.root()).toEqual(hasher.nodeHash(perfectRoot(exponent), rootOf(leaves.slice(0, 5), hasher)));
    const grown = checkConsistency(
      {
        from: { size: 2 ** exponent, root: perfectRoot(exponent) },
        to: { size: range.size, root: range.root() },
        proof: [rootOf(leaves.slice(0, 5), hasher)],
      },
      hasher,
    );
    expect(grown).toBeUndefined();
  });

  it('refuses a saved state whose hashes do not fit its size', () => {
    const good = rangeOf(7).serialise();
    const states = [
      { ...good, size: 8 },
      { ...good, size: 3 },
      { ...good, size: -1 },
      { ...good, size: 7.5 },
      { ...good, size: 2 ** 53 },
      { ...good, hashes: [...good.hashes.slice(1), 'AAAA'] },
      { ...good, hashes: [...good.hashes.slice(1), 'not base64'] },
    ];
    for (const state of states) expect(() => CompactRange.restoreOrThrow(state, hasher)).toThrow(MalformedInput);
  });

  it('refuses a leaf that is not a hash, and leaves that it cannot count', () => {
    expect(() => rangeOf(1).append(new Uint8Array(31))).toThrow(RangeError);
    const size = Number.MAX_SAFE_INTEGER;
    const hash = Buffer.from(hasher.emptyRoot).toString('base64');
    const full = CompactRange.restoreOrThrow({ size, hashes: Array.from({ length: 53 }, () => hash) }, hasher);
    expect(() => full.append(leaves[0] as Uint8Array)).toThrow(RangeError);
  });
});
