import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTrace } from './trace.js';
import { endsOf, waysOf } from './ways.js';
import { aBatch, aFund, traceOfOneGift } from './ways.examples.js';

describe('the ways of a gift', () => {
  it('are each fen once, and together the gift', () => {
    const { addsUp, root, sumMinor } = waysOf(traceOfOneGift);
    expect(sumMinor).toBe(100_000n);
    expect(addsUp).toBe(true);
    expect(endsOf(root).map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['feeInTransit', 1_000],
      ['feeUnspent', 1_500],
      ['feeSpent', 500],
      ['free', 10_000],
      ['refunded', 500],
      ['paid', 45_000],
      ['unpaid', 15_000],
      ['unspent', 20_000],
      ['unclaimed', 6_000],
      ['returning', 400],
      ['recoverable', 100],
    ]);
  });

  it('do not add up if any one figure of the answer is another', () => {
    const numbersOf = (value: unknown, path: readonly (string | number)[]): (readonly (string | number)[])[] =>
      typeof value === 'number'
        ? [path]
        : typeof value === 'object' && value !== null
          ? Object.entries(value).flatMap(([name, member]) => numbersOf(member, [...path, name]))
          : [];
    /** These say how, not how much. */
    const noPart = /^(k|asOf|groups|goods|weeks|merchants|bankDays|batches,0,(vouchersTouched|returnedMinor|settled))/;
    const paths = numbersOf(traceOfOneGift, []).filter((path) => !noPart.test(path.join()));
    expect(paths.length).toBeGreaterThan(15);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.integer({ min: -50_000, max: 50_000 }), (path, more) => {
        fc.pre(more !== 0);
        const trace = structuredClone(traceOfOneGift) as unknown as Record<string, unknown>;
        let place = trace;
        for (const name of path.slice(0, -1)) place = place[name] as Record<string, unknown>;
        const last = path.at(-1) as string;
        place[last] = (place[last] as number) + more;
        expect(waysOf(trace as never).addsUp).toBe(false);
      }),
    );
  });

  it('do not add up if more is said to be paid than was redeemed', () => {
    const batches = [aBatch({ redeemedMinor: 100, settled: [{ name: 'paid', amountMinor: 150 }] })];
    const trace = { ...traceOfOneGift, grossMinor: 100, feeMinor: 0, feeInTransitMinor: 0, funds: [aFund()], batches };
    expect(waysOf(trace)).toMatchObject({ sumMinor: 100n, addsUp: false });
  });

  it('lose no batch of a fund that the answer does not name', () => {
    const trace = {
      ...traceOfOneGift,
      batches: [...traceOfOneGift.batches, aBatch({ fund: 'elsewhere', redeemedMinor: 5 })],
    };
    expect(waysOf({ ...trace, grossMinor: trace.grossMinor + 5 }).addsUp).toBe(false);
  });
});

describe('a server’s answer', () => {
  const answer = {
    ...traceOfOneGift,
    status: 'traced',
    evidence: { leafIndex: 7, disclosures: ['abc'] },
    groups: { level: 'group', cells: [{ cell: 'elderly', vouchers: 30 }], restVouchers: 11 },
    goods: {
      ...traceOfOneGift.goods,
      cells: traceOfOneGift.goods.cells.map(({ amountMinor, name: cell }) => ({ cell, amountMinor })),
    },
    weeks: { level: 'week', cells: [{ cell: '2026-06-01', amountMinor: 60_000 }], restMinor: 0 },
    merchants: { level: 'merchant', cells: [{ cell: 'an-id', label: '青溪超市', amountMinor: 1 }], restMinor: 2 },
    bankDays: { level: 'month', cells: [{ cell: '2026-06', amountMinor: 45_000 }], restMinor: 0 },
    batches: traceOfOneGift.batches.map(({ settled, ...part }) => ({
      ...part,
      redeemedBySettlement: settled.map(({ name: status, amountMinor }) => ({ status, amountMinor })),
    })),
  };

  it('is read as the trace that it is', () => {
    expect(readTrace(answer)).toEqual({
      ...traceOfOneGift,
      merchants: { level: 'merchant', cells: [{ name: '青溪超市', amountMinor: 1 }], restMinor: 2 },
      evidence: { leafIndex: 7, disclosures: ['abc'] },
    });
  });

  it.each([
    ['nothing', undefined],
    ['a page of HTML', '<html>'],
    ['an amount beyond what JSON carries exactly', { ...answer, grossMinor: 2 ** 53 }],
    ['a fraction', { ...answer, feeMinor: 0.5 }],
    ['an amount in words', { ...answer, grossMinor: '1e5' }],
    ['a part that is missing', { ...answer, funds: undefined }],
    ['a table that is missing', { ...answer, weeks: undefined }],
    ['a table of groups without counts', { ...answer, groups: { ...answer.groups, restVouchers: undefined } }],
    ['a part of another shape', { ...answer, batches: [{}] }],
  ])('is not understood if it is %s', (_name, value) => expect(readTrace(value)).toBeUndefined());
});
