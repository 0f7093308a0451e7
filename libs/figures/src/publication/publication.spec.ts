import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CAMPAIGNS, playInto, smallLife, type SmallLife } from '../attack/small-life.testing.js';
import { countLeaf } from '../counting/count-leaf.js';
import type { FigureState } from '../counting/figure-state.js';
import { MONEY_STATE_KEYS, type PublicFigures } from '../public-figures.js';
import { LeavesForSpecs, lookupsForSpecs, sha256 } from '../testing/leaves.testing.js';
import { cutFigures, figuresBytes, type Publication } from './cut-figures.js';
import { figuresWouldChange } from './would-change.js';

const K = 4;
const SEED = { seed: 20_260_602, numRuns: 40 };

/** What else happens to money and vouchers between two cuts. */
const movements = fc.record({
  given: fc.nat(5000),
  funded: fc.nat(4000),
  reversed: fc.array(fc.record({ voucher: fc.nat(9), amountMinor: fc.integer({ min: 1, max: 90 }) }), { maxLength: 6 }),
  isOwed: fc.boolean(),
  returned: fc.array(fc.nat(9), { maxLength: 6 }),
  recovered: fc.nat(3),
});
const movingLife = fc.record({ sales: smallLife(4), moved: fc.array(movements, { minLength: 4, maxLength: 4 }) });
type Movements = typeof movements extends fc.Arbitrary<infer M> ? M : never;

function play({ sales, moved }: { readonly sales: SmallLife; readonly moved: readonly Movements[] }) {
  const log = new LeavesForSpecs(K, CAMPAIGNS);
  const publications: Publication[] = [];
  playInto(log, sales, (interval) => {
    move(log, moved[interval] as Movements);
    publications.push(cutFigures(log.state, { index: log.mark(), sha256 }));
  });
  return { log, publications };
}

function move(log: LeavesForSpecs, { funded, given, isOwed, recovered, returned, reversed }: Movements): void {
  log.take('IntakeReceived', 'fund-1', { count: 1, grossMinor: given, feeMinor: 0 });
  log.take('BatchFunded', 'fund-1', { amountMinor: funded });
  for (const { amountMinor, voucher } of reversed)
    log.take('RedemptionReversed', `voucher-c1x${voucher}`, { amountMinor, to: isOwed ? 'recoverable' : 'voucher' });
  if (returned.length > 0)
    log.take('FundsReturned', 'fund-1', { batch: 'of-c1', segments: returned.map((i) => [i * 1000, 10]) });
  for (let i = 0; i < recovered; i += 1)
    log.take('FundsRecovered', 'fund-1', { batch: 'of-c1', segments: [[i * 1000, 5]] });
}

function moneyOf({ totals }: PublicFigures) {
  const value = (key: string): number | undefined => {
    const total = totals.find((each) => each.key === key);
    return total !== undefined && 'value' in total ? total.value : undefined;
  };
  return { received: value('receivedMinor'), states: MONEY_STATE_KEYS.map(value) };
}

describe('every publication', () => {
  it('adds up: the states to what was received, the cells and what is not told apart to the total', () => {
    const property = fc.property(movingLife, (life) => {
      for (const { figures } of play(life).publications) {
        const { received, states } = moneyOf(figures);
        if (!states.includes(undefined)) expect(sum(states as number[])).toBe(received);
        for (const { cells, notToldApart, total } of figures.breakdowns) {
          if (!('count' in total)) continue;
          const shown = cells.flatMap((cell) => ('count' in cell ? [cell] : []));
          expect(sum(shown.map(({ count }) => count)) + (notToldApart?.count ?? 0)).toBe(total.count);
          expect(sum(shown.map((cell) => cell.amountMinor)) + (notToldApart?.amountMinor ?? 0)).toBe(total.amountMinor);
          expect(Math.min(notToldApart?.count ?? 0, notToldApart?.amountMinor ?? 0)).toBeGreaterThanOrEqual(0);
        }
      }
    });
    fc.assert(property, SEED);
  });

  it('follows from the leaves alone, and from a state that was written down and read again', () => {
    const property = fc.property(movingLife, fc.nat(), (life, where) => {
      const { log, publications } = play(life);
      let state: FigureState = new LeavesForSpecs(K, []).state;
      const again: string[] = [];
      for (const leaf of log.counted.slice(1)) {
        if (leaf.position === where % log.size) state = JSON.parse(JSON.stringify(state)) as FigureState;
        if (leaf.type === 'FiguresCut') again.push(textOf(cutFigures(state, { index: leaf.position, sha256 }).figures));
        countLeaf(state, leaf, lookupsForSpecs);
      }
      expect(again).toEqual(publications.map(({ figures }) => textOf(figures)));
      expect(state).toEqual(log.state);
    });
    fc.assert(property, SEED);
  });

  it('holds money states to none that is negative', () => {
    const property = fc.property(movingLife, (life) => {
      for (const { figures } of play(life).publications)
        for (const state of moneyOf(figures).states) expect(state ?? 0).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, SEED);
  });

  it('names the one before it by the digest of its bytes', () => {
    const { publications } = play({ sales: [[], [], [], []], moved: Array<Movements>(4).fill(nothing) });
    const [first, second] = publications.map(({ figures }) => figures) as [PublicFigures, PublicFigures];
    expect(first.previous).toBeUndefined();
    expect(second.previous).toBe(Buffer.from(sha256(figuresBytes(first))).toString('base64'));
  });
});

const nothing: Movements = { given: 0, funded: 0, reversed: [], isOwed: false, returned: [], recovered: 0 };

describe('whether a cut would say anything', () => {
  it('is asked without moving the state on', () => {
    const log = new LeavesForSpecs(K, CAMPAIGNS);
    const before = JSON.stringify(log.state);
    expect(figuresWouldChange(log.state)).toBe(true);
    expect(JSON.stringify(log.state)).toBe(before);
  });

  it('is not said of a new day, nor of what is held back', () => {
    const log = new LeavesForSpecs(K, CAMPAIGNS);
    cutFigures(log.state, { index: log.mark(), sha256, erasureCount: 3 });
    log.day('2026-06-02');
    for (let voucher = 0; voucher < K - 1; voucher += 1) log.redeem({ campaign: 'c1', voucher, amountMinor: 100 });
    expect(figuresWouldChange(log.state)).toBe(false);
    log.redeem({ campaign: 'c1', voucher: K, amountMinor: 100 });
    expect(figuresWouldChange(log.state)).toBe(true);
    cutFigures(log.state, { index: log.mark(), sha256 });
    expect(figuresWouldChange(log.state)).toBe(false);
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function textOf(figures: PublicFigures): string {
  return Buffer.from(figuresBytes(figures)).toString();
}
