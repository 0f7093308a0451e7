import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exampleDevice, exampleHolder, exampleOfficer } from '../kernel/examples.js';
import { endOf, intersect, totalOf } from '../kernel/segments.js';
import { reactToIntake } from '../policies/intake.js';
import { reactToCutoff, type Movement } from '../policies/proposals.js';
import { expectedBalances, TrialBalance } from './balances.js';
import { LineSweep } from './conservation.js';
import type { SweptEvent } from './findings.js';
import { postings } from './postings.js';
import { World } from './scenario.js';

/*
 * Random lives of a small ledger: two funds and one for administration, a merchant-funded and a prepaid campaign, two
 * merchants. After every single event the books, the lines of fen and the deciders' own states must agree.
 */
const li = exampleOfficer('finance', 'finance-li');
const wang = exampleOfficer('finance', 'finance-wang');
const worker = exampleOfficer('worker', 'worker-sun');
const zhao = exampleOfficer('programme', 'programme-zhao');
const merchants = ['merchant-a', 'merchant-b'] as const;

const terms = { firstDay: '2026-11-01', assistedAllowed: true };
const campaigns: Readonly<Record<string, object>> = {
  'campaign-banked': { fund: 'general', terms: { ...terms, lastDay: '2026-11-03', fundingMode: 'merchant-funded' } },
  'campaign-wallet': { fund: 'special', terms: { ...terms, lastDay: '2026-11-05', fundingMode: 'prepaid' } },
};
const lastDays: Readonly<Record<string, string>> = { banked: '2026-11-03', wallet: '2026-11-05' };
const policy = { policyVersion: 1, rules: [], unknown: 'allow' };

function plainFacts(stream: string): unknown {
  if (stream.startsWith('campaign-')) return { status: 'open', programme: 'relief', ...campaigns[stream] };
  if (stream.startsWith('programme-')) return { status: 'open', policy };
  if (!stream.startsWith('merchant-')) return undefined;
  return { status: 'approved', name: stream, holdDays: 0, bankDigest: '', stores: { store: { status: 'open' } } };
}

const pick = fc.nat(50);
const amount = fc.integer({ min: 1, max: 400 });
const action = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('intake' as const),
      gifts: fc.array(amount, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('transfer' as const), amount }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('batch' as const),
      count: fc.integer({ min: 1, max: 5 }),
      amount,
      wallet: fc.boolean(),
    }),
  },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('redeem' as const), pick, amount, merchant: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('reverse' as const), pick, amount }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reserve' as const), pick, release: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('spend' as const), amount: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('day' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('settle' as const), withhold: fc.nat(60), release: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('return' as const), pick }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

class Life {
  readonly sweep = new LineSweep();
  readonly books = new TrialBalance();
  readonly world: World;
  private readonly gifts: { readonly donation: string; readonly interval: readonly [number, number] }[] = [];
  private serial = 0;

  constructor() {
    this.world = new World(plainFacts, (event) => this.check(event));
    const fee = { kind: 'general', currency: 'CNY', feeBasisPoints: 300, administrationFund: 'administration' };
    this.world.record('fund-administration', {
      type: 'FundOpened',
      data: { kind: 'administration', name: 'a', feeBasisPoints: 0 },
    });
    this.world.record('fund-general', { type: 'FundOpened', data: { ...fee, name: 'g', programme: 'relief' } });
    this.world.record('fund-special', {
      type: 'FundOpened',
      data: { ...fee, kind: 'campaign', name: 's', programme: 'relief' },
    });
  }

  /** Invariants 1, 2 and 4 of the domain, after every event. */
  private check(event: SweptEvent): void {
    const { sweep, books, world } = this;
    sweep.fold(withoutDisclosures(event));
    books.post(postings(event));
    expect(sweep.findings).toStrictEqual([]);
    const { outstanding, ...states } = sweep.totals();
    expect(Object.values(states).reduce((sum, amountMinor) => sum + amountMinor, 0)).toBe(sweep.intakeMinor);
    expect(outstanding).toBeLessThanOrEqual(states.committed);
    expect(books.sum()).toBe(0);
    expect(books.balances()).toStrictEqual(expectedBalances(sweep));
    for (const { line, ...batch } of sweep.batches.values())
      expect(batch.issuedMinor).toBe(
        line.totals.issued + line.totals.redeemed + batch.expiredMinor + batch.cancelledMinor + batch.reversedMinor,
      );
    if (!event.stream.startsWith('fund-')) return;
    const id = event.stream.slice('fund-'.length);
    const fund = world.fund(id);
    const line = sweep.fundLine(id);
    expect({ length: fund.lengthMinor, free: fund.freeMinor, spent: fund.spentMinor }).toStrictEqual({
      length: line?.length,
      free: line?.totals.free,
      spent: line?.totals.administration_spent,
    });
    expect(totalOf(fund.free)).toBe(fund.freeMinor);
  }

  run(step: Action): void {
    const { world } = this;
    this.serial += 1;
    switch (step.do) {
      case 'intake':
        return this.intake(step.gifts);
      case 'transfer':
        world.ask({ type: 'SendTransfer', data: { fund: 'general', toFund: 'special', amountMinor: step.amount } }, [
          li,
        ]);
        return;
      case 'batch': {
        const [fund, campaign, fundingMode] = step.wallet
          ? (['special', 'wallet', 'prepaid'] as const)
          : (['general', 'banked', 'merchant-funded'] as const);
        world.approve(`b${this.serial}`, { fund, campaign, fundingMode, count: step.count, faceMinor: step.amount });
        return;
      }
      case 'redeem':
        return this.redeem(step);
      case 'reverse': {
        const redemption = oneOf(this.events('VoucherRedeemed'), step.pick);
        if (redemption === undefined) return;
        const data = { voucher: idOf(redemption), redemption: redemption.id, amountMinor: step.amount, reason: 'x' };
        world.ask({ type: 'ReverseRedemption', data }, [li]);
        return;
      }
      case 'cancel': {
        const voucher = oneOf(this.events('VoucherIssued'), step.pick);
        if (voucher !== undefined)
          world.ask({ type: 'CancelVoucher', data: { voucher: idOf(voucher), reason: 'x' } }, [zhao]);
        return;
      }
      case 'reserve':
        return this.refund(step);
      case 'spend':
        world.ask(
          {
            type: 'SpendAdministration',
            data: { fund: 'administration', amountMinor: step.amount, purpose: 'x' },
            private: {},
          },
          [li, wang],
        );
        return;
      case 'day':
        world.startDay((campaign) => lastDays[campaign] as string);
        return;
      case 'settle':
        return this.settle(step);
      case 'return': {
        // Those that netted a debt first: they are rare, and must not net it again.
        const payments = this.events('SettlementPaid');
        const netting = payments.filter(({ data }) => data.recoveredMinor > 0);
        const paid = oneOf(netting.length > 0 ? netting : payments, step.pick);
        if (paid === undefined) return;
        const data = { settlement: idOf(paid), reason: 'x', bankDay: world.dayName() };
        world.ask({ type: 'ReturnPayment', data, private: { bankReference: 'r' } }, [li]);
        this.pay(idOf(paid));
      }
    }
  }

  private intake(gifts: readonly number[]): void {
    const totalMinor = gifts.reduce((sum, gift) => sum + gift, 0);
    const data = { fund: 'general', count: gifts.length, totalMinor, rowsRoot: '' };
    expect(this.world.ask({ type: 'RecordIntake', data, private: { channel: 'c' } })).toBe(true);
    const cause = this.events('IntakeReceived').pop() as Extract<SweptEvent, { type: 'IntakeReceived' }>;
    const rows = gifts.map((amountMinor, number) => ({
      ...{ number, donation: `d${this.serial}-${number}`, amountMinor, commitment: '' },
      ...{ namedConsent: number % 2 === 0, displayName: 'n', channel: 'c', paymentReference: 'p' },
    }));
    const half = rows.length >> 1;
    const first = reactToIntake({ cause, fund: 'general', rows: rows.slice(0, half), runningGrossMinor: 0 });
    const second = reactToIntake({
      cause,
      fund: 'general',
      rows: rows.slice(half),
      runningGrossMinor: first.runningGrossMinor,
    });
    let end = cause.data.interval[0];
    for (const effect of [...first.effects, ...second.effects]) {
      this.world.effect(cause, effect);
      if (effect.command.type !== 'RecordDonation') continue;
      const { interval } = effect.command.private;
      if (interval === undefined) continue;
      expect(interval[0]).toBe(end);
      end = endOf(interval);
      this.gifts.push({ donation: effect.command.data.donation, interval });
    }
    expect(end).toBe(endOf(cause.data.interval));
  }

  private redeem(step: Extract<Action, { do: 'redeem' }>): void {
    const voucher = oneOf(this.events('VoucherIssued'), step.pick);
    if (voucher === undefined) return;
    const id = idOf(voucher);
    const holder = keyOfHolder(id);
    const claim = { type: 'ClaimVoucher', data: { voucher: id, holder, channel: 'self' }, private: {} };
    this.world.ask(claim, [worker, exampleHolder(holder)]);
    const merchant = (merchants[step.merchant] as string).slice('merchant-'.length);
    const basket = [{ category: 'rice', quantity: 1, amountMinor: step.amount }];
    const command = {
      type: 'RedeemVoucher',
      data: { voucher: id, amountMinor: step.amount, consent: 'holder' },
      private: { merchant, store: 'store', time: '', basket },
    };
    this.world.ask(command, [exampleDevice('till', { organisation: merchant, store: 'store' }), exampleHolder(holder)]);
  }

  private refund(step: Extract<Action, { do: 'reserve' }>): void {
    const gift = oneOf(this.gifts, step.pick);
    if (gift === undefined) return;
    const segments = intersect(this.world.fund('general').free, [gift.interval]);
    if (segments.length === 0) return;
    const refund = `r${this.serial}`;
    const reserve = {
      type: 'ReserveRefund',
      data: { fund: 'general', refund, segments },
      private: { donation: gift.donation },
    };
    if (!this.world.ask(reserve, [li])) return;
    const data = { donation: gift.donation, refund, amountMinor: totalOf(segments), funds: ['general'] };
    if (step.release) {
      expect(this.world.ask({ type: 'WithdrawRefunds', data: { donation: gift.donation } }, [li])).toBe(true);
      expect(this.world.ask({ type: 'ReleaseRefund', data: { fund: 'general', refund } }, [li])).toBe(true);
    } else expect(this.world.ask({ type: 'RefundDonation', data, private: {} }, [li, wang])).toBe(true);
  }

  /** A cut-off for all merchants, then each proposal to its payment. */
  private settle(step: Extract<Action, { do: 'settle' }>): void {
    const { world } = this;
    if (!world.ask({ type: 'SetCutoff', data: { to: world.log.length } })) return;
    const cause = this.events('CutoffSet').pop() as Extract<SweptEvent, { type: 'CutoffSet' }>;
    const movements = world.log.flatMap((event): Movement[] =>
      event.type === 'VoucherRedeemed' || event.type === 'RedemptionReversed'
        ? [{ merchant: event.private?.merchant as string, event }]
        : [],
    );
    const proposals = reactToCutoff({
      cause,
      movements,
      proposed: new Set(),
      settlementIdOf: (merchant, _mode, number) => `${merchant}-${number}`,
      previousOf: (merchant) => world.settlements.filter((entry) => entry.merchant === merchant).pop()?.id,
    });
    for (const effect of proposals) {
      const { command } = effect;
      if (command.type !== 'ProposeSettlement') continue;
      const { settlement, window } = command.data;
      world.effect(cause, effect);
      world.settlements.push({ id: settlement, merchant: command.private.merchant, window });
      this.prepare(settlement, step);
      this.pay(settlement);
    }
    const proposed = proposals.reduce(
      (sum, { command }) =>
        sum + (command.type === 'ProposeSettlement' ? command.data.grossMinor - command.data.reversalsMinor : 0),
      0,
    );
    expect(proposed).toBe(movementsOf(world.log, cause.data));
  }

  private prepare(settlement: string, step: Extract<Action, { do: 'settle' }>): void {
    const attempts = [
      { withheldMinor: step.withhold, releasedMinor: 0 },
      { withheldMinor: 0, releasedMinor: step.release ? 1 : 0 },
      { withheldMinor: 0, releasedMinor: 0 },
    ];
    const accepted = attempts.some((adjustment) =>
      this.world.ask({ type: 'PrepareSettlement', data: { settlement, ...adjustment }, private: { reason: 'x' } }, [
        li,
      ]),
    );
    expect(accepted).toBe(true);
    const netMinor = this.events('SettlementPrepared').pop()?.data.netMinor;
    expect(this.world.ask({ type: 'ApproveSettlement', data: { settlement, netMinor } }, [wang])).toBe(true);
  }

  private pay(settlement: string): void {
    const netMinor = this.events('SettlementPrepared')
      .filter((event) => idOf(event) === settlement)
      .pop()?.data.netMinor;
    this.world.ask({ type: 'InstructPayment', data: { settlement }, private: { instruction: 'x' } }, [li]);
    const data = { settlement, netMinor, bankDay: this.world.dayName() };
    this.world.ask({ type: 'RecordPayment', data, private: { bankReference: 'x' } }, [li]);
  }

  events<K extends SweptEvent['type']>(type: K): Extract<SweptEvent, { type: K }>[] {
    return this.world.log.filter((event): event is Extract<SweptEvent, { type: K }> => event.type === type);
  }
}

describe('conservation', () => {
  it('holds after every event of any life, in the lines, the books and the deciders alike', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(action, { minLength: 20, maxLength: 70 }), (steps) => {
        const life = new Life();
        life.run({ do: 'intake', gifts: [900, 350, 17] });
        for (const step of steps) life.run(step);
        for (const { type } of life.world.log) seen.add(type);
        endsAgree(life);
        replaysChangeNothing(life);
      }),
      { numRuns: 60, seed: 20261102 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(everythingThatMovesMoney));
  });
});

const everythingThatMovesMoney: SweptEvent['type'][] = [
  ...(['IntakeReceived', 'FeeReceived', 'TransferSent', 'TransferReceived', 'BatchFunded', 'FundsReturned'] as const),
  ...(['FundsRecovered', 'RefundReserved', 'RefundReleased', 'DonationRefunded', 'AdministrationSpent'] as const),
  ...(['VoucherIssued', 'VoucherRedeemed', 'RedemptionReversed', 'VoucherExpired', 'VoucherCancelled'] as const),
  ...(['SettlementPaid', 'PaymentReturned', 'BatchFundingRefused'] as const),
];

/** 32 bytes in base64, another one for each voucher. */
function keyOfHolder(voucher: string): string {
  const key = Buffer.alloc(32);
  key.write(voucher);
  return key.toString('base64');
}

/** What the vouchers and the merchants' accounts say of themselves is what the sweep and the books say of them. */
function endsAgree(life: Life): void {
  const { world, sweep, books } = life;
  const ids = life.events('VoucherIssued').map(idOf);
  const balances = ids.map((id) => {
    const voucher = world.voucher(id);
    return voucher.status === 'none' ? 0 : totalOf(voucher.unspent);
  });
  expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(sweep.totals().outstanding);
  const nettedMinor = life.events('SettlementPaid').reduce((sum, { data }) => sum + data.recoveredMinor, 0);
  const recoveredMinor = life.events('FundsRecovered').reduce((sum, { data }) => sum + data.amountMinor, 0);
  expect(recoveredMinor).toBe(nettedMinor);
  for (const account of ['merchant_payable', 'merchant_receivable'] as const) {
    const perMerchant = merchants.map((name) => books.merchantBalance(account, name.slice('merchant-'.length)));
    expect(perMerchant.reduce((sum, balance) => sum + balance, 0)).toBe(books.balances()[account]);
  }
}

/** At least once: every cause is handed to its policy again, as after a crash that lost the checkpoint. */
function replaysChangeNothing({ world }: Life): void {
  const before = [...world.log];
  for (const event of before) {
    if (event.type === 'DayStarted') world.expire(event, (campaign) => lastDays[campaign] as string);
    else world.react(event);
  }
  expect(world.log).toStrictEqual(before);
}

function movementsOf(log: readonly SweptEvent[], { from, to }: { readonly from: number; readonly to: number }): number {
  return log.slice(from, to).reduce((sum, event) => {
    if (event.type !== 'VoucherRedeemed' && event.type !== 'RedemptionReversed') return sum;
    if (event.data.fundingMode === 'prepaid') return sum;
    return event.type === 'VoucherRedeemed' ? sum + event.data.amountMinor : sum - event.data.amountMinor;
  }, 0);
}

function withoutDisclosures(event: SweptEvent): SweptEvent {
  const { private: _private, ...open } = event as SweptEvent & { readonly private?: unknown };
  return open;
}

function oneOf<T>(list: readonly T[], number: number): T | undefined {
  return list.length === 0 ? undefined : list[number % list.length];
}

function idOf({ stream }: SweptEvent): string {
  return stream.slice(stream.indexOf('-') + 1);
}
