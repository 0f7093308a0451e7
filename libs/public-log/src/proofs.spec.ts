import { base64DecodeOrThrow, base64Encode, bytesEqual, sha256, utf8Encode } from '@aidtrail/envelope';
import fc from 'fast-check';
import { classicLeaves, goldenLog } from './known-trees.examples.js';
import { checkConsistency, checkInclusion, type ConsistencyClaim, type InclusionClaim } from './proof-checking.js';
import { assembleProof, nodeReaderOf, planConsistency, planInclusion } from './proof-making.js';
import { createTreeHasher, rootOf } from './rfc6962.js';

const hasher = createTreeHasher(sha256);
const leaves = Array.from({ length: 3_000 }, (_, i) => hasher.leafHash(utf8Encode(`leaf ${i}`)));
const readNode = nodeReaderOf(leaves, hasher);

function inclusion(index: number, size: number): InclusionClaim {
  const proof = assembleProof(planInclusion({ index, size }), readNode, hasher);
  return { index, size, leafHash: leaves[index] as Uint8Array, proof, root: rootOf(leaves.slice(0, size), hasher) };
}

function consistency(from: number, to: number): ConsistencyClaim {
  const proof = assembleProof(planConsistency({ from, to }), readNode, hasher);
  const head = (size: number) => ({ size, root: rootOf(leaves.slice(0, size), hasher) });
  return { from: head(from), to: head(to), proof };
}

function flipBit(hash: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(hash);
  flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
  return flipped;
}

/** PATH and SUBPROOF exactly as RFC 6962 writes them, to compare the walk over nodes with. */
function pathByTheBook(index: number, part: readonly Uint8Array[]): Uint8Array[] {
  if (part.length === 1) return [];
  const k = 2 ** (Math.ceil(Math.log2(part.length)) - 1);
  const [left, right] = [part.slice(0, k), part.slice(k)];
  return index < k
    ? [...pathByTheBook(index, left), rootOf(right, hasher)]
    : [...pathByTheBook(index - k, right), rootOf(left, hasher)];
}

function subproofByTheBook(from: number, part: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (from === part.length) return whole ? [] : [rootOf(part, hasher)];
  const k = 2 ** (Math.ceil(Math.log2(part.length)) - 1);
  const [left, right] = [part.slice(0, k), part.slice(k)];
  return from <= k
    ? [...subproofByTheBook(from, left, whole), rootOf(right, hasher)]
    : [...subproofByTheBook(from - k, right, false), rootOf(left, hasher)];
}

describe('inclusion proofs', () => {
  it('are what the RFC defines, and check, for every leaf of every tree up to 40', () => {
    for (let size = 1; size <= 40; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const claim = inclusion(index, size);
        expect(claim.proof).toEqual(pathByTheBook(index, leaves.slice(0, size)));
        expect(checkInclusion(claim, hasher)).toBeUndefined();
      }
    }
  });

  it('check for random leaves of larger trees', () => {
    const place = fc
      .integer({ min: 1, max: leaves.length })
      .chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));
    fc.assert(
      fc.property(place, ([index, size]) => {
        const claim = inclusion(index, size);
        expect(claim.proof).toEqual(pathByTheBook(index, leaves.slice(0, size)));
        expect(checkInclusion(claim, hasher)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it('prove nothing for another leaf, another index or another size', () => {
    for (let size = 1; size <= 20; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const claim = inclusion(index, size);
        for (let other = 0; other <= size; other += 1) {
          if (other === index) continue;
          expect(checkInclusion({ ...claim, index: other }, hasher)).toBeDefined();
          expect(checkInclusion({ ...claim, leafHash: leaves[other] as Uint8Array }, hasher)).toBe('root_mismatch');
        }
      }
    }
  });

  it('fail for any flipped bit', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(), fc.nat(255), (index, which, bit) => {
        const claim = inclusion(index, 100);
        const at = which % claim.proof.length;
        const proof = claim.proof.map((hash, i) => (i === at ? flipBit(hash, bit) : hash));
        expect(checkInclusion({ ...claim, proof }, hasher)).toBe('root_mismatch');
        expect(checkInclusion({ ...claim, root: flipBit(claim.root, bit) }, hasher)).toBe('root_mismatch');
        expect(checkInclusion({ ...claim, leafHash: flipBit(claim.leafHash, bit) }, hasher)).toBe('root_mismatch');
      }),
      { numRuns: 60 },
    );
  });

  it('reproduce the golden log: "five" at index 4 of 11', () => {
    const golden = goldenLog.entries.map((entry) => hasher.leafHash(entry));
    const proof = assembleProof(planInclusion({ index: 4, size: 11 }), nodeReaderOf(golden, hasher), hasher);
    expect(proof.map(base64Encode)).toEqual(goldenLog.inclusionOf4In11);
    const root = base64DecodeOrThrow('Yok1cS5VdokGLBy73BC2I16b3atss6KBN9jnIi6Fz/A=');
    expect(
      checkInclusion({ index: 4, size: 11, leafHash: golden[4] as Uint8Array, proof, root }, hasher),
    ).toBeUndefined();
  });

  it('name what is wrong, the first fault first', () => {
    const claim = inclusion(4, 11);
    const fault = (change: Partial<InclusionClaim>) => checkInclusion({ ...claim, ...change }, hasher);
    for (const size of [-1, 1.5, 2 ** 53, Number.NaN]) expect(fault({ size })).toBe('size_invalid');
    for (const index of [11, -1, 0.5, Number.NaN]) expect(fault({ index })).toBe('index_out_of_range');
    expect(fault({ size: 0 })).toBe('index_out_of_range');
    expect(fault({ leafHash: new Uint8Array(31) })).toBe('hash_length_wrong');
    expect(fault({ root: new Uint8Array(64) })).toBe('hash_length_wrong');
    expect(fault({ proof: claim.proof.map((hash) => hash.subarray(1)) })).toBe('hash_length_wrong');
    expect(fault({ proof: claim.proof.slice(1) })).toBe('proof_length_wrong');
    expect(fault({ proof: [...claim.proof, claim.root] })).toBe('proof_length_wrong');
    expect(fault({ proof: [...claim.proof].reverse() })).toBe('root_mismatch');
  });

  it('are not made for a leaf outside of the tree', () => {
    expect(() => planInclusion({ index: 3, size: 3 })).toThrow(RangeError);
    expect(() => planInclusion({ index: -1, size: 3 })).toThrow(RangeError);
    expect(() => nodeReaderOf(classicLeaves, hasher)({ level: 0, index: 8 })).toThrow(RangeError);
  });

  it('hold at positions beyond 2^32', () => {
    // The last leaf of 2^40 + 1 hangs directly under the root: one sibling, the perfect subtree on its left.
    const [leafHash, left] = [leaves[0], leaves[1]] as [Uint8Array, Uint8Array];
    const claim = { index: 2 ** 40, size: 2 ** 40 + 1, leafHash, proof: [left], root: hasher.nodeHash(left, leafHash) };
    expect(checkInclusion(claim, hasher)).toBeUndefined();
    expect(planInclusion(claim)).toEqual([[{ level: 40, index: 0 }]]);
    expect(checkInclusion({ ...claim, index: 2 ** 40 - 1 }, hasher)).toBe('proof_length_wrong');
  });
});

describe('consistency proofs', () => {
  it('are what the RFC defines, and check, for every pair of sizes up to 40', () => {
    for (let to = 1; to <= 40; to += 1) {
      for (let from = 1; from <= to; from += 1) {
        const claim = consistency(from, to);
        expect(claim.proof).toEqual(subproofByTheBook(from, leaves.slice(0, to), true));
        expect(checkConsistency(claim, hasher)).toBeUndefined();
      }
    }
  });

  it('check for random pairs of larger trees', () => {
    const sizes = fc.integer({ min: 1, max: leaves.length });
    fc.assert(
      fc.property(sizes, sizes, (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const claim = consistency(from, to);
        expect(claim.proof).toEqual(subproofByTheBook(from, leaves.slice(0, to), true));
        expect(checkConsistency(claim, hasher)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it('fail for any flipped bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.nat(), fc.nat(255), (from, which, bit) => {
        const claim = consistency(from, 100);
        const at = which % claim.proof.length;
        const proof = claim.proof.map((hash, i) => (i === at ? flipBit(hash, bit) : hash));
        expect(checkConsistency({ ...claim, proof }, hasher)).toMatch(/^(old|new)_root_mismatch$/);
        const oldRoot = { ...claim.from, root: flipBit(claim.from.root, bit) };
        expect(checkConsistency({ ...claim, from: oldRoot }, hasher)).toMatch(/_root_mismatch$/);
        const newRoot = { ...claim.to, root: flipBit(claim.to.root, bit) };
        expect(checkConsistency({ ...claim, to: newRoot }, hasher)).toBe('new_root_mismatch');
      }),
      { numRuns: 60 },
    );
  });

  it('cannot be made for a rewritten history: a changed old leaf is found at every size', () => {
    const rewritten = leaves.slice(0, 40).map((leaf, i) => (i === 2 ? flipBit(leaf, 0) : leaf));
    const reader = nodeReaderOf(rewritten, hasher);
    for (let from = 3; from < 40; from += 1) {
      const proof = assembleProof(planConsistency({ from, to: 40 }), reader, hasher);
      const old = { size: from, root: rootOf(leaves.slice(0, from), hasher) };
      const forged = { size: 40, root: rootOf(rewritten, hasher) };
      expect(checkConsistency({ from: old, to: forged, proof }, hasher)).toMatch(/_root_mismatch$/);
    }
  });

  it('reproduce the golden log from 3 to 11', () => {
    const golden = goldenLog.entries.map((entry) => hasher.leafHash(entry));
    const proof = assembleProof(planConsistency({ from: 3, to: 11 }), nodeReaderOf(golden, hasher), hasher);
    expect(proof.map(base64Encode)).toEqual(goldenLog.consistencyFrom3To11);
    const from = { size: 3, root: base64DecodeOrThrow('Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=') };
    const to = { size: 11, root: base64DecodeOrThrow('Yok1cS5VdokGLBy73BC2I16b3atss6KBN9jnIi6Fz/A=') };
    expect(checkConsistency({ from, to, proof }, hasher)).toBeUndefined();
  });

  it('name what is wrong, the first fault first', () => {
    const claim = consistency(6, 11);
    const fault = (change: Partial<ConsistencyClaim>) => checkConsistency({ ...claim, ...change }, hasher);
    expect(fault({ from: { ...claim.from, size: -1 } })).toBe('size_invalid');
    expect(fault({ to: { ...claim.to, size: 2 ** 53 } })).toBe('size_invalid');
    expect(fault({ proof: [new Uint8Array(33)] })).toBe('hash_length_wrong');
    expect(fault({ from: claim.to, to: claim.from })).toBe('size_decreased');
    expect(fault({ from: { ...claim.from, size: 0 } })).toBe('old_size_zero');
    expect(fault({ proof: [] })).toBe('proof_length_wrong');
    expect(fault({ proof: claim.proof.slice(1) })).toBe('proof_length_wrong');
    expect(fault({ proof: [...claim.proof, claim.to.root] })).toBe('proof_length_wrong');
    expect(fault({ from: { ...claim.from, root: claim.to.root } })).toBe('old_root_mismatch');
    expect(fault({ to: { ...claim.to, root: claim.from.root } })).toBe('new_root_mismatch');
  });

  it('are empty between equal heads, and a fork at one size is a mismatch', () => {
    const { from } = consistency(6, 11);
    const fork = { ...from, root: flipBit(from.root, 3) };
    expect(checkConsistency({ from, to: from, proof: [] }, hasher)).toBeUndefined();
    expect(checkConsistency({ from, to: fork, proof: [] }, hasher)).toBe('new_root_mismatch');
    expect(checkConsistency({ from, to: from, proof: [from.root] }, hasher)).toBe('proof_length_wrong');
  });

  it('are not made from the empty tree or to a smaller one', () => {
    expect(() => planConsistency({ from: 0, to: 3 })).toThrow(RangeError);
    expect(() => planConsistency({ from: 4, to: 3 })).toThrow(RangeError);
  });

  it('hold at sizes beyond 2^32', () => {
    const [old, added] = [leaves[0], leaves[1]] as [Uint8Array, Uint8Array];
    const from = { size: 2 ** 33, root: old };
    const to = { size: 2 ** 33 + 1, root: hasher.nodeHash(old, added) };
    expect(planConsistency({ from: from.size, to: to.size })).toEqual([[{ level: 0, index: 2 ** 33 }]]);
    expect(checkConsistency({ from, to, proof: [added] }, hasher)).toBeUndefined();
    expect(bytesEqual(old, added)).toBe(false);
  });
});
