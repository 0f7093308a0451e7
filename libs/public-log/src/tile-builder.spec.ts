import { bytesEqual, MalformedInput, sha256, utf8Encode } from '@aidtrail/envelope';
import fc from 'fast-check';
import { createTreeHasher, rootOf } from './rfc6962.js';
import { TileBuilder } from './tile-builder.js';
import type { Tile } from './tile-rows.js';
import { tilePath, type TileId } from './tile-path.js';
import { newTiles, tileNodeReader } from './tiles.js';
import { assembleProof, planConsistency } from './proof-making.js';
import { checkConsistency } from './proof-checking.js';

const hasher = createTreeHasher(sha256);
const entries = Array.from({ length: 1_400 }, (_, i) => utf8Encode(`entry ${i}`));
const leaves = entries.map((entry) => hasher.leafHash(entry));

function built(size: number): { readonly builder: TileBuilder; readonly files: Map<string, Uint8Array> } {
  const builder = new TileBuilder(hasher);
  for (const entry of entries.slice(0, size)) builder.append(entry);
  return { builder, files: filesOf([...builder.takeFull(), ...builder.partials()]) };
}

function filesOf(tiles: readonly Tile[]): Map<string, Uint8Array> {
  return new Map(tiles.map(({ id, bytes }) => [tilePath(id), bytes]));
}

function reading(files: Map<string, Uint8Array>) {
  return (tile: TileId): Promise<Uint8Array> => {
    const bytes = files.get(tilePath(tile));
    return bytes === undefined ? Promise.reject(new Error(`no ${tilePath(tile)}`)) : Promise.resolve(bytes);
  };
}

const sizes = fc.integer({ min: 0, max: entries.length });

describe('the tiles that are built', () => {
  it('are those of the log, with the root of the tree', () => {
    for (const size of [0, 1, 2, 3, 255, 256, 257, 511, 512, 768, 1_023, 1_024, 1_399]) {
      const { builder, files } = built(size);
      expect([...files.keys()].sort()).toEqual(newTiles({ from: 0, to: size }).map(tilePath).sort());
      expect(builder.root()).toEqual(rootOf(leaves.slice(0, size), hasher));
    }
  });

  it('are the same, byte for byte, in one go and after a restart at any size', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const before = built(from);
        const resumed = await TileBuilder.restoreOrThrow(from, reading(before.files), hasher);
        expect(resumed.root()).toEqual(before.builder.root());
        for (const entry of entries.slice(from, to)) resumed.append(entry);
        const files = new Map([...before.files, ...filesOf(resumed.takeFull()), ...filesOf(resumed.partials())]);
        const whole = built(to);
        for (const [path, bytes] of whole.files)
          expect([path, bytesEqual(files.get(path) ?? new Uint8Array(), bytes)]).toEqual([path, true]);
        expect(resumed.root()).toEqual(whole.builder.root());
      }),
      { numRuns: 30 },
    );
  });

  it('prove that the log only grew', () => {
    const { files, builder } = built(1_337);
    const nodes = tileNodeReader((tile) => files.get(tilePath(tile)) as Uint8Array, 1_337, hasher);
    const proof = assembleProof(planConsistency({ from: 300, to: 1_337 }), nodes, hasher);
    const from = { size: 300, root: rootOf(leaves.slice(0, 300), hasher) };
    expect(checkConsistency({ from, to: { size: 1_337, root: builder.root() }, proof }, hasher)).toBeUndefined();
  });
});

describe('a log that is not what it was', () => {
  it('is not gone on from: a tile cut off, or an entry that is not its leaf', async () => {
    const { files } = built(300);
    const cutOff = new Map(files).set('tile/0/001.p/44', (files.get('tile/0/001.p/44') as Uint8Array).subarray(32));
    await expect(TileBuilder.restoreOrThrow(300, reading(cutOff), hasher)).rejects.toThrow(MalformedInput);
    const bundle = (files.get('tile/entries/001.p/44') as Uint8Array).slice();
    bundle[bundle.length - 1] = 0;
    const altered = new Map(files).set('tile/entries/001.p/44', bundle);
    await expect(TileBuilder.restoreOrThrow(300, reading(altered), hasher)).rejects.toThrow('not its leaf');
  });

  it('has another root when any hash was changed', async () => {
    const { files, builder } = built(600);
    for (const path of ['tile/0/002.p/88', 'tile/1/000.p/2']) {
      const tile = (files.get(path) as Uint8Array).slice();
      tile[33] = (tile[33] as number) ^ 1;
      const altered = TileBuilder.restoreOrThrow(600, reading(new Map(files).set(path, tile)), hasher);
      // Of the leaf hashes, the entries beside them tell it as well.
      const root = await altered.then((one) => one.root()).catch(() => undefined);
      expect(root).not.toEqual(builder.root());
    }
  });
});
