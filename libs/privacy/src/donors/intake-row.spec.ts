import { readIntakeRow } from './intake-row.js';

const row = { paymentReference: 'WX-1', amountMinor: 100 };

describe('a row of an intake', () => {
  it.each([
    [1, 1],
    ['100', 100],
    [Number.MAX_SAFE_INTEGER, 9007199254740991],
    ['9007199254740991', 9007199254740991],
  ])('takes the amount %p', (amountMinor, expected) => {
    expect(readIntakeRow({ ...row, amountMinor })).toMatchObject({ amountMinor: expected });
  });

  it.each([
    [1.5, 'amount_decimal'],
    ['1.00', 'amount_decimal'],
    [-1, 'amount_negative'],
    ['-1', 'amount_negative'],
    ['-1.5', 'amount_negative'],
    [0, 'amount_zero'],
    ['00', 'amount_zero'],
    ['1E2', 'amount_scientific'],
    ['1.38E+10', 'amount_scientific'],
    [1e21, 'amount_too_large'],
    [2 ** 53, 'amount_too_large'],
    ['9007199254740992', 'amount_too_large'],
    [Number.NaN, 'amount_malformed'],
    [Number.POSITIVE_INFINITY, 'amount_malformed'],
    ['', 'amount_malformed'],
    ['1,000', 'amount_malformed'],
    ['１００', 'amount_malformed'],
  ])('refuses the amount %p with %s', (amountMinor, fault) => {
    expect(readIntakeRow({ ...row, amountMinor })).toEqual({ fault });
  });

  it.each([
    [{ paymentReference: '' }, 'payment_reference_malformed'],
    [{ paymentReference: ' WX-1' }, 'payment_reference_malformed'],
    [{ paymentReference: 'x'.repeat(129) }, 'payment_reference_malformed'],
    [{ paymentReference: '微信' }, 'payment_reference_malformed'],
    [{ displayName: 'x'.repeat(121) }, 'display_name_malformed'],
    [{ displayName: '<b>' }, 'display_name_malformed'],
    [{ namedConsent: true }, 'consent_without_name'],
    [{ contact: 'x'.repeat(201) }, 'contact_malformed'],
  ])('refuses %p with %s', (change, fault) => {
    expect(readIntakeRow({ ...row, ...change })).toEqual({ fault });
  });
});
