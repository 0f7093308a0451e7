import { beforeAll, describe, expect, it } from '@jest/globals';
import { concepts, eventTable } from '@aidtrail/domain';
import { parseLeafOrThrow } from '@aidtrail/envelope';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { liveWholeLife, type WholeLife } from '@aidtrail/testing/whole-life';
import { leavesOfType } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import { logOf, type ReadLog } from '@aidtrail/testing/forging';
import { auditOf } from './audit-of.testing.js';

let life: WholeLife;
let log: ReadLog;

beforeAll(async () => {
  life = await liveWholeLife();
  log = await logOf(life.h);
});

describe('an audit of a log that a ledger wrote', () => {
  it('reads every type of event that there is', () => {
    const types = new Set(log.leaves.map((leaf) => parseLeafOrThrow(leaf).type));
    expect([...types].sort()).toStrictEqual(Object.keys(eventTable).sort());
  });

  it('finds nothing, from public leaves alone, and says what it did not check', () => {
    const { findings, forged, summary } = auditOf(log);
    expect(findings).toStrictEqual([]);
    expect(forged).toStrictEqual([]);
    const { ledger, actor } = summary.signatures;
    expect(summary).toMatchObject({ leaves: log.leaves.length, vouchers: 9, days: 7, k: 10, pendingEffects: {} });
    expect([ledger, actor > 100]).toStrictEqual([log.leaves.length, true]);
    expect(summary.notChecked).toStrictEqual({
      already_refunded: 3,
      amount_exceeds_basket: 5,
      bank_reference_missing: 3,
      donation_unknown: 2,
      goods_denied: 5,
      merchant_not_approved: 5,
      merchant_unknown: 13,
      more_than_given: 1,
      not_of_this_donation: 2,
      out_of_scope: 13,
      previous_not_approved: 3,
      proxy_reference_missing: 1,
      reason_missing: 3,
      redemption_erased: 2,
      redemption_unknown: 2,
      refund_not_withdrawn: 1,
      released_exceeds_withheld: 3,
      reservation_of_another_donation: 1,
      store_missing: 1,
      store_not_open: 5,
      till_not_of_store: 5,
      withheld_exceeds_due: 3,
    });
  });

  it('names every refusal that needs disclosures among those not checked', () => {
    const level2 = Object.values(concepts).flatMap(({ refusals }) =>
      Object.entries<{ readonly level: string }>(refusals).filter(([, { level }]) => level === 'L2'),
    );
    // The fund that was closed held no reservation: whether a refund is pending was known.
    const named = [...Object.keys(auditOf(log).summary.notChecked), 'refund_pending'];
    expect([...new Set(level2.map(([code]) => code))].sort()).toStrictEqual(named.sort());
  });

  it('finds nothing, and checks all of it, with every disclosure', () => {
    const { findings, forged, summary } = auditOf(log, { disclosed: true });
    expect(findings).toStrictEqual([]);
    expect(forged).toStrictEqual([]);
    expect(summary.notChecked).toStrictEqual({});
  });

  it('finds nothing without the disclosures of erased households', () => {
    const isVoucher = log.leaves.map((leaf) => parseLeafOrThrow(leaf).stream.startsWith('voucher-'));
    const kept = log.disclosures.map((given, i) => (isVoucher[i] === true ? undefined : given));
    const { findings, summary } = auditOf({ ...log, disclosures: kept as never }, { disclosed: true });
    expect(findings).toStrictEqual([]);
    expect(summary.notChecked).toMatchObject({ redemption_erased: 2 });
  });

  it('collects each anchor once, with the first leaf that names it', async () => {
    const { anchors } = auditOf(log);
    const named = log.leaves.flatMap((leaf, index) => {
      const { command } = parseLeafOrThrow(leaf);
      return 'body' in command ? [{ ...command.body.anchor, leaf: index }] : [];
    });
    expect(new Set(anchors.map(({ size }) => size))).toEqual(new Set(named.map(({ size }) => size)));
    for (const anchor of anchors) {
      expect(anchor).toStrictEqual(named.find(({ size }) => size === anchor.size));
      expect(await life.h.checkpoints.rootAt(anchor.size)).toBe(anchor.root);
    }
  });
});

describe('an audit of what two processes wrote that had not heard of each other', () => {
  it('finds nothing: each event names the facts that it rests on, and none was too old', async () => {
    const first = await createLedgerHarness();
    const relief = await openRelief(first);
    const { till, programme1, service } = relief.keys;
    await giveAndTransfer(first, relief, [20_000]);
    const { voucherIds } = await issueBatch(first, relief, { count: 2, faceMinor: 5_000 });
    const [voucher = ''] = voucherIds;
    const holder = await claim(first, relief, voucher);
    const second = await createLedgerHarness({ beside: first });
    const known = [`key-${till.keyId}`, `merchant-${relief.merchant}`, `campaign-${relief.campaign}`, 'calendar-main'];
    for (const stream of known) await second.ledger.stateOf(stream);
    await first.accept({ type: 'StartDay', data: { day: '2026-06-02' } }, [service]);
    await first.accept({ type: 'RevokeKey', data: { key: till.keyId, reason: 'stolen' } }, [first.roots[0]]);
    await first.accept({ type: 'SuspendMerchant', data: { merchant: relief.merchant, reason: 'ended' } }, [programme1]);
    const spent = await second.accept(redemption(relief, voucher, 700), [till, holder]);
    const late = (await leavesOfType(first.store, 'VoucherRedeemed')).find(({ stored }) => stored.id === spent);
    expect(late?.leaf.day).toBe('2026-06-01');
    expect(late?.leaf.facts).toContainEqual([`key-${till.keyId}`, 2]);
    const written = await logOf(first);
    for (const disclosed of [false, true]) {
      const { findings, forged } = auditOf(written, { disclosed });
      expect(findings).toStrictEqual([]);
      expect(forged).toStrictEqual([]);
    }
  });
});
