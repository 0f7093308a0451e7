import { describe, expect, it } from '@jest/globals';
import { donationEventExamples as donation } from '../donation/donation.examples.js';
import { fundEventExamples as fund } from '../fund/fund.examples.js';
import { exampleUuid } from '../kernel/examples.js';
import type { AnyEvent } from '../schema/tables.js';
import { voucherEventExamples as voucher } from '../voucher/voucher.examples.js';
import { LineSweep } from './conservation.js';
import type { ConservationFinding } from './findings.js';

const general = `fund-${exampleUuid(0x101)}`;
const special = `fund-${exampleUuid(0x102)}`;
const administration = `fund-${exampleUuid(0x103)}`;
const batch = `batch-${exampleUuid(0x112)}`;
const first = 'voucher-first';
type Step = readonly [stream: string, event: AnyEvent];

const opened: readonly Step[] = [
  [general, fund.FundOpened()],
  [special, fund.FundOpened({ kind: 'campaign' })],
  [administration, fund.FundOpened({ kind: 'administration' })],
];
const begun: readonly Step[] = [...opened, [general, fund.IntakeReceived()]];
const funded: readonly Step[] = [...begun, [general, fund.BatchFunded()]];
const redeemed = voucher.VoucherRedeemed({ amountMinor: 200, segments: [[0, 200]] });
const issued: readonly Step[] = [
  ...funded,
  [first, voucher.VoucherIssued({ number: 0, interval: [0, 1_000] })],
  ['voucher-second', voucher.VoucherIssued({ number: 1, interval: [1_000, 1_000] })],
];
const used: readonly Step[] = [...issued, [first, redeemed]];

function sweep(steps: readonly Step[]): LineSweep {
  const swept = new LineSweep();
  for (const [position, [stream, event]] of steps.entries())
    swept.fold({ ...event, stream, position, id: `${position}`, day: '2026-11-02' });
  return swept;
}

/** Each breach of conservation, seeded into a log that is in order without it. */
const breaches: readonly (readonly [string, readonly Step[], Step, Partial<ConservationFinding>])[] = [
  [
    'a voucher spends the same fen twice',
    used,
    [first, redeemed],
    { code: 'wrong_state', line: batch, interval: [0, 200], expected: 'issued', actual: 'redeemed' },
  ],
  [
    'a voucher spends what another one holds',
    issued,
    [first, voucher.VoucherRedeemed({ amountMinor: 10, segments: [[995, 10]] })],
    { code: 'outside_voucher', line: batch, interval: [995, 10] },
  ],
  [
    'a voucher that nobody issued spends',
    funded,
    ['voucher-forged', redeemed],
    { code: 'voucher_unknown', line: 'voucher-forged' },
  ],
  [
    'two vouchers are issued on one interval',
    issued,
    ['voucher-third', voucher.VoucherIssued({ number: 1, interval: [1_000, 1_000] })],
    { code: 'wrong_state', expected: 'committed', actual: 'issued' },
  ],
  [
    'more is issued than was funded',
    issued,
    ['voucher-third', voucher.VoucherIssued({ number: 5, interval: [5_000, 1_000] })],
    { code: 'wrong_state', interval: [5_000, 1_000], actual: 'beyond the line' },
  ],
  [
    'a voucher of a batch without money is issued',
    begun,
    [first, voucher.VoucherIssued()],
    { code: 'line_unknown', line: batch },
  ],
  [
    'money is committed twice',
    funded,
    [general, fund.BatchFunded({ batch: exampleUuid(9) })],
    { code: 'wrong_state', line: general, interval: [0, 5_000], expected: 'free', actual: 'moved' },
  ],
  [
    'part of the same batch arrives again',
    funded,
    [general, fund.BatchFunded({ segments: [[5_000, 5_000]] })],
    { code: 'line_overlap', line: batch, expected: 5_000, actual: 0 },
  ],
  [
    'an intake leaves a gap',
    begun,
    [general, fund.IntakeReceived({ interval: [10_001, 10_000] })],
    { code: 'line_gap', line: general, expected: 10_000, actual: 10_001 },
  ],
  [
    'an intake takes addresses that are taken',
    begun,
    [general, fund.IntakeReceived({ interval: [9_999, 10_000] })],
    { code: 'line_overlap', line: general },
  ],
  [
    'an intake keeps a fen for itself',
    begun,
    [general, fund.IntakeReceived({ grossMinor: 10_001, interval: [10_000, 10_000] })],
    { code: 'amount_differs', line: general, expected: 10_001, actual: 10_000 },
  ],
  [
    'an event names another amount than its segments',
    begun,
    [general, fund.TransferSent({ amountMinor: 3_999 })],
    { code: 'amount_differs', expected: 4_000, actual: 3_999 },
  ],
  [
    'a transfer arrives that nobody sent',
    begun,
    [special, fund.TransferReceived({ fromFund: exampleUuid(0x101) })],
    { code: 'wrong_state', line: general, expected: 'in_transit', actual: 'free' },
  ],
  [
    'a fee arrives that no intake owes',
    begun,
    [administration, fund.FeeReceived()],
    { code: 'fee_not_due', line: administration, expected: 0, actual: 300 },
  ],
  [
    'funds return that no voucher gave back',
    issued,
    [general, fund.FundsReturned()],
    { code: 'wrong_state', line: batch, expected: 'in_transit', actual: 'issued' },
  ],
  [
    'funds are recovered that nobody owes',
    used,
    [general, fund.FundsRecovered()],
    { code: 'wrong_state', line: batch, expected: 'recoverable', actual: 'redeemed' },
  ],
  [
    'a reversal gives back what was not spent',
    issued,
    [first, voucher.RedemptionReversed({ segments: [[0, 500]] })],
    { code: 'wrong_state', expected: 'redeemed', actual: 'issued' },
  ],
  [
    'a refund takes committed money',
    funded,
    [general, fund.RefundReserved({ segments: [[0, 2_000]] })],
    { code: 'wrong_state', line: general, expected: 'free', actual: 'moved' },
  ],
  [
    'a refund is paid without a reservation',
    begun,
    ['donation-x', donation.DonationRefunded()],
    { code: 'refund_unknown' },
  ],
  [
    'a refund pays more than was reserved',
    [...begun, [general, fund.RefundReserved()]],
    ['donation-x', donation.DonationRefunded({ amountMinor: 2_001 })],
    { code: 'amount_differs', expected: 2_000, actual: 2_001 },
  ],
  [
    'a refund is paid out of a fund that reserved nothing for it',
    [...begun, [general, fund.RefundReserved()]],
    ['donation-x', donation.DonationRefunded({ funds: [exampleUuid(0x102)] })],
    { code: 'refund_unknown' },
  ],
  [
    'a reservation is released that was paid out',
    [...begun, [general, fund.RefundReserved()], ['donation-x', donation.DonationRefunded()]],
    [general, fund.RefundReleased()],
    { code: 'refund_unknown' },
  ],
  [
    'a fund closes with free money',
    begun,
    [general, fund.FundClosed()],
    { code: 'closed_with_money', line: general, actual: 10_000 },
  ],
  [
    'a fund closes with vouchers outstanding',
    [
      ...opened,
      [general, fund.IntakeReceived({ grossMinor: 5_000, interval: [0, 5_000] })],
      [general, fund.BatchFunded()],
    ],
    [general, fund.FundClosed()],
    { code: 'closed_with_money', line: batch, actual: 5_000 },
  ],
];

describe('the sweep', () => {
  it.each(breaches)('finds that %s', (_name, before, step, finding) => {
    expect(sweep(before).findings).toStrictEqual([]);
    const { findings } = sweep([...before, step]);
    expect(findings[0]).toMatchObject({ position: before.length, ...finding });
  });

  it('goes on after a finding, and still has each fen in exactly one state', () => {
    const swept = sweep([...used, [first, redeemed], [general, fund.FundsReturned()]]);
    const { outstanding: _part, ...states } = swept.totals();
    expect(swept.findings.length).toBeGreaterThan(1);
    expect(states.redeemed).toBe(200);
    expect(Object.values(states).every((amountMinor) => amountMinor >= 0)).toBe(true);
  });

  it('pays a refund out of the funds that it names; what another one reserved stays, and may be released', () => {
    const refund = exampleUuid(0x115);
    const swept = sweep([
      ...begun,
      [general, fund.TransferSent({ amountMinor: 700, segments: [[8_000, 700]] })],
      [
        special,
        fund.TransferReceived({
          fromFund: exampleUuid(0x101),
          amountMinor: 700,
          segments: [[8_000, 700]],
          interval: [0, 700],
        }),
      ],
      [general, fund.RefundReserved()],
      [special, fund.RefundReserved({ refund, amountMinor: 700, segments: [[0, 700]] })],
      ['donation-x', donation.DonationRefunded()],
    ]);
    const before = swept.totals();
    swept.fold({
      ...fund.RefundReleased({ refund, amountMinor: 700, segments: [[0, 700]] }),
      ...{ stream: special, position: 9, id: '9', day: '2026-11-02' },
    });
    expect([before.refunded, before.refund_reserved, swept.totals().refund_reserved]).toStrictEqual([2_000, 700, 0]);
    expect(swept.findings).toStrictEqual([]);
  });

  it('says what the money of a log is doing', () => {
    const swept = sweep([
      ...used,
      ['voucher-second', voucher.VoucherExpired({ amountMinor: 1_000, segments: [[1_000, 1_000]] })],
      [general, fund.RefundReserved()],
      [general, fund.TransferSent({ amountMinor: 500, segments: [[5_000, 500]] })],
    ]);
    expect(swept.totals()).toStrictEqual({
      free: 2_500,
      in_transit: 1_500,
      committed: 3_800,
      outstanding: 800,
      redeemed: 200,
      recoverable: 0,
      refund_reserved: 2_000,
      refunded: 0,
      administration_spent: 0,
    });
  });
});
