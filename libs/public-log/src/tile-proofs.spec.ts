import { MalformedInput, sha256, utf8Encode } from '@aidtrail/envelope';
import { checkConsistency, checkInclusion } from './proof-checking.js';
import { createTreeHasher, rootOf } from './rfc6962.js';
import { TileBuilder } from './tile-builder.js';
import { proveConsistencyOrThrow, proveInclusionOrThrow, readEntryOrThrow, type ReadLogFile } from './tile-proofs.js';
import { tilePath } from './tile-path.js';

const hasher = createTreeHasher(sha256);
const entries = Array.from({ length: 700 }, (_, i) => utf8Encode(`entry ${i}`));
const hashes = entries.map((entry) => hasher.leafHash(entry));
const tree = (size: number) => ({ size, root: rootOf(hashes.slice(0, size), hasher) });

/** The files of a log, as a publisher leaves them that signed checkpoints of these sizes, and dropped what was filled up. */
function filesOf(sizes: readonly number[]): Map<string, Uint8Array> {
  const builder = new TileBuilder(hasher);
  const files = new Map<string, Uint8Array>();
  for (const size of sizes) {
    for (const entry of entries.slice(builder.size, size)) builder.append(entry);
    for (const { id, bytes } of builder.takeFull()) files.set(tilePath(id), bytes);
    for (const { id, bytes } of builder.partials()) files.set(tilePath(id), bytes);
  }
  for (const path of files.keys())
    if (files.has(path.replace(/\.p\/.*/, '')) && path.includes('.p/')) files.delete(path);
  return files;
}

const reading =
  (files: ReadonlyMap<string, Uint8Array>): ReadLogFile =>
  async (path) =>
    files.get(path);
const log = filesOf([17, 100, 300, 301, 513, 700]);
const read = reading(log);

describe('proofs from a published log', () => {
  it.each([
    [0, 700],
    [255, 700],
    [699, 700],
    [300, 301],
    [17, 100],
  ])('include leaf %i of %i, also where partial tiles were dropped', async (index, size) => {
    const leafHash = hashes[index] as Uint8Array;
    const proof = await proveInclusionOrThrow(read, { index, leafHash, checkpoint: tree(size) }, hasher);
    expect(checkInclusion({ index, leafHash, proof, ...tree(size) }, hasher)).toBeUndefined();
    expect(await readEntryOrThrow(read, { index, size })).toEqual(entries[index]);
  });

  it.each([
    [1, 700],
    [256, 700],
    [300, 513],
    [700, 700],
  ])('show that the tree of %i leaves is the beginning of that of %i', async (from, to) => {
    const proof = await proveConsistencyOrThrow(read, { from: tree(from), to: tree(to) }, hasher);
    expect(checkConsistency({ from: tree(from), to: tree(to), proof }, hasher)).toBeUndefined();
  });
});

describe('a log whose files are not its tree', () => {
  const inclusion = (files: ReadonlyMap<string, Uint8Array>) =>
    proveInclusionOrThrow(
      reading(files),
      { index: 600, leafHash: hashes[600] as Uint8Array, checkpoint: tree(700) },
      hasher,
    );

  it.each([...log.keys()].filter((path) => path.startsWith('tile/0/') || path.startsWith('tile/1/')))(
    'gives no proof: one bit of %s is another',
    async (path) => {
      const files = new Map(log);
      const bytes = Uint8Array.from(files.get(path) as Uint8Array);
      bytes[100 % bytes.length] = (bytes[100 % bytes.length] as number) ^ 1;
      files.set(path, bytes);
      // What the proof is not made from is not looked at: full tiles of leaf hashes, whose roots stand in the row above.
      const isUsed = path === 'tile/0/002.p/188' || path === 'tile/1/000.p/2';
      if (!isUsed) await expect(inclusion(files)).resolves.toBeDefined();
      else await expect(inclusion(files)).rejects.toThrow(MalformedInput);
    },
  );

  it('gives no proof: a tile is missing, or cut off', async () => {
    const missing = new Map(log);
    missing.delete('tile/0/002.p/188');
    await expect(inclusion(missing)).rejects.toThrow('tile/0/002.p/188 is missing');
    const cut = new Map(log).set('tile/0/002.p/188', (log.get('tile/0/002.p/188') as Uint8Array).subarray(1));
    await expect(inclusion(cut)).rejects.toThrow(MalformedInput);
  });

  it('gives no proof of another leaf, nor of a second history', async () => {
    const checkpoint = tree(700);
    const wrong = { index: 600, leafHash: hashes[601] as Uint8Array, checkpoint };
    await expect(proveInclusionOrThrow(read, wrong, hasher)).rejects.toThrow(MalformedInput);
    const other = { size: 300, root: rootOf(hashes.slice(1, 301), hasher) };
    await expect(proveConsistencyOrThrow(read, { from: other, to: checkpoint }, hasher)).rejects.toThrow(
      MalformedInput,
    );
    const same = { from: { ...checkpoint, root: other.root }, to: checkpoint };
    await expect(proveConsistencyOrThrow(read, same, hasher)).rejects.toThrow(MalformedInput);
  });
});
