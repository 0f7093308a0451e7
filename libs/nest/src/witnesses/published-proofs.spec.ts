import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkConsistency } from '@aidtrail/public-log';
import { hasher, SignedWorld } from '../publisher/signed-world.testing.js';
import { proofFromTiles } from './published-proofs.js';
import { WitnessedLog } from './witnessed-log.testing.js';

let log: WitnessedLog;
beforeEach(async () => {
  log = await WitnessedLog.open();
});
afterEach(() => log.close());

describe('the proofs for witnesses', () => {
  it('are right between any two sizes, also where the partial tiles have gone', async () => {
    const world = new SignedWorld();
    const publisher = world.publisher(log.directory);
    const roots = new Map<number, Uint8Array>();
    for (const count of [1, 2, 252, 1, 1, 43, 400]) {
      await world.grow(count);
      await publisher.publish();
      const { size, root } = (await world.checkpoints.newest()) as { size: number; root: string };
      roots.set(size, Buffer.from(root, 'base64'));
    }
    for (const [from, fromRoot] of roots)
      for (const [to, toRoot] of roots) {
        if (from > to) continue;
        const proof = await proofFromTiles(
          { directory: log.directory, checkpoints: world.checkpoints, hasher },
          { from, to },
        );
        const claim = { from: { size: from, root: fromRoot }, to: { size: to, root: toRoot }, proof };
        expect([from, to, checkConsistency(claim, hasher)]).toEqual([from, to, undefined]);
      }
  });
});
