import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StoreUnavailable } from '@aidtrail/event-store';
import { openCheckpointOrThrow, formatVkey, createNoteSigner } from '@aidtrail/public-log';
import { newSigner, treeHasher } from '@aidtrail/testing/ledger';
import { verifier } from '@aidtrail/testing/reading';
import type { SignedCheckpoint } from '../ports.js';
import { requireStoreHolds } from './checkpointer.js';
import { createMemoryCheckpointStore } from './memory-checkpoint-store.js';
import { K, LATE, SLOT, SlotWorld } from './slots.testing.js';

const MIDNIGHT = LATE + 1000;

describe('a slot', () => {
  it('in which nothing happened has no checkpoint, forced or not', async () => {
    const world = new SlotWorld();
    const checkpointer = world.checkpointer();
    expect(await checkpointer.tick()).toBeUndefined();
    expect(await checkpointer.tick({ force: true })).toBeUndefined();
    await world.caused('fund');
    expect((await checkpointer.tick())?.size).toBe(1);
    expect(await checkpointer.tick()).toBeUndefined();
    expect(await checkpointer.tick({ force: true })).toBeUndefined();
  });

  it('with fewer than k voucher events waits, whatever else happened, until there are k', async () => {
    const world = new SlotWorld();
    const checkpointer = world.checkpointer();
    await world.caused('voucher', K - 1);
    await world.caused('fund', 50);
    expect(await checkpointer.tick()).toBeUndefined();
    await world.caused('settlement');
    expect(await checkpointer.tick()).toBeUndefined();
    await world.caused('voucher');
    expect((await checkpointer.tick())?.size).toBe(K + 51);
    await world.caused('voucher', K - 1);
    expect(await checkpointer.tick()).toBeUndefined();
  });

  it('in which a day started has one', async () => {
    const world = new SlotWorld();
    const checkpointer = world.checkpointer();
    await world.caused('voucher');
    await checkpointer.tick();
    const bytes = new Uint8Array([1]);
    await world.store.append({
      stream: 'calendar-main',
      expectedVersion: 0,
      events: [{ id: '7d4c1d7e-0f0c-4c39-9e53-0a1a7f0f4a10', bytes }],
    });
    expect((await checkpointer.tick())?.size).toBe(2);
  });

  it('has one when the local day has ended, and when it is forced', async () => {
    const world = new SlotWorld();
    const checkpointer = world.checkpointer();
    world.now = LATE;
    await world.caused('voucher');
    expect(await checkpointer.tick()).toBeUndefined();
    world.now = MIDNIGHT;
    expect((await checkpointer.tick())?.size).toBe(1);
    await world.caused('voucher');
    expect(await checkpointer.tick()).toBeUndefined();
    expect((await checkpointer.tick({ force: true }))?.size).toBe(2);
  });
});

describe('the promise to publish', () => {
  it('is for two slots after the end of the local day, in whole seconds', () => {
    const world = new SlotWorld();
    world.now = LATE;
    expect(world.checkpointer().publishBy()).toBe('2026-06-01T16:30:00Z');
    expect(world.checkpointer({ slotMilliseconds: 100 }).publishBy()).toBe('2026-06-01T16:00:01Z');
    world.now = MIDNIGHT;
    expect(world.checkpointer().publishBy()).toBe('2026-06-02T16:30:00Z');
    expect(world.checkpointer({ utcOffsetMinutes: -30 }).publishBy()).toBe('2026-06-02T01:00:00Z');
  });

  it('is kept for an event that no tick saw before midnight', async () => {
    const world = new SlotWorld();
    const checkpointer = world.checkpointer();
    world.now = LATE;
    await world.promised('voucher', checkpointer.publishBy());
    world.now = MIDNIGHT + 500;
    expect((await checkpointer.tick())?.size).toBe(1);
  });

  it('is kept by another process, and after a restart on the next day', async () => {
    const world = new SlotWorld();
    await world.promised('voucher', world.checkpointer().publishBy());
    await world.caused('voucher');
    expect(await world.checkpointer().tick()).toBeUndefined();
    world.now = MIDNIGHT + 60_000;
    expect((await world.checkpointer().tick())?.size).toBe(2);
  });

  it('does not publish an event of the new day before its own day ends', async () => {
    const world = new SlotWorld();
    const checkpointer = world.checkpointer();
    world.now = LATE;
    await checkpointer.tick();
    world.now = MIDNIGHT + 1;
    await world.promised('voucher', checkpointer.publishBy());
    world.now = MIDNIGHT + SLOT;
    expect(await checkpointer.tick()).toBeUndefined();
  });

  const step = fc.record({
    wait: fc.integer({ min: 1, max: 6 * 3600_000 }),
    category: fc.constantFrom('voucher', 'voucher', 'fund'),
    restarts: fc.boolean(),
  });

  it('is kept by whoever ticks each slot, whatever happens when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const world = new SlotWorld();
        let checkpointer = world.checkpointer();
        const promises: { readonly index: number; readonly publishBy: number }[] = [];
        const tickUntil = async (time: number): Promise<void> => {
          while (world.now < time) {
            const nextSlot = (Math.floor(world.now / SLOT) + 1) * SLOT;
            world.now = Math.min(nextSlot, time);
            if (world.now === nextSlot) await checkpointer.tick();
            const { size } = await world.checkpoints.latest();
            const late = promises.filter(({ index, publishBy }) => index >= size && publishBy < world.now);
            expect(late).toStrictEqual([]);
          }
        };
        for (const { wait, category, restarts } of steps) {
          await tickUntil(world.now + wait);
          if (restarts) checkpointer = world.checkpointer();
          const publishBy = checkpointer.publishBy();
          promises.push({ index: await world.store.head(), publishBy: Date.parse(publishBy) });
          await world.promised(category, publishBy);
        }
        await tickUntil(world.now + 2 * 86_400_000);
        expect((await world.checkpoints.latest()).size).toBe(steps.length);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the tree', () => {
  it('has the root of RFC 6962’s definition at every size, also after restarts from the stored range', async () => {
    const world = new SlotWorld();
    let checkpointer = world.checkpointer();
    for (let size = 1; size <= 70; size += 1) {
      await world.caused('fund');
      if (size % 7 === 0) checkpointer = world.checkpointer();
      expect(await checkpointer.tick()).toMatchObject({ size, root: await world.naiveRoot(size) });
      expect(await world.checkpoints.rootAt(size)).toBe(await world.naiveRoot(size));
    }
  });

  it('is signed as a checkpoint note of this log', async () => {
    const world = new SlotWorld();
    const signer = createNoteSigner('ledger.example/test', newSigner());
    await world.caused('fund', 5);
    const signed = (await world.checkpointer({ signer }).tick()) as SignedCheckpoint;
    const { checkpoint } = openCheckpointOrThrow(signed.note, formatVkey(signer.key), verifier);
    expect(checkpoint).toMatchObject({ origin: 'ledger.example/test', size: 5, extensions: [] });
    expect(Buffer.from(checkpoint.root).toString('base64')).toBe(signed.root);
  });

  it('is extended in one line by two processes that tick at once', async () => {
    const world = new SlotWorld();
    const [one, other] = [world.checkpointer(), world.checkpointer()];
    const signed: SignedCheckpoint[] = [];
    for (let round = 0; round < 40; round += 1) {
      await world.caused('fund', 1 + (round % 3));
      const ticks = await Promise.all([one.tick(), other.tick(), round % 2 === 0 ? one.tick() : other.tick()]);
      signed.push(...ticks.filter((checkpoint) => checkpoint !== undefined));
    }
    expect(signed).toHaveLength(new Set(signed.map(({ size }) => size)).size);
    expect(signed.length).toBeGreaterThanOrEqual(40);
    expect(await world.forksIn(signed)).toStrictEqual([]);
  });

  it('is not signed by a process whose checkpoint was overtaken while it computed', async () => {
    const world = new SlotWorld();
    const overtaking = {
      ...world.checkpoints,
      add: async (...args: Parameters<typeof world.checkpoints.add>) => {
        await world.caused('fund');
        await world.checkpointer().tick();
        return world.checkpoints.add(...args);
      },
    };
    await world.caused('fund', 2);
    const slow = world.checkpointer({ checkpoints: overtaking });
    expect(await slow.tick()).toBeUndefined();
    expect(await world.checkpoints.newest()).toMatchObject({ size: 3, root: await world.naiveRoot(3) });
  });

  it('goes on after a fault in the middle of reading, and when the reply to `add` was lost', async () => {
    const world = new SlotWorld();
    await world.caused('fund', 9);
    let faults = 1;
    const store = Object.assign(Object.create(world.store) as typeof world.store, {
      async *readAll(options: Parameters<typeof world.store.readAll>[0]) {
        for await (const batch of world.store.readAll({ ...options, batchSize: 4 })) {
          yield batch;
          if (faults-- > 0) throw new StoreUnavailable('a planned fault');
        }
      },
      head: () => world.store.head(),
    });
    const memory = createMemoryCheckpointStore();
    let losses = 1;
    const checkpoints = {
      ...memory,
      add: async (...args: Parameters<typeof memory.add>) => {
        const added = await memory.add(...args);
        if (losses-- > 0) throw new Error('the reply was lost');
        return added;
      },
    };
    const checkpointer = world.checkpointer({ store, checkpoints });
    await expect(checkpointer.tick()).rejects.toThrow(StoreUnavailable);
    await expect(checkpointer.tick()).rejects.toThrow('lost');
    expect(await memory.newest()).toMatchObject({ size: 9, root: await world.naiveRoot(9) });
    expect(await checkpointer.tick()).toBeUndefined();
    await world.caused('fund');
    expect(await checkpointer.tick()).toMatchObject({ size: 10, root: await world.naiveRoot(10) });
  });

  it('is not extended over a position that the store skipped', async () => {
    const world = new SlotWorld();
    await world.caused('fund', 3);
    const skipping = Object.assign(Object.create(world.store) as typeof world.store, {
      head: () => world.store.head(),
      async *readAll(options: Parameters<typeof world.store.readAll>[0]) {
        for await (const batch of world.store.readAll(options)) yield batch.filter(({ position }) => position !== 1);
      },
    });
    await expect(world.checkpointer({ store: skipping }).tick()).rejects.toThrow('skipped a position');
    expect(await world.checkpoints.newest()).toBeUndefined();
  });
});

describe('before it serves, a ledger', () => {
  it('accepts a store that holds what was signed, or more', async () => {
    const world = new SlotWorld();
    await expect(requireStoreHolds(world.store, undefined, treeHasher)).resolves.toBeUndefined();
    await world.caused('fund', 6);
    await world.checkpointer().tick();
    const newest = await world.checkpoints.newest();
    await expect(requireStoreHolds(world.store, newest, treeHasher)).resolves.toBeUndefined();
    await world.caused('fund', 2);
    await expect(requireStoreHolds(world.store, newest, treeHasher)).resolves.toBeUndefined();
  });

  it('refuses an older copy of the store, and one with other events', async () => {
    const world = new SlotWorld();
    const restored = new SlotWorld();
    for (const events of [world, restored]) await events.caused('fund', 6);
    await world.checkpointer().tick();
    const newest = await world.checkpoints.newest();
    await expect(requireStoreHolds(new SlotWorld().store, newest, treeHasher)).rejects.toThrow('older copy');
    await expect(requireStoreHolds(restored.store, newest, treeHasher)).rejects.toThrow('does not match');
  });
});
