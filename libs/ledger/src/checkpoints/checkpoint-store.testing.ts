import { expect, it } from '@jest/globals';
import { EMPTY_CHECKPOINT, EMPTY_ROOT } from './memory-checkpoint-store.js';
import type { CheckpointStore, StoredCheckpoint } from './checkpointer.js';

/** What every checkpoint store promises. `open` gives an empty one, and further processes on the same data. */
export function itKeepsCheckpoints(
  open: () => Promise<{ readonly store: CheckpointStore; readonly besides: () => Promise<CheckpointStore> }>,
): void {
  it('begins with the empty tree', async () => {
    const { store } = await open();
    expect(await store.newest()).toBeUndefined();
    expect(await store.latest()).toStrictEqual(EMPTY_CHECKPOINT);
    expect(await store.rootAt(0)).toBe(EMPTY_ROOT);
    expect(await store.rootAt(1)).toBeUndefined();
  });

  it('returns what was added, in this process and in another', async () => {
    const { store, besides } = await open();
    expect(await store.add(checkpoint(3), 0)).toBe(true);
    expect(await store.add(checkpoint(7), 3)).toBe(true);
    for (const reader of [store, await besides()]) {
      expect(await reader.newest()).toStrictEqual(checkpoint(7));
      expect(await reader.latest()).toMatchObject({ size: 7, root: root(7), note: 'note 7' });
      expect([await reader.rootAt(0), await reader.rootAt(3), await reader.rootAt(7)]).toStrictEqual([
        EMPTY_ROOT,
        root(3),
        root(7),
      ]);
      expect(await reader.rootAt(5)).toBeUndefined();
      expect([await reader.noteAt(3), await reader.noteAt(7)]).toStrictEqual(['note 3', 'note 7']);
      expect([await reader.noteAt(0), await reader.noteAt(5)]).toStrictEqual([undefined, undefined]);
    }
  });

  it('knows the root of a size beyond 32 bits', async () => {
    const { store } = await open();
    expect(await store.add(checkpoint(2 ** 40), 0)).toBe(true);
    expect((await store.newest())?.size).toBe(2 ** 40);
    expect(await store.rootAt(Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  it('adds nothing on another base, of the same size or of a smaller one', async () => {
    const { store } = await open();
    await store.add(checkpoint(5), 0);
    for (const [size, base] of [
      [9, 0],
      [9, 4],
      [9, 6],
      [5, 5],
      [4, 5],
      [5, 0],
    ] as const) {
      expect(await store.add({ ...checkpoint(size), root: root(99) }, base)).toBe(false);
    }
    expect(await store.newest()).toStrictEqual(checkpoint(5));
    expect(await store.rootAt(5)).toBe(root(5));
    expect(await store.rootAt(9)).toBeUndefined();
  });

  it('lets one of many extend a checkpoint, whatever process they are in', async () => {
    const { store, besides } = await open();
    const processes = [store, await besides(), await besides()];
    const all = Array.from({ length: 12 }, (_, i) => ({ ...checkpoint(10 + i), note: `note of process ${i % 3}` }));
    const added = await Promise.all(all.map((next, i) => (processes[i % 3] as CheckpointStore).add(next, 0)));
    expect(added.filter(Boolean)).toHaveLength(1);
    const winner = all[added.indexOf(true)];
    for (const reader of processes) expect(await reader.newest()).toStrictEqual(winner);
  });
}

function checkpoint(size: number): StoredCheckpoint {
  return {
    size,
    root: root(size),
    note: `note ${size}`,
    range: { size, hashes: [root(size + 1), root(size + 2)] },
  };
}

function root(size: number): string {
  return Buffer.alloc(32, size % 251).toString('base64');
}
