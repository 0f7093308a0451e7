import { describe, expect, it } from '@jest/globals';
import { formatAmount, formatCount, thousandths, withCurrency } from './amounts.js';

describe('an amount as a person reads it', () => {
  it.each([
    [0, '0.00'],
    [1, '0.01'],
    [97, '0.97'],
    [100, '1.00'],
    [123_456_789, '1,234,567.89'],
    [-5, '−0.05'],
    [Number.MAX_SAFE_INTEGER, '90,071,992,547,409.91'],
    [12_345_678_901_234_567_890n, '123,456,789,012,345,678.90'],
  ])('is exact: %p', (minor, text) => expect(formatAmount(minor)).toBe(text));

  it('names a currency that has no sign of its own here', () => {
    expect(withCurrency(100)).toBe('¥1.00');
    expect(withCurrency(100, 'XAF')).toBe('XAF 1.00');
  });

  it('groups counts', () => expect(formatCount(1_234_567)).toBe('1,234,567'));

  it('never shows more than there is', () => {
    expect(thousandths(Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER)).toBe(999);
    expect(thousandths(0, 0)).toBe(0);
  });
});
