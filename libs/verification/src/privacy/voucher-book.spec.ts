import { describe, expect, it } from '@jest/globals';
import { FOUND_BY_AMOUNT, FOUND_BY_TILL, HAS_MONEY_LEFT, HELPED, VoucherBook } from './voucher-book.js';

const streamOf = (batch: string, number: number): string => `voucher-${batch}-${number}`;

describe('what is kept of vouchers', () => {
  it('is each one’s own, in batches of many thousands', () => {
    const book = new VoucherBook();
    const [count, campaigns] = [20_000, new Map([...'abc'].map((batch, i) => [batch, 7 + i]))];
    for (const [batch, campaign] of campaigns) for (let i = 0; i < count; i += 1) book.issue({ batch, campaign });
    const voucher = (batch: string, number: number) => book.numberOf(streamOf(batch, number), { batch, number });
    const numbers = [...campaigns.keys()].flatMap((batch) =>
      Array.from({ length: count }, (_, i) => voucher(batch, (i * 7_919) % count)),
    );
    expect(new Set(numbers).size).toBe(3 * count);
    expect(numbers.every((number, nth) => book.campaignOf(number) === 7 + Math.floor(nth / count))).toBe(true);
    for (const [nth, number] of numbers.entries()) for (let day = 0; day < nth % 3; day += 1) book.redeem(number, day);
    expect(voucher('b', 7_919)).toBe(numbers[count + 1]);
    const rows = [...book.rows()];
    expect(rows).toHaveLength(3 * count);
    expect(rows.every(({ redemptions, days }, nth) => redemptions === nth % 3 && days === nth % 3)).toBe(true);
  });

  it('counts a day once, and what is said of it until it is taken back', () => {
    const book = new VoucherBook();
    book.issue({ batch: 'a', campaign: 0 });
    const voucher = book.numberOf(streamOf('a', 0), { batch: 'a', number: 0 });
    for (const day of [0, 0, 4, 4, 4]) book.redeem(voucher, day);
    for (const flags of [FOUND_BY_AMOUNT, HELPED, HAS_MONEY_LEFT, FOUND_BY_AMOUNT]) book.flag(voucher, flags);
    book.unflag(voucher, HAS_MONEY_LEFT | FOUND_BY_TILL);
    expect([...book.rows()]).toStrictEqual([{ campaign: 0, redemptions: 5, days: 2, flags: FOUND_BY_AMOUNT | HELPED }]);
  });

  it('keeps vouchers apart that a forged entry numbers beyond their batch', () => {
    const book = new VoucherBook();
    book.issue({ batch: 'a', campaign: 3 });
    book.issue({ batch: 'a', campaign: 3 });
    const number = 2 ** 40;
    const [one, other] = ['x', 'y'].map((stream) => book.numberOf(stream, { batch: 'a', number }));
    expect(one).not.toBe(other);
    expect(book.numberOf('x', { batch: 'a', number })).toBe(one);
    expect(book.campaignOf(other ?? 0)).toBe(3);
  });
});
