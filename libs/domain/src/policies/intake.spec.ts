import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fundEventExamples } from '../fund/fund.examples.js';
import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import { amountMinorOrThrow, feeOf } from '../kernel/money.js';
import { reactToIntake, type IntakeRow } from './intake.js';

const fund = exampleUuid(0x101);
const administrationFund = exampleUuid(0x103);
const row = (number: number, amountMinor: number, more: Partial<IntakeRow> = {}): IntakeRow => ({
  number,
  donation: exampleUuid(0x500 + number),
  amountMinor,
  commitment: exampleBase64(number),
  namedConsent: false,
  channel: 'wechat',
  paymentReference: `reference-${number}`,
  ...more,
});
const causeOf = (amounts: readonly number[], feeBasisPoints: number, start = 0) => {
  const grossMinor = amounts.reduce((sum, amount) => sum + amount, 0);
  const feeMinor = feeOf(amountMinorOrThrow(grossMinor), feeBasisPoints);
  const interval: [number, number] = [start, grossMinor - feeMinor];
  const data = { count: amounts.length, grossMinor, feeMinor, feeBasisPoints, administrationFund, interval };
  return { ...fundEventExamples.IntakeReceived(data), id: exampleUuid(1), position: 7, day: '2026-11-02' };
};

describe('an intake', () => {
  it('sends its fee and gives each donation its address', () => {
    const cause = causeOf([50, 50, 1], 300, 1_000);
    const { effects, runningGrossMinor } = reactToIntake({
      cause,
      fund,
      rows: [row(0, 50), row(1, 50, { namedConsent: true, displayName: '某公司' }), row(2, 1)],
      runningGrossMinor: 0,
    });
    expect(runningGrossMinor).toBe(101);
    expect(effects.map(({ index, stream }) => [index, stream])).toStrictEqual([
      [0, `fund-${administrationFund}`],
      [1, `donation-${exampleUuid(0x500)}`],
      [2, `donation-${exampleUuid(0x501)}`],
      [3, `donation-${exampleUuid(0x502)}`],
    ]);
    expect(effects[0]?.command.data).toStrictEqual({
      fund: administrationFund,
      intake: cause.data.intake,
      fromFund: fund,
      amountMinor: 3,
    });
    expect(effects.slice(1).map(({ command }) => 'private' in command && command.private)).toMatchObject([
      { feeMinor: 1, interval: [1_000, 49] },
      { feeMinor: 2, interval: [1_049, 48] },
      { feeMinor: 0, interval: [1_097, 1] },
    ]);
    expect(effects[2]?.command.data).toMatchObject({
      named: { amountMinor: 50, interval: [1_049, 48], name: '某公司' },
    });
    expect(effects[1]?.command.data).not.toHaveProperty('named');
  });

  it('gives no interval, and no public name, to a gift that its fee ate up', () => {
    const rows = [row(0, 1), row(1, 1, { namedConsent: true, displayName: '某公司' })];
    const { effects } = reactToIntake({ cause: causeOf([1, 1], 5_000), fund, rows, runningGrossMinor: 0 });
    expect(effects[2]?.command).not.toHaveProperty('private.interval');
    expect(effects[2]?.command.data).not.toHaveProperty('named');
  });

  it('sends no fee where there is none', () => {
    const { effects } = reactToIntake({ cause: causeOf([5], 0), fund, rows: [row(0, 5)], runningGrossMinor: 0 });
    expect(effects.map(({ index }) => index)).toStrictEqual([1]);
  });

  it('comes out the same in any chunks: intervals tile the net, fees add up to the fee', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        amounts,
        fc.integer({ min: 0, max: 9_999 }),
        fc.integer({ min: 1, max: 7 }),
        (gifts, basisPoints, size) => {
          const cause = causeOf(gifts, basisPoints, 70);
          const rows = gifts.map((amount, number) => row(number, amount));
          const whole = reactToIntake({ cause, fund, rows, runningGrossMinor: 0 });
          const chunked = [];
          let runningGrossMinor = 0;
          for (let at = 0; at < rows.length; at += size) {
            const part = reactToIntake({ cause, fund, rows: rows.slice(at, at + size), runningGrossMinor });
            runningGrossMinor = part.runningGrossMinor;
            chunked.push(...part.effects);
          }
          expect(chunked).toStrictEqual(whole.effects);
          let end = 70;
          let fee = 0;
          for (const { command } of whole.effects) {
            if (command.type !== 'RecordDonation') continue;
            const { interval, feeMinor, amountMinor } = command.private;
            expect((interval?.[1] ?? 0) + feeMinor).toBe(amountMinor);
            if (interval !== undefined) expect(interval[0]).toBe(end);
            end += interval?.[1] ?? 0;
            fee += feeMinor;
          }
          expect([end, fee]).toStrictEqual([70 + cause.data.interval[1], cause.data.feeMinor]);
        },
      ),
    );
  });
});
