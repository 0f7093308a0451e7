import { describe, expect, it } from '@jest/globals';
import { exampleUuid } from '../kernel/examples.js';
import type { FundingMode } from '../kernel/fields.js';
import { settlementEventExamples } from '../settlement/settlement.examples.js';
import { voucherEventExamples as voucher } from '../voucher/voucher.examples.js';
import { reactToCutoff, type Movement } from './proposals.js';
import { reactToPayment } from './recovery.js';

const recorded = <E>(event: E, position: number) => ({
  ...event,
  id: exampleUuid(position),
  position,
  day: '2026-11-02',
});

describe('a cut-off', () => {
  const redeemed = (
    merchant: string,
    position: number,
    amountMinor: number,
    fundingMode: FundingMode = 'merchant-funded',
  ) => ({ merchant, event: recorded(voucher.VoucherRedeemed({ amountMinor, fundingMode }), position) }) as Movement;
  const reversed = (merchant: string, position: number, amountMinor: number, to: 'voucher' | 'fund' | 'recoverable') =>
    ({ merchant, event: recorded(voucher.RedemptionReversed({ amountMinor, to }), position) }) as Movement;
  const react = (movements: readonly Movement[], proposed: readonly string[] = []) =>
    reactToCutoff({
      proposed: new Set(proposed),
      cause: recorded({ type: 'CutoffSet' as const, data: { number: 2, from: 500, to: 900 } }, 950),
      movements,
      settlementIdOf: (merchant, mode, number) => `${merchant}-${mode}-${number}`,
      previousOf: (merchant) => (merchant === 'a' ? 'a-before' : undefined),
    });

  it('proposes in an order that does not say whose a settlement is', () => {
    const ids: Readonly<Record<string, string>> = { a: '3', b: '1', c: '2' };
    const effects = reactToCutoff({
      proposed: new Set(),
      cause: recorded({ type: 'CutoffSet' as const, data: { number: 2, from: 500, to: 900 } }, 950),
      movements: ['a', 'b', 'c'].map((merchant, i) => redeemed(merchant, 600 + i, 10)),
      settlementIdOf: (merchant) => ids[merchant] ?? '',
      previousOf: () => undefined,
    });
    expect(effects.map(({ stream }) => stream)).toEqual(['settlement-1', 'settlement-2', 'settlement-3']);
  });

  it('proposes one settlement for each merchant with movements', () => {
    const effects = react([
      redeemed('b', 600, 70),
      redeemed('a', 500, 100),
      reversed('a', 700, 10, 'voucher'),
      reversed('a', 701, 20, 'fund'),
      reversed('a', 702, 30, 'recoverable'),
      redeemed('a', 899, 1),
    ]);
    const window = { cutoff: 2, window: [500, 900], fundingMode: 'merchant-funded' };
    expect(effects).toStrictEqual([
      {
        index: 0,
        stream: 'settlement-a-merchant-funded-2',
        command: {
          type: 'ProposeSettlement',
          data: {
            settlement: 'a-merchant-funded-2',
            ...window,
            count: 2,
            grossMinor: 101,
            reversalsMinor: 60,
            recoverableMinor: 30,
          },
          private: { merchant: 'a', previous: 'a-before' },
        },
      },
      {
        index: 1,
        stream: 'settlement-b-merchant-funded-2',
        command: {
          type: 'ProposeSettlement',
          data: {
            settlement: 'b-merchant-funded-2',
            ...window,
            count: 1,
            grossMinor: 70,
            reversalsMinor: 0,
            recoverableMinor: 0,
          },
          private: { merchant: 'b' },
        },
      },
    ]);
  });

  it('goes on after the settlements that are there, whoever can be read by now', () => {
    const settlement = (merchant: string) => `${merchant}-merchant-funded-2`;
    const [a, b, c] = [redeemed('a', 600, 1), redeemed('b', 601, 2), redeemed('c', 602, 3)] as const;
    const indexes = (movements: readonly Movement[], proposed: readonly string[]) =>
      react(movements, proposed.map(settlement)).map(({ index, stream }) => [index, stream]);
    const rest = [[2, `settlement-${settlement('c')}`]];
    expect(indexes([a, b, c], ['a', 'b'])).toStrictEqual(rest);
    expect(indexes([b, c], ['a', 'b'])).toStrictEqual(rest);
    expect(indexes([a, b, c], ['b', 'c'])).toStrictEqual([[2, `settlement-${settlement('a')}`]]);
  });

  it('proposes nothing for prepaid redemptions, nor for leaves outside of the window', () => {
    expect(react([redeemed('a', 600, 1, 'prepaid'), redeemed('a', 499, 1), redeemed('a', 900, 1)])).toStrictEqual([]);
  });
});

describe('a payment', () => {
  const owed = (position: number, segments: [number, number][], batch = 'one') =>
    recorded(voucher.RedemptionReversed({ to: 'recoverable', batch, fund: 'home', segments }), position);
  const react = (recoveredMinor: number, recoveredBeforeMinor: number) =>
    reactToPayment({
      cause: recorded(settlementEventExamples.SettlementPaid({ recoveredMinor }), 900),
      settlement: 's',
      merchant: 'm',
      reversals: [
        owed(1, [[0, 50]]),
        recorded(voucher.RedemptionReversed(), 2),
        owed(3, [[9, 20]], 'two'),
        owed(4, [[70, 30]]),
      ],
      recoveredBeforeMinor,
    });
  const home = (batch: string, index: number, segments: [number, number][]) => ({
    index,
    stream: 'fund-home',
    command: {
      type: 'RecoverFunds',
      data: { fund: 'home', batch, segments, settlement: 's' },
      private: { merchant: 'm' },
    },
  });

  it('frees the fen that it netted, by fund and batch', () => {
    expect(react(100, 0)).toStrictEqual([
      home('one', 0, [
        [0, 50],
        [70, 30],
      ]),
      home('two', 1, [[9, 20]]),
    ]);
  });

  it('frees the oldest first, and goes on where the payment before it ended', () => {
    expect(react(40, 0)).toStrictEqual([home('one', 0, [[0, 40]])]);
    expect(react(25, 40)).toStrictEqual([home('one', 0, [[40, 10]]), home('two', 1, [[9, 15]])]);
    expect(react(35, 65)).toStrictEqual([home('two', 0, [[24, 5]]), home('one', 1, [[70, 30]])]);
  });

  it('that netted nothing has no effect', () => {
    expect(react(0, 40)).toStrictEqual([]);
  });

  it('brings home at most 500 segments at a time', () => {
    const pieces = Array.from({ length: 501 }, (_, i): [number, number] => [i * 2, 1]);
    const effects = reactToPayment({
      cause: recorded(settlementEventExamples.SettlementPaid({ recoveredMinor: 501 }), 900),
      settlement: 's',
      merchant: 'm',
      reversals: [owed(1, pieces.slice(0, 300)), owed(2, pieces.slice(300))],
      recoveredBeforeMinor: 0,
    });
    expect(
      effects.map(({ index, command }) => [index, command.type === 'RecoverFunds' && command.data.segments.length]),
    ).toStrictEqual([
      [0, 500],
      [1, 1],
    ]);
  });
});
