import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pooling } from '../release/dimension.js';
import { beginAnew, join } from '../release/pool.js';
import { strictPooling } from '../release/pooling.js';
import { emptyTally, mayBeTold } from '../release/tally.js';
import { equationsOf, findLeak, untrue } from './attacker.testing.js';
import { live, smallLife } from './small-life.testing.js';

const K = 4;
const SEED = 20_260_601;

interface Attack {
  readonly pooling?: Pooling;
  /** The k of the ledger, where it is not the attacker's. */
  readonly k?: number;
  readonly intervals: number;
  readonly runs: number;
}

/** Plays lives until the attacker finds something: what, and in which life. Empty if in none. */
function attack({ pooling = strictPooling, k = K, intervals, runs }: Attack): string {
  const found = fc.check(
    fc.property(smallLife(intervals), (life) => {
      const lived = live(life, { k, pooling });
      const wrong = untrue(lived, equationsOf(lived));
      if (wrong.length > 0) throw new Error(`untrue: ${wrong.join(', ')}`);
      const leak = findLeak(lived, K);
      if (leak !== undefined) throw new Error(`told: ${leak}`);
    }),
    { seed: SEED, numRuns: runs, includeErrorInReport: true },
  );
  return found.failed ? (fc.defaultReportMessage(found) ?? 'failed') : '';
}

const noComplement: Pooling = {
  /** What may not be told alone goes into the pool, and that is all. */
  fill(dimension, release) {
    const { rules } = release;
    for (const [cell, fresh] of Object.entries(dimension.fresh))
      if (!mayBeTold(fresh, rules)) {
        dimension.pool ??= { founded: release.number, fresh: emptyTally(), members: {} };
        join(dimension.pool, [{ cell, fresh }], release.number);
        Reflect.deleteProperty(dimension.fresh, cell);
      }
  },
  leave: strictPooling.leave,
};

const leaveAlone: Pooling = {
  fill: strictPooling.fill,
  /** Whoever may be told leaves, whatever that tells of those that stay. */
  leave(dimension, { rules }) {
    const { pool } = dimension;
    if (pool === undefined) return;
    for (const [cell, { whole }] of Object.entries(pool.members))
      if (mayBeTold(whole, rules)) Reflect.deleteProperty(pool.members, cell);
    if (Object.keys(pool.members).length === 0) delete dimension.pool;
    else beginAnew(pool);
  },
};

describe('an attacker who keeps all publications', () => {
  it('computes no sum of fewer than k vouchers', () => {
    expect(attack({ intervals: 4, runs: 40 })).toBe('');
  });

  it.each([
    ['no other cell goes in with a small one', { pooling: noComplement }],
    ['cells leave the pool by themselves', { pooling: leaveAlone }],
    ['k is one less', { k: K - 1 }],
  ])('computes one if %s', (_what, weaker) => {
    expect(attack({ ...weaker, intervals: 3, runs: 200 })).toContain('told: ');
  });
});
