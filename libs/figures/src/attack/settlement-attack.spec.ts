import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SettlementStatus } from '../counting/settlement-book.js';
import type { SettlementFigures } from '../public-figures.js';
import { cutFigures } from '../publication/cut-figures.js';
import { LeavesForSpecs, sha256 } from '../testing/leaves.testing.js';
import { RowSpace } from './row-space.testing.js';

const K = 10;
const SETTLEMENTS = 6;

/** The events that move a settlement on, as far as it may go. */
const MOVES: Partial<Record<SettlementStatus, readonly string[]>> = {
  proposed: ['SettlementPrepared', 'SettlementHeld'],
  prepared: ['SettlementApproved', 'SettlementDisputed'],
  disputed: ['SettlementPrepared'],
  approved: ['PaymentInstructed'],
  held: ['SettlementReleased'],
  instructed: ['SettlementPaid', 'PaymentFailed'],
  'payment-failed': ['PaymentInstructed'],
  paid: ['SettlementReconciled', 'PaymentReturned'],
  'payment-returned': ['PaymentInstructed'],
};

const life = fc.record({
  redemptions: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 40 })), {
    minLength: SETTLEMENTS,
    maxLength: SETTLEMENTS,
  }),
  steps: fc.array(fc.array(fc.nat(SETTLEMENTS * 2 - 1), { maxLength: 8 }), { minLength: 6, maxLength: 6 }),
});

/** Which settlements are in each published sum, by what the counter told of them. */
function play({ redemptions, steps }: typeof life extends fc.Arbitrary<infer L> ? L : never) {
  const log = new LeavesForSpecs(K, []);
  const book = log.state.settlements;
  const sums: { readonly line: string; readonly inside: readonly number[] }[] = [];
  const published: SettlementFigures[] = [];
  for (const [day, moves] of steps.entries()) {
    log.day(`2026-06-${String(1 + day * 4).padStart(2, '0')}`);
    if (day < 2) {
      log.take('CutoffSet', 'cutoff-main', { number: day + 1 });
      for (const [i, count] of redemptions.entries())
        if (i % 2 === day)
          log.take('SettlementProposed', `settlement-${i}`, {
            cutoff: day + 1,
            count,
            grossMinor: count * 100,
            reversalsMinor: 0,
          });
    }
    for (const move of moves) {
      const which = move % SETTLEMENTS;
      const known = book.open[which];
      const possible = known === undefined ? [] : (MOVES[known.status] ?? []);
      const type = possible[Math.floor(move / SETTLEMENTS) % Math.max(1, possible.length)];
      const netMinor = (redemptions[which] ?? 0) * 100;
      if (type !== undefined) log.take(type, `settlement-${which}`, { netMinor });
    }
    const { figures } = cutFigures(log.state, { index: log.mark(), sha256 });
    published.push(figures.settlements);
    sums.push(...sumsIn(log, figures.settlements, redemptions.length));
  }
  return { sums, published };
}

function sumsIn(log: LeavesForSpecs, { byStatus }: SettlementFigures, all: number) {
  const { closed, open } = log.state.settlements;
  const lines = byStatus.flatMap((line) => ('count' in line ? [line.status] : []));
  const told = (i: number) => open[i]?.told?.status;
  const isClosed = (i: number) =>
    open[i] === undefined && (closed?.count ?? 0) > 0 && log.counted.some(({ stream }) => stream === `settlement-${i}`);
  const numbers = Array.from({ length: all }, (_, i) => i);
  return lines.map((line) => ({
    line,
    inside: numbers.filter((i) => told(i) === line || (line === 'reconciled' && isClosed(i))),
  }));
}

describe('an attacker who keeps what was published of settlements', () => {
  it('computes none that covers fewer than k redemptions, alone or with others', () => {
    const property = fc.property(life, (lived) => {
      const { published, sums } = play(lived);
      const space = new RowSpace();
      for (const { inside } of sums) space.add(lived.redemptions.map((_, i) => (inside.includes(i) ? 1 : 0)));
      for (const figures of published)
        for (const line of [...figures.byStatus, ...figures.ageing])
          if ('count' in line && line.count > 0) expect(line.redemptionCount).toBeGreaterThanOrEqual(K);
      for (let chosen = 1; chosen < 2 ** SETTLEMENTS; chosen += 1) {
        const inside = lived.redemptions.flatMap((_, i) => (((chosen >> i) & 1) === 1 ? [i] : []));
        const covered = inside.reduce((sum, i) => sum + (lived.redemptions[i] ?? 0), 0);
        if (covered < K) expect(space.determines(inside)).toBe(false);
      }
    });
    fc.assert(property, { seed: 20_260_604, numRuns: 150 });
  });

  it('sees what covers enough at once, and later what joins it', () => {
    const { published } = play({ redemptions: [30, 20, 30, 20, 30, 20], steps: [[0, 2], [], [], [], [], []] });
    const lines = published.map(({ byStatus }) =>
      byStatus.flatMap((line) => ('count' in line ? [[line.status, line.count]] : [])),
    );
    expect(lines[0]).toEqual([
      ['proposed', 1],
      ['prepared', 2],
    ]);
    expect(lines[1]).toEqual([
      ['proposed', 4],
      ['prepared', 2],
    ]);
  });
});
