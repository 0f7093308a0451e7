import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fenStates, RunLine, zeroTotals, type FenState } from './runs.js';

const state = fc.constantFrom(...fenStates);
const change = fc.record({ start: fc.nat(1_200), length: fc.integer({ min: 1, max: 90 }), from: state, to: state });

describe('a line of runs', () => {
  it('is what an array with one entry per fen would be, also when it has split into many blocks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), state), { minLength: 1, maxLength: 4 }),
        fc.array(change, { maxLength: 40 }),
        fc.boolean(),
        (parts, changes, shredded) => {
          const all = zeroTotals();
          const line = new RunLine(all);
          const naive: FenState[] = [];
          for (const [length, initial] of parts) {
            line.append(length, initial);
            naive.push(...Array<FenState>(length).fill(initial));
          }
          if (shredded)
            for (let at = 0; at < naive.length; at += 2) {
              line.change(at, 1, naive[at] as FenState, 'redeemed');
              naive[at] = 'redeemed';
            }
          for (const { start, length, from, to } of changes) {
            const wrong = line.change(start, length, from, to).reduce((sum, conflict) => sum + conflict.length, 0);
            let expected = 0;
            for (let at = start; at < start + length; at += 1) {
              if (naive[at] !== from) expected += 1;
              if (at < naive.length) naive[at] = to;
            }
            expect(wrong).toBe(expected);
          }
          expect(line.runs().flatMap(([, length, of]) => Array<FenState>(length).fill(of))).toStrictEqual(naive);
          for (const of of fenStates) expect(line.totals[of]).toBe(naive.filter((each) => each === of).length);
          expect(all).toStrictEqual(line.totals);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('names what was in another state, piece by piece, and what lies beyond its end', () => {
    const line = new RunLine(zeroTotals());
    line.append(10, 'issued');
    line.change(4, 2, 'issued', 'redeemed');
    expect(line.change(3, 9, 'issued', 'in_transit')).toStrictEqual([
      { start: 4, length: 2, actual: 'redeemed' },
      { start: 10, length: 2, actual: undefined },
    ]);
    expect(line.runs()).toStrictEqual([
      [0, 3, 'issued'],
      [3, 7, 'in_transit'],
    ]);
  });
});
