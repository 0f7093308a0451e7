import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryCheckpointStore, type StoredCheckpoint } from '@aidtrail/ledger';
import { rememberOutside, requireNotRolledBack } from './remembered-checkpoint.js';

const checkpoint = (size: number, root: string): StoredCheckpoint => ({
  size,
  root,
  note: `note ${size}`,
  range: { size, hashes: [] },
});

describe('the newest checkpoint is remembered outside the database', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aidtrail-checkpoint-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets a ledger start that holds what it has signed, also before the first checkpoint', async () => {
    const file = join(folder, 'newest-checkpoint.json');
    const store = rememberOutside(createMemoryCheckpointStore(), file);
    await requireNotRolledBack(store, file);
    expect(await store.add(checkpoint(3, 'a'), 0)).toBe(true);
    expect(await store.add(checkpoint(5, 'b'), 3)).toBe(true);
    await expect(requireNotRolledBack(store, file)).resolves.toBeUndefined();
  });

  it('warns when the file is gone although checkpoints were signed, and writes it with the next one', async () => {
    const file = join(folder, 'newest-checkpoint.json');
    const store = rememberOutside(createMemoryCheckpointStore(), file);
    expect(await requireNotRolledBack(store, file)).toBeUndefined();
    await store.add(checkpoint(3, 'a'), 0);
    await rm(file);
    expect(await requireNotRolledBack(store, file)).toMatch(/newest-checkpoint\.json is missing.* over 3 events/);
    await store.add(checkpoint(5, 'b'), 3);
    expect(await requireNotRolledBack(store, file)).toBeUndefined();
  });

  it('refuses a database that was put back to an older state, or holds another history', async () => {
    const file = join(folder, 'newest-checkpoint.json');
    const store = rememberOutside(createMemoryCheckpointStore(), file);
    await store.add(checkpoint(3, 'a'), 0);
    await store.add(checkpoint(5, 'b'), 3);
    const older = createMemoryCheckpointStore();
    await older.add(checkpoint(3, 'a'), 0);
    await expect(requireNotRolledBack(older, file)).rejects.toThrow(/older copy/);
    const forked = createMemoryCheckpointStore();
    await forked.add(checkpoint(5, 'c'), 0);
    await expect(requireNotRolledBack(forked, file)).rejects.toThrow(/another checkpoint/);
  });

  it('does not remember a checkpoint that the database did not take', async () => {
    const file = join(folder, 'newest-checkpoint.json');
    const inner = createMemoryCheckpointStore();
    const store = rememberOutside(inner, file);
    await store.add(checkpoint(5, 'b'), 0);
    expect(await store.add(checkpoint(9, 'z'), 3)).toBe(false);
    await expect(requireNotRolledBack(inner, file)).resolves.toBeUndefined();
  });
});
