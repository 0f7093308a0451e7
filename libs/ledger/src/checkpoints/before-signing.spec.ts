import { describe, expect, it } from '@jest/globals';
import { BEFORE_SIGNING_MILLISECONDS } from './checkpointer.js';
import { K, SlotWorld } from './slots.testing.js';

/** What the publisher of the public figures appends. */
class FiguresWorld extends SlotWorld {
  private version = 0;

  async figures(): Promise<void> {
    const id = `7d4c1d7e-0f0c-4c39-9e53-${String(this.version).padStart(12, '0')}`;
    const bytes = new TextEncoder().encode(JSON.stringify({ command: { ref: id }, id }));
    await this.store.append({ stream: 'figures-main', expectedVersion: this.version, events: [{ id, bytes }] });
    this.version += 1;
  }
}

describe('what comes before a slot is signed', () => {
  it('is in the checkpoint of that slot', async () => {
    const world = new FiguresWorld();
    await world.caused('fund', 2);
    const signed = await world.checkpointer({ beforeSigning: () => world.figures() }).tick();
    expect(signed?.size).toBe(3);
    expect(signed?.root).toBe(await world.naiveRoot(3));
  });

  it('does not let a single redemption into the checkpoint that happened meanwhile', async () => {
    const world = new FiguresWorld();
    await world.caused('fund', 2);
    const checkpointer = world.checkpointer({ beforeSigning: () => world.caused('voucher') });
    const signed = await checkpointer.tick();
    expect(signed?.size).toBe(2);
    expect(signed?.root).toBe(await world.naiveRoot(2));
    expect(await checkpointer.tick()).toBeUndefined();
    await world.caused('voucher', K - 1);
    // And one that came while the slot was signed that had k.
    expect((await checkpointer.tick())?.size).toBe(2 + K + 1);
  });

  it('is not asked for while a slot waits, nor where there is nothing to sign', async () => {
    const world = new FiguresWorld();
    let asked = 0;
    const checkpointer = world.checkpointer({ beforeSigning: () => Promise.resolve(void (asked += 1)) });
    await checkpointer.tick();
    await world.caused('voucher', K - 1);
    await checkpointer.tick();
    expect(asked).toBe(0);
    await world.caused('voucher');
    await checkpointer.tick();
    expect(asked).toBe(1);
  });

  it('stops no checkpoint when it fails, and is told of', async () => {
    const world = new FiguresWorld();
    const faults: unknown[] = [];
    await world.caused('fund');
    const checkpointer = world.checkpointer({
      beforeSigning: () => Promise.reject(new Error('no figures')),
      onFault: (fault) => faults.push(fault),
    });
    expect((await checkpointer.tick())?.size).toBe(1);
    expect(faults).toEqual([new Error('no figures')]);
  });

  it('is not waited for without end', async () => {
    const world = new FiguresWorld();
    await world.caused('fund');
    const began = performance.now();
    const checkpointer = world.checkpointer({ beforeSigning: () => new Promise(() => undefined) });
    expect((await checkpointer.tick())?.size).toBe(1);
    expect(performance.now() - began).toBeLessThan(BEFORE_SIGNING_MILLISECONDS * 3);
  });
});

describe('leaves of the public figures', () => {
  it('cause no further slot where they came in time', async () => {
    const world = new FiguresWorld();
    let changed = true;
    const beforeSigning = async () => {
      if (changed) await world.figures();
      changed = false;
    };
    const checkpointer = world.checkpointer({ beforeSigning });
    await world.caused('fund');
    expect((await checkpointer.tick())?.size).toBe(2);
    expect(await checkpointer.tick()).toBeUndefined();
  });

  it('are in the next one where they came too late, without waiting for other leaves', async () => {
    const world = new FiguresWorld();
    const checkpointer = world.checkpointer();
    await world.caused('fund');
    expect((await checkpointer.tick())?.size).toBe(1);
    await world.figures();
    expect((await checkpointer.tick())?.size).toBe(2);
  });

  it('do not hurry a slot with fewer than k voucher events', async () => {
    const world = new FiguresWorld();
    const checkpointer = world.checkpointer();
    await world.caused('voucher', K - 1);
    await world.figures();
    expect(await checkpointer.tick()).toBeUndefined();
  });
});
