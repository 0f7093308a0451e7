import { describe, expect, it } from '@jest/globals';
import type { Movement } from '@aidtrail/domain';
import { exceeds, SettlementWindows } from './settlement-windows.js';

const moving = (type: string, position: number, more: object, merchant?: string): Movement['event'] =>
  ({
    type,
    position,
    data: { amountMinor: 10, fundingMode: 'merchant-funded', ...more },
    ...(merchant === undefined ? {} : { private: { merchant } }),
  }) as unknown as Movement['event'];

function windowsOf(merchant?: string): SettlementWindows {
  const windows = new SettlementWindows();
  windows.moved(moving('VoucherRedeemed', 3, { amountMinor: 100 }, merchant));
  windows.moved(moving('VoucherRedeemed', 4, { fundingMode: 'prepaid' }, merchant));
  windows.moved(moving('RedemptionReversed', 5, { to: 'voucher' }, merchant));
  windows.moved(moving('RedemptionReversed', 6, { to: 'recoverable' }, merchant));
  windows.moved(moving('VoucherRedeemed', 7, {}, merchant));
  return windows;
}

describe('the windows of settlements', () => {
  it('hold what moved from the one cut-off to the next, and that the ledger pays for', () => {
    const windows = windowsOf();
    windows.cutOff({ number: 1, from: 0, to: 6 });
    windows.cutOff({ number: 2, from: 6, to: 8 });
    expect(windows.all.map(({ moved }) => moved)).toStrictEqual([
      { count: 1, grossMinor: 100, reversalsMinor: 10, recoverableMinor: 0 },
      { count: 1, grossMinor: 10, reversalsMinor: 10, recoverableMinor: 10 },
    ]);
  });

  it('know the movements of each merchant only where all of a window are disclosed', () => {
    const disclosed = windowsOf('a shop');
    disclosed.cutOff({ number: 1, from: 4, to: 7 });
    expect(disclosed.latestMovements).toMatchObject([
      { merchant: 'a shop', event: { type: 'RedemptionReversed', position: 5, data: { to: 'fund' } } },
      { merchant: 'a shop', event: { type: 'RedemptionReversed', position: 6, data: { to: 'recoverable' } } },
    ]);
    const plain = windowsOf();
    plain.cutOff({ number: 1, from: 4, to: 7 });
    expect(plain.latestMovements).toBeUndefined();
  });

  it('count the settlements that are proposed for them', () => {
    const windows = windowsOf();
    windows.cutOff({ number: 1, from: 0, to: 8 });
    const figures = { count: 2, grossMinor: 110, reversalsMinor: 20, recoverableMinor: 10 };
    const window = windows.proposed(1, figures);
    expect(window).toMatchObject({ proposed: figures, moved: figures, settlements: 1 });
    windows.proposed(1, { ...figures, grossMinor: 0 });
    expect(window === undefined || exceeds(window.proposed, window.moved)).toBe(true);
    expect(windows.proposed(2, figures)).toBeUndefined();
  });
});
