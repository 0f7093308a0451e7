import { concatBytes, hexDecodeOrThrow, MalformedInput, sha256, utf8Encode } from '@aidtrail/envelope';
import fc from 'fast-check';
import { goldenLog } from './known-trees.examples.js';
import { checkConsistency, checkInclusion } from './proof-checking.js';
import { assembleProof, nodeReaderOf, planConsistency, planInclusion, type NodeReader } from './proof-making.js';
import { createTreeHasher, rootOf } from './rfc6962.js';
import { tilePath, type TileId } from './tile-path.js';
import { newTiles, partialTiles, startOfTileOrThrow, tileHolding, tileNodeReader, tilesOfPlan } from './tiles.js';

const hasher = createTreeHasher(sha256);
const leaves = Array.from({ length: 5_000 }, (_, i) => hasher.leafHash(utf8Encode(String(i))));

/** A tile as the specification defines it: each of its hashes is the root of 256^level leaves. */
function tileBytes({ level, index, width }: TileId, nodes: NodeReader): Uint8Array {
  if (level === 'entries') throw new Error('not a hash tile');
  return concatBytes(...Array.from({ length: width }, (_, i) => nodes({ level: 8 * level, index: 256 * index + i })));
}

describe('the tiles of a log', () => {
  it('are those of the specification for 70,000 leaves', () => {
    const tiles = newTiles({ from: 0, to: 70_000 });
    const row = (level: TileId['level']) => tiles.filter((tile) => tile.level === level);
    expect(row('entries')).toHaveLength(274);
    expect(row(0).filter(({ width }) => width === 256)).toHaveLength(273);
    expect(row(0).at(-1)).toEqual({ level: 0, index: 273, width: 112 });
    expect(row(1)).toEqual([
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 1, width: 17 },
    ]);
    expect(row(2)).toEqual([{ level: 2, index: 0, width: 1 }]);
    expect(row(3)).toEqual([]);
  });

  it('have no empty ones: 256 leaves are a full tile and one hash above', () => {
    expect(newTiles({ from: 0, to: 256 }).map(tilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
    expect(newTiles({ from: 0, to: 0 })).toEqual([]);
    expect(newTiles({ from: 300, to: 300 })).toEqual([]);
  });

  it('grow by the tiles that changed, and by no others', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(200_000), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const paths = (size: number) => new Set(newTiles({ from: 0, to: size }).map(tilePath));
        const before = paths(from);
        const added = [...paths(to)].filter((path) => !before.has(path));
        expect(newTiles({ from, to }).map(tilePath)).toEqual(added);
      }),
      { numRuns: 30 },
    );
  });

  it('are the golden log of another implementation', () => {
    const hashes = goldenLog.entries.slice(0, 3).map((entry) => hasher.leafHash(entry));
    const [, tile] = newTiles({ from: 0, to: 3 });
    expect(tileBytes(tile as TileId, nodeReaderOf(hashes, hasher))).toEqual(hexDecodeOrThrow(goldenLog.tile3.join('')));
  });
});

describe('a proof from tiles', () => {
  const nodes = nodeReaderOf(leaves, hasher);
  const asked = new Set<string>();
  const fromTiles = (size: number): NodeReader =>
    tileNodeReader(
      (tile) => {
        asked.add(tilePath(tile));
        return tileBytes(tile, nodes);
      },
      size,
      hasher,
    );

  it('holds for any leaf, and needs only tiles that were announced', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: leaves.length }), fc.maxSafeNat(), (size, any) => {
        const index = any % size;
        const plan = planInclusion({ index, size });
        asked.clear();
        const proof = assembleProof(plan, fromTiles(size), hasher);
        expect([...asked].sort()).toEqual(tilesOfPlan(plan, size).map(tilePath).sort());
        const root = rootOf(leaves.slice(0, size), hasher);
        const leafHash = leaves[index] as Uint8Array;
        expect(checkInclusion({ index, size, leafHash, proof, root }, hasher)).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  it('holds from any size to any later one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 3_000 }), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const proof = assembleProof(planConsistency({ from, to }), fromTiles(to), hasher);
        const at = (size: number) => ({ size, root: rootOf(leaves.slice(0, size), hasher) });
        expect(checkConsistency({ from: at(from), to: at(to), proof }, hasher)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it('is refused when a tile has not the bytes of its width', () => {
    const cutOff = tileNodeReader((tile) => tileBytes(tile, nodes).subarray(1), 300, hasher);
    expect(() => assembleProof(planInclusion({ index: 7, size: 300 }), cutOff, hasher)).toThrow(MalformedInput);
  });

  it('names no tile beyond the tree', () => {
    expect(tileHolding(1, 0, 256)).toEqual({ level: 1, index: 0, width: 1 });
    expect(() => tileHolding(1, 1, 511)).toThrow(RangeError);
    expect(() => tileHolding('entries', 300, 300)).toThrow(RangeError);
  });
});

describe('the partial tiles of a size', () => {
  it('are those of the tree that no full tile holds', () => {
    expect(partialTiles(0)).toEqual([]);
    expect(partialTiles(70_000).map(tilePath)).toEqual([
      'tile/entries/273.p/112',
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    expect(partialTiles(256).map(tilePath)).toEqual(['tile/1/000.p/1']);
    for (const size of [1, 255, 257, 512, 65_536, 65_793])
      expect(partialTiles(size)).toEqual(newTiles({ from: 0, to: size }).filter(({ width }) => width < 256));
  });

  it('are the start of the tiles that the tree has when it is larger', () => {
    const nodes = nodeReaderOf(leaves, hasher);
    for (const id of partialTiles(4_500).filter(({ level }) => level !== 'entries')) {
      const larger = tileHolding(id.level, id.index * 256, 4_600);
      expect(startOfTileOrThrow(tileBytes(larger, nodes), id)).toEqual(tileBytes(id, nodes));
      expect(() => startOfTileOrThrow(tileBytes(id, nodes).subarray(1), id)).toThrow(MalformedInput);
    }
  });
});
