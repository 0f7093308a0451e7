import { beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type EventStore } from '@aidtrail/event-store';
import { createLedgerHarness, type HarnessInternals, type LedgerHarness } from '@aidtrail/testing/ledger';
import { followTheMoney, leavesOfType } from '@aidtrail/testing/reading';
import { reserveRefund } from '@aidtrail/testing/refunds';
import {
  claim,
  draftBatch,
  give,
  giveAndTransfer,
  issueBatch,
  openRelief,
  redemption,
  type ReliefScenario,
} from '@aidtrail/testing/relief';
import { startDay } from '@aidtrail/testing/settling';

/**
 * Two processes on one store. The second runs the policies, and of what the first writes meanwhile it has not heard when
 * it decides. The scenario's campaign lasts to the 30th of June.
 */
describe('policies in a process that has not heard of another one’s event', () => {
  let first: LedgerHarness & HarnessInternals;
  let relief: ReliefScenario;

  beforeEach(async () => {
    first = await createLedgerHarness();
    relief = await openRelief(first);
    await giveAndTransfer(first, relief, [10_000]);
  });

  it('refuse no batch its funding for money that another process has freed meanwhile', async () => {
    const { withdraw, release } = await reserveRefund(first, relief, relief.campaignFund);
    await first.accept(withdraw, [relief.keys.finance1]);
    const afterReading = () => first.accept(release, [relief.keys.finance1]);
    const second = await beside(first, { afterReading, remembers: [`fund-${relief.campaignFund}`] });
    await draftBatch(first, relief, { count: 2, faceMinor: 1_000 });
    await second.ledger.settle();
    expect(await leavesOfType(first.store, 'BatchFundingRefused')).toHaveLength(0);
    expect(await leavesOfType(first.store, 'VoucherIssued')).toHaveLength(2);
    await moneyIs(first, { outstanding: 2_000 });
  });

  it('refuse a batch its funding once, when the store holds too little', async () => {
    const second = await beside(first);
    await draftBatch(first, relief, { count: 2, faceMinor: 9_000 });
    await Promise.all([first.ledger.settle(), second.ledger.settle()]);
    expect(await leavesOfType(first.store, 'BatchFundingRefused')).toHaveLength(1);
    expect(await leavesOfType(first.store, 'BatchFunded')).toHaveLength(0);
  });

  it.each(['first', 'second'])('decide on no older day than that of their cause (handled by the %s)', async (by) => {
    await give(first, relief, [1_000]);
    const second = await beside(first);
    await first.accept({ type: 'StartDay', data: { day: '2026-06-02' } }, [relief.keys.service]);
    if (by === 'first') await first.ledger.settle();
    const { generalFund: fund, campaignFund: toFund } = relief;
    await first.accept({ type: 'SendTransfer', data: { fund, toFund, amountMinor: 1 } }, [relief.keys.finance1]);
    await second.ledger.settle();
    const received = await leavesOfType(first.store, 'TransferReceived');
    expect(received.at(-1)?.leaf.day).toBe('2026-06-02');
  });

  it('expire vouchers on the day that is over, though they remember an earlier one', async () => {
    await issueBatch(first, relief, { count: 3, faceMinor: 1_000 });
    const second = await beside(first, { remembers: [`campaign-${relief.campaign}`] });
    await first.accept({ type: 'StartDay', data: { day: '2026-07-01' } }, [relief.keys.service]);
    await second.ledger.settle();
    expect((await leavesOfType(first.store, 'VoucherExpired')).map(({ leaf }) => leaf.day)).toStrictEqual(
      Array.from({ length: 3 }, () => '2026-07-01'),
    );
    await moneyIs(first, { outstanding: 0, in_transit: 0 });
  });

  it('leave what a campaign’s extension keeps valid, and expire it when that is over', async () => {
    const { voucherIds } = await issueBatch(first, relief, { count: 3, faceMinor: 1_000 });
    const holder = await claim(first, relief, voucherIds[2] as string);
    const old = await beside(first);
    const second = await beside(first, { afterExpiring: () => extend(old, relief, '2026-07-05'), rowsAtATime: 1 });
    await startDay(second, relief, '2026-07-01');
    expect(await leavesOfType(first.store, 'VoucherExpired')).toHaveLength(1);
    await moneyIs(first, { outstanding: 2_000, in_transit: 0 });
    await second.accept(redemption(relief, voucherIds[2] as string, 400), [relief.keys.till, holder]);
    await startDay(second, relief, '2026-07-06');
    expect(await leavesOfType(first.store, 'VoucherExpired')).toHaveLength(3);
    await moneyIs(first, { outstanding: 0, in_transit: 0, redeemed: 400 });
  });

  it('bring home what had expired when the campaign was extended, also after a crash in between', async () => {
    await issueBatch(first, relief, { count: 2, faceMinor: 1_000 });
    const old = await beside(first);
    const afterExpiring = async () => {
      await extend(old, relief, '2026-07-05');
      throw new StoreUnavailable('The process ends here.');
    };
    const second = await beside(first, { afterExpiring });
    await expect(startDay(second, relief, '2026-07-01')).rejects.toThrow(StoreUnavailable);
    await moneyIs(first, { in_transit: 2_000 });
    await (await beside(first)).ledger.settle();
    await moneyIs(first, { in_transit: 0, outstanding: 0 });
  });

  it('bring nothing home twice when they go on after a crash with a voucher more', async () => {
    const { voucherIds } = await issueBatch(first, relief, { count: 2, faceMinor: 1_000 });
    const voucher = voucherIds[1] as string;
    const holder = await claim(first, relief, voucher);
    const sold = await first.accept(redemption(relief, voucher, 1_000), [relief.keys.till, holder]);
    const old = await beside(first);
    const afterReturning = () => Promise.reject(new StoreUnavailable('The process ends here.'));
    const second = await beside(first, { afterReturning });
    await expect(startDay(second, relief, '2026-07-01')).rejects.toThrow(StoreUnavailable);
    const data = { voucher, redemption: sold, amountMinor: 300, reason: 'complaint' };
    await old.accept({ type: 'ReverseRedemption', data }, [relief.keys.finance1]);
    await (await beside(first, { isAtRest: false })).ledger.settle();
    await moneyIs(first, { outstanding: 0, in_transit: 0, redeemed: 700 });
  });

  it('go on with what an extension kept when that has ended as well, after a crash', async () => {
    await issueBatch(first, relief, { count: 3, faceMinor: 1_000 });
    const old = await beside(first);
    const second = await beside(first, {
      rowsAtATime: 1,
      afterExpiring: () => extend(old, relief, '2026-07-05'),
      afterReturning: () => Promise.reject(new StoreUnavailable('The process ends here.')),
    });
    await expect(startDay(second, relief, '2026-07-01')).rejects.toThrow(StoreUnavailable);
    await moneyIs(first, { outstanding: 2_000, in_transit: 0 });
    await startDay(await beside(first, { isAtRest: false }), relief, '2026-07-06');
    await moneyIs(first, { outstanding: 0, in_transit: 0 });
  });

  it('bring home on the next day what a reversal, decided on a day that was over, put on a voucher', async () => {
    const { voucherIds } = await issueBatch(first, relief, { count: 1, faceMinor: 1_000 });
    const voucher = voucherIds[0] as string;
    const holder = await claim(first, relief, voucher);
    const sold = await first.accept(redemption(relief, voucher, 1_000), [relief.keys.till, holder]);
    const old = await beside(first);
    await startDay(first, relief, '2026-07-01');
    const data = { voucher, redemption: sold, amountMinor: 300, reason: 'complaint' };
    await old.accept({ type: 'ReverseRedemption', data }, [relief.keys.finance1]);
    await first.ledger.settle();
    await moneyIs(first, { outstanding: 300 });
    await startDay(first, relief, '2026-07-02');
    await moneyIs(first, { outstanding: 0, in_transit: 0, redeemed: 700 });
  });
});

interface Interference {
  /** Once, when the policies have read what they will handle, and before they handle it. */
  afterReading?: (() => Promise<unknown>) | undefined;
  /** Once, when a page of vouchers has expired. */
  afterExpiring?: (() => Promise<unknown>) | undefined;
  /** Once, when something has come home to a fund. */
  afterReturning?: (() => Promise<unknown>) | undefined;
}

/** Another process, whose policies are at rest, and which remembers the ledger's day and more as they are now. */
async function beside(
  first: LedgerHarness & HarnessInternals,
  options: Interference & {
    readonly rowsAtATime?: number;
    readonly remembers?: readonly string[];
    readonly isAtRest?: boolean;
  } = {},
): Promise<LedgerHarness> {
  const { afterReading, afterExpiring, afterReturning, remembers = [], isAtRest = true, ...more } = options;
  const interference: Interference = {};
  const second = await createLedgerHarness({
    ...more,
    beside: first,
    wrapStore: (store) => interfered(store, interference),
  });
  // Its policies have handled something, so that they have heard of all before, and take what comes next for the rest.
  if (isAtRest) {
    await second.enroll('service');
    await second.ledger.settle();
  }
  for (const stream of ['ledger-main', 'calendar-main', ...remembers]) await second.ledger.stateOf(stream);
  Object.assign(interference, { afterReading, afterExpiring, afterReturning });
  return second;
}

function interfered(store: EventStore, interference: Interference): EventStore {
  const once = async (name: keyof Interference): Promise<void> => {
    const act = interference[name];
    interference[name] = undefined;
    await act?.();
  };
  const isOfVoucher = ({ stream }: { readonly stream: string }): boolean => stream.startsWith('voucher-');
  const changed: Pick<EventStore, 'readAll' | 'append' | 'appendMany'> = {
    async *readAll(range) {
      for await (const batch of store.readAll(range)) {
        await once('afterReading');
        yield batch;
      }
    },
    append: async (append) => {
      const outcome = await store.append(append);
      if (isOfVoucher(append)) await once('afterExpiring');
      if (append.stream.startsWith('fund-')) await once('afterReturning');
      return outcome;
    },
    appendMany: async (appends) => {
      const outcomes = await store.appendMany(appends);
      if (appends.some(isOfVoucher)) await once('afterExpiring');
      return outcomes;
    },
  };
  return Object.assign(Object.create(store) as EventStore, changed);
}

function extend(h: LedgerHarness, relief: ReliefScenario, lastDay: string): Promise<unknown> {
  return h.accept({ type: 'ExtendCampaign', data: { campaign: relief.campaign, lastDay } }, [relief.keys.programme1]);
}

async function moneyIs(h: LedgerHarness, expected: object): Promise<void> {
  const { sweep, problems } = await followTheMoney(h.store);
  expect(problems).toStrictEqual([]);
  expect(sweep.totals()).toMatchObject(expected);
}
