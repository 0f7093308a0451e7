import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '@aidtrail/event-store';
import { seededEntropy } from '@aidtrail/testing/entropy';
import { faultPlan, faultyStore, type FaultPlan, type WriteFault } from '@aidtrail/testing/faults';
import { createLedgerHarness, type LedgerHarness } from '@aidtrail/testing/ledger';
import { followTheMoney, happenings } from '@aidtrail/testing/reading';
import {
  claim,
  giveAndTransfer,
  issueBatch,
  openRelief,
  redemption,
  type ReliefScenario,
} from '@aidtrail/testing/relief';
import { approveSettlement, cutOff, paySettlement, settlementProblems, startDay } from '@aidtrail/testing/settling';
import { survivor } from '@aidtrail/testing/survivor';
import type { PolicyMemory } from '../ports.js';

/*
 * Each write of a campaign's life fails once, before it is stored, in the middle, or with its reply lost; each note that
 * the policies take likewise. Another process goes on, and in the end exactly the same has happened.
 */
const ROWS_AT_A_TIME = 3;

describe('a process that dies', () => {
  it.each<WriteFault>(['nothing stored', 'a part stored', 'reply lost'])(
    'at any write to the store (%s) changes nothing in what happens',
    async (fault) => {
      const expected = await lifeOf({});
      const writes = fault === 'a part stored' ? expected.plan.many : upTo(expected.plan.writes);
      expect(writes.length).toBeGreaterThan(0);
      for (const at of writes) await expectSameLife({ plan: faultPlan(at, fault) }, expected.happened);
    },
    300_000,
  );

  it.each<WriteFault>(['nothing stored', 'reply lost'])(
    'at any note of the policies (%s) changes nothing in what happens',
    async (fault) => {
      const expected = await lifeOf({});
      expect(expected.notes.writes).toBeGreaterThan(0);
      for (const at of upTo(expected.notes.writes)) {
        await expectSameLife({ notes: faultPlan(at, fault) }, expected.happened);
      }
    },
    300_000,
  );
});

interface Plans {
  readonly plan?: FaultPlan;
  readonly notes?: FaultPlan;
}

async function expectSameLife(plans: Plans, happened: readonly string[]): Promise<void> {
  const life = await lifeOf(plans);
  const at = plans.plan ?? plans.notes;
  expect({ at, happened: life.happened }).toStrictEqual({ at, happened });
}

async function lifeOf({ plan = faultPlan(), notes = faultPlan() }: Plans) {
  const before = await createLedgerHarness({ entropy: seededEntropy('crash table') });
  const relief = await openRelief(before);
  const start = { beside: before, rowsAtATime: ROWS_AT_A_TIME };
  const first = await createLedgerHarness({
    ...start,
    wrapStore: (store) => faultyStore(store, plan),
    wrapMemory: (memory) => forgetful(memory, notes),
  });
  const h = survivor(first, () => createLedgerHarness(start));
  await live(h, relief);
  const { sweep, problems } = await followTheMoney(before.store);
  expect(problems).toStrictEqual([]);
  expect(await settlementProblems(before)).toStrictEqual([]);
  const { in_transit, recoverable, outstanding } = sweep.totals();
  expect({ in_transit, recoverable, outstanding }).toStrictEqual({ in_transit: 0, recoverable: 0, outstanding: 0 });
  return { happened: await happenings(before.store), plan, notes };
}

/** Every policy has something to do in it. */
async function live(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const { till, finance1, programme1 } = relief.keys;
  await giveAndTransfer(h, relief, [5_000, 1, 333, 4_999, 700]);
  const { voucherIds } = await issueBatch(h, relief, { count: 7, faceMinor: 1_000 });
  const [first, second, third] = voucherIds as [string, string, string];
  const firstHolder = await claim(h, relief, first);
  const secondHolder = await claim(h, relief, second);
  const redeemed = await h.accept(redemption(relief, first, 400), [till, firstHolder]);
  const partly = await h.accept(redemption(relief, second, 300), [till, secondHolder]);
  await reverse(h, relief, { voucher: second, redemption: partly, amountMinor: 50 });
  await h.accept({ type: 'CancelVoucher', data: { voucher: third, reason: 'moved-away' } }, [programme1]);
  await startDay(h, relief, '2026-06-02');
  const [paid] = (await cutOff(h, relief)) as [string];
  const paidMinor = await approveSettlement(h, relief, paid);
  await startDay(h, relief, '2026-06-03');
  await paySettlement(h, relief, { settlement: paid, netMinor: paidMinor });

  await reverse(h, relief, { voucher: first, redemption: redeemed, amountMinor: 150 });
  await h.accept(redemption(relief, first, 250), [till, firstHolder]);
  const [netting] = (await cutOff(h, relief)) as [string];
  expect((await h.ledger.stateOf(`settlement-${netting}`)).state).toMatchObject({ previous: paid });
  const nettedMinor = await approveSettlement(h, relief, netting);
  expect([paidMinor, nettedMinor]).toStrictEqual([650, 100]);
  await startDay(h, relief, '2026-06-04');
  await paySettlement(h, relief, { settlement: netting, netMinor: nettedMinor });

  await h.submit(redemption(relief, first, 9_000), [till, firstHolder]);
  const tooLarge = { fund: relief.generalFund, toFund: relief.campaignFund, amountMinor: 999_999 };
  await h.submit({ type: 'SendTransfer', data: tooLarge }, [finance1]);
  const unfunded = await issueBatch(h, relief, { count: 2, faceMinor: 900_000 });
  expect((await h.ledger.stateOf(`batch-${unfunded.batch}`)).state).toMatchObject({ status: 'unfunded' });
  await startDay(h, relief, '2026-07-01');
}

async function reverse(
  h: LedgerHarness,
  relief: ReliefScenario,
  what: { readonly voucher: string; readonly redemption: string; readonly amountMinor: number },
): Promise<void> {
  await h.accept({ type: 'ReverseRedemption', data: { ...what, reason: 'returned-goods' } }, [relief.keys.finance1]);
  await h.ledger.settle();
}

/** Policy memory whose n-th note is not taken, or taken without saying so. */
function forgetful(memory: PolicyMemory, plan: FaultPlan): PolicyMemory {
  const READS: ReadonlySet<string> = new Set([
    'nextPosition',
    'openBatches',
    'settlementsBefore',
    'debtsOf',
    'keptMerchants',
  ]);
  return new Proxy(memory, {
    get: (target, name: keyof PolicyMemory) => {
      const take = target[name].bind(target) as (note: never) => Promise<void>;
      if (READS.has(name)) return take;
      return async (note: never): Promise<void> => {
        plan.writes += 1;
        const fails = plan.writes === plan.at;
        if (!fails || plan.fault === 'reply lost') await take(note);
        if (fails) throw new StoreUnavailable('a planned fault');
      };
    },
  });
}

function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}
