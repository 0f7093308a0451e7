import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { exampleBase64 } from '../kernel/examples.js';
import { expectToPack } from '../kernel/packing.testing.js';
import { voucherConcept } from './voucher.decider.js';
import type { VoucherEvent } from './voucher.events.js';
import { voucherEventExamples as example } from './voucher.examples.js';

const interval = fc.tuple(fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 33 }));
const segments = fc.array(interval, { minLength: 1, maxLength: 6 });
const holder = fc.nat(9).map(exampleBase64);
/** Ids of the events before, so that reversals meet redemptions. */
const earlier = fc.nat(8).map((n) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`);
const withAndWithoutDisclosures = (event: fc.Arbitrary<VoucherEvent>): fc.Arbitrary<VoucherEvent> =>
  fc.tuple(event, fc.boolean()).map(([whole, isOpen]) => {
    if (isOpen || !('private' in whole)) return whole;
    const { private: _, ...open } = whole;
    return open;
  });

const event = withAndWithoutDisclosures(
  fc.oneof(
    fc.tuple(interval, fc.maxSafeNat()).map(([of, number]) => example.VoucherIssued({ interval: of, number })),
    holder.map((key) => example.VoucherClaimed({ holder: key })),
    fc
      .tuple(segments, fc.constantFrom('merchant-funded' as const, 'prepaid' as const))
      .map(([of, fundingMode]) => example.VoucherRedeemed({ segments: of, fundingMode })),
    fc
      .tuple(segments, earlier, fc.constantFrom('voucher' as const, 'fund' as const, 'recoverable' as const))
      .map(([of, redemption, to]) => example.RedemptionReversed({ segments: of, redemption, to })),
    segments.map((of) => example.VoucherExpired({ segments: of })),
    segments.map((of) => example.VoucherCancelled({ segments: of })),
    holder.map((formerHolder) => example.VoucherReissued({ formerHolder })),
  ),
);

describe('a packed voucher', () => {
  it('is the same voucher, whatever happened to it, with and without disclosures', () => {
    const life = fc.array(event, { maxLength: 12 });
    fc.assert(fc.property(life, (events) => expectToPack(voucherConcept, [example.VoucherIssued(), ...events])));
  });

  it('is the same voucher after more redemptions than seven bits count', () => {
    const many = Array.from({ length: 130 }, (_, i) => example.VoucherRedeemed({ segments: [[30_000 + 2 * i, 1]] }));
    expectToPack(voucherConcept, [example.VoucherIssued(), example.VoucherClaimed(), ...many]);
  });
});
