import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { exampleUuid } from '../kernel/examples.js';
import { expectToPack } from '../kernel/packing.testing.js';
import { donationConcept } from './donation.decider.js';
import type { DonationEvent } from './donation.events.js';
import { donationEventExamples as example } from './donation.examples.js';

const amountMinor = fc.integer({ min: 1, max: 2 ** 40 });
const received = example.DonationReceived();
const { private: disclosed, ...open } = received;
const first: fc.Arbitrary<DonationEvent> = fc
  .tuple(amountMinor, fc.nat(2 ** 40), fc.constantFrom('closed', 'disclosed', 'without interval', 'named'))
  .map(([amount, start, kind]): DonationEvent => {
    const interval: [number, number] = [start, amount];
    if (kind === 'closed') return open;
    if (kind === 'named')
      return { ...open, data: { ...open.data, named: { amountMinor: amount, interval, name: '\u5927\u56fd Ltd.' } } };
    const { interval: _, ...rest } = { ...disclosed, channel: 'page', feeMinor: 0, paymentReference: 'x' };
    return { ...open, private: { ...rest, amountMinor: amount, ...(kind === 'disclosed' ? { interval } : {}) } };
  });
const later: fc.Arbitrary<DonationEvent> = fc.oneof(
  fc
    .tuple(amountMinor, fc.nat(50))
    .map(([amount, n]) => example.DonationRefunded({ amountMinor: amount, refund: exampleUuid(n) })),
  fc.constant(example.DonationReceiptIssued()),
  fc.constant(example.RefundsWithdrawn()),
  first,
);

describe('a packed donation', () => {
  it('is the same donation, whatever is known of it and happened to it', () => {
    fc.assert(
      fc.property(first, fc.array(later, { maxLength: 8 }), (begin, events) =>
        expectToPack(donationConcept, [begin, ...events]),
      ),
    );
  });
});
