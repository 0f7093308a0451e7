import { describe, expect, it } from '@jest/globals';
import { donationEventExamples } from '../donation/donation.examples.js';
import { fundEventExamples } from '../fund/fund.examples.js';
import { settlementEventExamples } from '../settlement/settlement.examples.js';
import { voucherEventExamples } from '../voucher/voucher.examples.js';
import type { AnyEvent } from '../schema/tables.js';
import { accountCodes, defaultChart } from './chart.js';
import { postings } from './postings.js';

const examples: AnyEvent[] = [fundEventExamples, donationEventExamples, voucherEventExamples, settlementEventExamples]
  .flatMap((table) => Object.values<() => AnyEvent>(table))
  .map((make) => make());
const merchant = voucherEventExamples.VoucherRedeemed().private?.merchant as string;
const prepaid = { fundingMode: 'prepaid' as const };
const sides = (event: AnyEvent, expenseAt?: 'issue' | 'redemption') =>
  Object.fromEntries(postings(event, expenseAt).map(({ account, amountMinor }) => [account, amountMinor]));

describe('postings', () => {
  it.each(examples)('of $type balance, with whole amounts, at either time of expense', (event) => {
    for (const expenseAt of ['issue', 'redemption'] as const) {
      const entry = postings(event, expenseAt);
      expect(entry.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
      expect(entry.every(({ amountMinor }) => Number.isSafeInteger(amountMinor) && amountMinor !== 0)).toBe(true);
    }
  });

  it.each<[string, AnyEvent, Record<string, number>]>([
    [
      'gift with a fee',
      fundEventExamples.IntakeReceived({ grossMinor: 10_000, feeMinor: 300 }),
      { bank: 10_000, restricted_income: -9_700, administration_income: -300 },
    ],
    ['issue', voucherEventExamples.VoucherIssued(), { programme_expense: 10_000, vouchers_outstanding: -10_000 }],
    ['redemption', voucherEventExamples.VoucherRedeemed(), { vouchers_outstanding: 2_500, merchant_payable: -2_500 }],
    [
      'redemption, prepaid',
      voucherEventExamples.VoucherRedeemed(prepaid),
      { vouchers_outstanding: 2_500, wallet_locked: -2_500 },
    ],
    [
      'reversal before payout',
      voucherEventExamples.RedemptionReversed(),
      { merchant_payable: 500, vouchers_outstanding: -500 },
    ],
    [
      'reversal of an ended voucher',
      voucherEventExamples.RedemptionReversed({ to: 'fund' }),
      { merchant_payable: 500, programme_expense: -500 },
    ],
    [
      'reversal after payout',
      voucherEventExamples.RedemptionReversed({ to: 'recoverable' }),
      { merchant_receivable: 500, programme_expense: -500 },
    ],
    [
      'reversal, prepaid',
      voucherEventExamples.RedemptionReversed(prepaid),
      { wallet_locked: 500, vouchers_outstanding: -500 },
    ],
    ['expiry', voucherEventExamples.VoucherExpired(), { vouchers_outstanding: 7_500, programme_expense: -7_500 }],
    ['funding, prepaid', fundEventExamples.BatchFunded(prepaid), { wallet_locked: 5_000, bank: -5_000 }],
    ['funding', fundEventExamples.BatchFunded(), {}],
    ['return, prepaid', fundEventExamples.FundsReturned(prepaid), { bank: 700, wallet_locked: -700 }],
    ['payment', settlementEventExamples.SettlementPaid(), { merchant_payable: 92_000, bank: -92_000 }],
    ['payment, prepaid', settlementEventExamples.SettlementPaid(prepaid), {}],
    ['returned payment', settlementEventExamples.PaymentReturned(), { bank: 92_000, merchant_payable: -92_000 }],
    ['netting', fundEventExamples.FundsRecovered(), { merchant_payable: 100, merchant_receivable: -100 }],
    ['reservation', fundEventExamples.RefundReserved(), { restricted_income: 2_000, refunds_payable: -2_000 }],
    ['refund', donationEventExamples.DonationRefunded(), { refunds_payable: 2_000, bank: -2_000 }],
    ['administration', fundEventExamples.AdministrationSpent(), { administration_expense: 120, bank: -120 }],
  ])('of a %s', (_name, event, expected) => expect(sides(event)).toStrictEqual(expected));

  it('with expense at redemption leave issued vouchers off the books', () => {
    expect(sides(voucherEventExamples.VoucherIssued(), 'redemption')).toStrictEqual({});
    expect(sides(voucherEventExamples.VoucherExpired(), 'redemption')).toStrictEqual({});
    expect(sides(voucherEventExamples.VoucherRedeemed(), 'redemption')).toStrictEqual({
      programme_expense: 2_500,
      merchant_payable: -2_500,
    });
  });

  it('name the merchant with disclosures and never without, for the same amounts', () => {
    const { type, data } = voucherEventExamples.VoucherRedeemed();
    const [, disclosed] = postings(voucherEventExamples.VoucherRedeemed());
    const [, open] = postings({ type, data });
    expect(disclosed).toStrictEqual({ account: 'merchant_payable', amountMinor: -2_500, merchant });
    expect(open).toStrictEqual({ account: 'merchant_payable', amountMinor: -2_500 });
  });
});

describe('the default chart', () => {
  it('has each account once, with a name that hledger, ledger and Beancount take', () => {
    const accounts = accountCodes.map((code) => defaultChart[code]);
    expect(new Set(accounts.map(({ number }) => number)).size).toBe(accounts.length);
    for (const { name } of accounts)
      expect(name).toMatch(/^(Assets|Liabilities|Income|Expenses)(:[A-Z][A-Za-z0-9-]*)+$/);
  });
});
