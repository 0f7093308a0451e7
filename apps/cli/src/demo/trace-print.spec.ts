import { traceLines, type DonationTrace } from './trace-print.js';

const nothingOnALine = {
  freeMinor: 0,
  inTransitMinor: 0,
  refundReservedMinor: 0,
  refundedMinor: 0,
  spentOnAdministrationMinor: 0,
};

const trace: DonationTrace = {
  grossMinor: 100,
  feeMinor: 3,
  feeInTransitMinor: 0,
  feeUnlocatedMinor: 0,
  funds: [
    { ...nothingOnALine, fund: 'a', kind: 'administration', name: '管理费资金', passedMinor: 3, freeMinor: 3 },
    { ...nothingOnALine, fund: 'b', kind: 'general', name: '统筹资金', passedMinor: 102, freeMinor: 5 },
  ],
  k: 10,
  groups: {
    cells: [
      { cell: 'elderly', vouchers: 37 },
      { cell: 'miners', vouchers: 12 },
    ],
    restVouchers: 3,
  },
  goods: {
    cells: [
      { cell: 'staple-food', amountMinor: 50 },
      { cell: 'hygiene', amountMinor: 20 },
      { cell: 'cooking-oil', amountMinor: 10 },
      { cell: 'bedding', amountMinor: 6 },
    ],
    restMinor: 4,
  },
  weeks: { cells: [{ cell: '2026-06-01', amountMinor: 90 }], restMinor: 0 },
  batches: [
    {
      batch: 'batch-1',
      vouchersTouched: 1,
      passedMinor: 97,
      unissuedMinor: 0,
      unclaimedMinor: 0,
      claimedUnspentMinor: 2,
      redeemedMinor: 90,
      returningMinor: 0,
      returnedMinor: 5,
      recoverableMinor: 0,
      redeemedBySettlement: [
        { status: 'reconciled', amountMinor: 60 },
        { status: 'open', amountMinor: 20 },
        { status: 'paid', amountMinor: 10 },
      ],
    },
  ],
};

describe('a printed trace', () => {
  it('says where each fen is and which way it took', () => {
    const text = traceLines(trace, new Map([['batch-1', '备灾行动']])).join('\n');
    expect(text).toMatch(/捐赠 gift +1\.00/);
    expect(text).toMatch(/管理费 management fee +0\.03/);
    expect(text).toMatch(/备灾行动, 1 张券 vouchers +0\.92/);
    expect(text).toMatch(/核销 redeemed +0\.90/);
    expect(text).toMatch(/发给 issued to +老人 elderly +37 张 vouchers/);
    expect(text).toMatch(/发给 issued to +miners +12 张 vouchers/);
    expect(text).toMatch(/发给 issued to +其他或未说明 others or not told +3 张 vouchers/);
    expect(text).toMatch(/买的 bought +staple-food +0\.50/);
    expect(text).toMatch(/买的 bought +其余 everything else +0\.10/);
    expect(text).toMatch(/周 week of +2026-06-01 +0\.90/);
    expect(text).toMatch(/经过 through +统筹资金 +1\.02/);
    expect(text).toMatch(/已付 paid to +商户 merchants +0\.70/);
    expect(text).toMatch(/收回 back from +备灾行动 +0\.05/);
  });

  it('says what is not told of a gift in few households, and nothing of what there is not', () => {
    const few = { cells: [], restMinor: 90 };
    const text = (of: Partial<DonationTrace>): string => traceLines({ ...trace, ...of }, new Map()).join('\n');
    const small = text({ groups: { cells: [], restVouchers: 0 }, goods: few, weeks: { ...few, restMinor: 0 } });
    expect(small).toMatch(/发给 issued to +不足 10 户，不显示 fewer than 10 households: not told$/m);
    expect(small).toMatch(/买的 bought +不足 10 户，不显示/);
    expect(small).not.toMatch(/周 week of|其余/);
    expect(text({ groups: { cells: trace.groups.cells, restVouchers: 0 } })).not.toContain('others');
  });

  it('is not printed at all when a fen is missing', () => {
    expect(() => traceLines({ ...trace, grossMinor: 101 }, new Map())).toThrow('its parts are 100');
  });
});
