import { base64Encode, hexEncode, sha256, utf8Encode } from '@aidtrail/envelope';
import { classicLeaves, classicRoots } from './known-trees.examples.js';
import { createTreeHasher, rootOf } from './rfc6962.js';

const hasher = createTreeHasher(sha256);

describe('the RFC 6962 hashes', () => {
  it('match the published leaf, node and empty-tree values', () => {
    expect(base64Encode(hasher.emptyRoot)).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
    expect(hexEncode(hasher.leafHash(new Uint8Array(0)))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    expect(hexEncode(hasher.leafHash(utf8Encode('L123456')))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    );
  });

  it('put 0x01, left and right together for a node', () => {
    // The published value hashes "N123" and "N456", which are no 32-byte hashes, so it checks the formula itself.
    expect(hexEncode(sha256(utf8Encode('\u0001N123N456')))).toBe(
      'aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb',
    );
    const [left, right] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(200)];
    expect(hasher.nodeHash(left, right)).toEqual(sha256(Uint8Array.of(1, ...left, ...right)));
  });

  it('refuse to make a node of anything but two hashes', () => {
    expect(() => hasher.nodeHash(new Uint8Array(31), new Uint8Array(32))).toThrow(RangeError);
    expect(() => hasher.nodeHash(new Uint8Array(32), new Uint8Array(33))).toThrow(RangeError);
  });

  it('do not let one entry leak into the next through the reused buffer', () => {
    const short = Uint8Array.of(7);
    const before = hasher.leafHash(short);
    for (const length of [65_535, 65_536, 70_000]) {
      const entry = new Uint8Array(length).fill(0xee);
      expect(hasher.leafHash(entry)).toEqual(sha256(Uint8Array.of(0, ...entry)));
    }
    expect(hasher.leafHash(short)).toEqual(before);
  });

  it('give the published roots of the eight classic leaves', () => {
    const leafHashes = classicLeaves.map((entry) => hasher.leafHash(entry));
    const roots = classicRoots.map((_, i) => hexEncode(rootOf(leafHashes.slice(0, i + 1), hasher)));
    expect(roots).toEqual(classicRoots);
    expect(rootOf([], hasher)).toEqual(hasher.emptyRoot);
  });
});
