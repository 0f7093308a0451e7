import { beforeAll, describe, expect, it } from '@jest/globals';
import { LineSweep } from '@aidtrail/domain';
import { leavesOf, sweptEvent, type ReadLeaf } from '@aidtrail/testing/reading';
import { liveWholeLife } from '@aidtrail/testing/whole-life';
import { countLeaf } from '../counting/count-leaf.js';
import type { CountedLeaf } from '../counting/counted-leaf.js';
import { openFigures, type FigureState } from '../counting/figure-state.js';
import { MONEY_STATE_KEYS, type FigureKey } from '../public-figures.js';
import { sha256 } from '../testing/leaves.testing.js';
import { cutFigures, type Publication } from './cut-figures.js';

let leaves: readonly ReadLeaf[];
let sweep: LineSweep;
let published: Publication;

/** Everything may be told at once: each voucher is enough, however large. */
function exactState(): FigureState {
  const setting = { log: 'ledger.example/test', currency: 'CNY', demo: true, k: 1 };
  return { ...openFigures(setting), rules: { k: 1, dominancePercent: 0 } };
}

beforeAll(async () => {
  const { h } = await liveWholeLife();
  leaves = await leavesOf(h.store);
  const state = exactState();
  sweep = new LineSweep();
  const batches = new Map(
    leaves.flatMap(({ leaf }) =>
      leaf.type === 'VoucherIssued' ? [[leaf.stream, (leaf.data as { readonly batch: string }).batch] as const] : [],
    ),
  );
  for (const read of leaves) {
    sweep.fold(sweptEvent(read));
    const leaf = { ...read.leaf, position: read.stored.position } as unknown as CountedLeaf;
    countLeaf(state, leaf, { batchOf: (voucher) => batches.get(`voucher-${voucher}`) });
  }
  published = cutFigures(state, { index: leaves.length, sha256 });
});

const valueOf = (key: FigureKey): number | undefined => {
  const total = published.figures.totals.find((each) => each.key === key);
  return total !== undefined && 'value' in total ? total.value : undefined;
};
const ofType = (type: string) => leaves.filter(({ leaf }) => leaf.type === type);
const sumOf = (type: string, member: string): number =>
  ofType(type).reduce((sum, { leaf }) => sum + ((leaf.data as Record<string, unknown>)[member] as number), 0);
const countOf = (type: string, where: (data: Readonly<Record<string, unknown>>) => boolean = () => true): number =>
  ofType(type).filter(({ leaf }) => where(leaf.data as Readonly<Record<string, unknown>>)).length;

describe('with k = 1 a life with every type of event in it', () => {
  it('is told as the fund lines know it', () => {
    const states = sweep.totals();
    const inTransit = valueOf('inTransitMinor') ?? 0;
    expect(MONEY_STATE_KEYS.map(valueOf)).toEqual([
      states.free,
      inTransit,
      states.committed + states.in_transit - inTransit,
      states.redeemed,
      states.recoverable,
      states.refund_reserved,
      states.refunded,
      states.administration_spent,
    ]);
    expect(valueOf('receivedMinor')).toBe(sweep.intakeMinor);
    expect(valueOf('feeMinor')).toBe(sweep.feesMinor);
    expect(valueOf('paidMinor')).toBe(sweep.paidMinor);
  });

  it('is told as its leaves add up', () => {
    const reissued = new Set<string>();
    const claimed = leaves.filter(({ leaf: { stream, type } }) => {
      if (type === 'VoucherReissued') reissued.add(stream);
      return type === 'VoucherClaimed' && !reissued.has(stream);
    });
    const expected: Partial<Record<FigureKey, number>> = {
      donationCount: sumOf('IntakeReceived', 'count'),
      fundedMinor: sumOf('BatchFunded', 'amountMinor'),
      issuedCount: countOf('VoucherIssued'),
      claimedCount: claimed.length,
      redemptionCount: countOf('VoucherRedeemed'),
      grossRedeemedMinor: sumOf('VoucherRedeemed', 'amountMinor'),
      reversedCount: countOf('RedemptionReversed'),
      reversedMinor: sumOf('RedemptionReversed', 'amountMinor'),
      endedCount: countOf('VoucherExpired') + countOf('VoucherCancelled'),
      returnedMinor: sumOf('FundsReturned', 'amountMinor') + sumOf('FundsRecovered', 'amountMinor'),
      heldSettlementCount: 0,
      disputedSettlementCount: 0,
      returnedPaymentCount: countOf('PaymentReturned'),
      suspendedMerchantCount: 1,
      revokedKeyCount: countOf('KeyRevoked'),
      correctionCount: countOf('CorrectionPublished'),
    };
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, valueOf(key as FigureKey)]))).toEqual(expected);
    expect(countOf('VoucherClaimed')).toBeGreaterThan(claimed.length);
    expect(countOf('VoucherRedeemed', ({ consent }) => consent === 'assisted')).toBe(1);
  });

  it('has every settlement in one status, and its correction with both notes', () => {
    const { corrections, settlements } = published.figures;
    const lines = settlements.byStatus.flatMap((line) => ('count' in line ? [[line.status, line.count]] : []));
    expect(lines).toEqual([
      ['paid', 1],
      ['reconciled', 1],
    ]);
    expect(corrections).toHaveLength(1);
    expect(corrections[0]).toMatchObject({ period: '2026-06', noteEn: expect.stringContaining('slip of the pen') });
  });

  it('has one campaign, in which everything happened', () => {
    const values = published.figures.breakdowns.map(({ cells, name, notToldApart, total }) => {
      const counts = cells.map((cell) => ('count' in cell ? cell.count : undefined));
      return [name, counts, 'count' in total ? total.count : undefined, notToldApart];
    });
    const none = { count: 0, amountMinor: 0 };
    const of = (measure: string, count: number | undefined) =>
      ['campaign', 'phase', 'county', 'month'].map((by) => [`${measure}-by-${by}`, [count], count, none]);
    expect(values).toEqual([...of('redeemed', valueOf('redemptionCount')), ...of('claimed', valueOf('claimedCount'))]);
  });
});
