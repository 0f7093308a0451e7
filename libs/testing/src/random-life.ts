import type { Signer } from '@aidtrail/envelope';
import fc from 'fast-check';
import { newSigner, publicKeyOf, type LedgerHarness } from './ledger-harness.js';
import { leavesOfType } from './ledger-reading.js';
import { give, issueBatch, redemption, transfer, type ReliefScenario } from './relief-scenario.js';
import { cutOff, startDay } from './relief-settling.js';

const pick = fc.nat(30);
const amount = fc.integer({ min: 1, max: 1_200 });
/** Something that is asked of a ledger; it may well be refused. */
export const lifeStep = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('give' as const), gifts: fc.array(amount, { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('transfer' as const), amount }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('batch' as const),
      count: fc.integer({ min: 1, max: 4 }),
      face: fc.integer({ min: 1, max: 400 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), pick }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('redeem' as const), pick, amount: fc.integer({ min: 1, max: 400 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('reverse' as const), pick, amount: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reissue' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('day' as const), last: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cutoff' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('settle' as const), pick, withhold: fc.constantFrom(0, 0, 30) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bounce' as const), pick }) },
);
export type LifeStep = typeof lifeStep extends fc.Arbitrary<infer S> ? S : never;

/** A random life of a campaign through the real pipeline and the real policies. */
export class RandomLife {
  readonly vouchers: string[] = [];
  private readonly holders = new Map<string, Signer>();
  private readonly settlements: string[] = [];
  private day = 1;

  constructor(
    private readonly h: LedgerHarness,
    private readonly relief: ReliefScenario,
  ) {}

  /** Asks for it, and lets the policies do what follows. */
  async take(one: LifeStep): Promise<void> {
    await this.act(one);
    await this.h.ledger.settle();
  }

  private async act(one: LifeStep): Promise<void> {
    const { h, relief } = this;
    const { till, finance1, programme1, registrar } = relief.keys;
    const voucher = 'pick' in one ? this.vouchers[one.pick % this.vouchers.length] : undefined;
    switch (one.do) {
      case 'give':
        await give(h, relief, one.gifts);
        return;
      case 'transfer':
        await transfer(h, relief, one.amount).catch(() => undefined);
        return;
      case 'batch':
        return this.issue({ count: one.count, faceMinor: one.face });
      case 'claim':
        return this.claim(voucher as string);
      case 'redeem':
        await h.submit(redemption(relief, voucher as string, one.amount), [till, this.holderOf(voucher as string)]);
        return;
      case 'reverse':
        return this.reverse(one);
      case 'cancel':
        await h.submit({ type: 'CancelVoucher', data: { voucher: voucher as string, reason: 'moved-away' } }, [
          programme1,
        ]);
        return;
      case 'reissue':
        await h.submit({ type: 'ReissueVoucher', data: { voucher: voucher as string, reason: 'card-lost' } }, [
          registrar,
        ]);
        return;
      case 'day':
        return this.startDay(one.last);
      case 'cutoff':
        this.settlements.push(...(await cutOff(h, relief)));
        return;
      case 'settle':
        return this.settle(one);
      case 'bounce':
        await h.submit(
          {
            type: 'ReturnPayment',
            data: { settlement: this.settlement(one.pick), reason: 'account-closed', bankDay: '2026-06-01' },
            private: { bankReference: 'came back' },
          },
          [finance1],
        );
    }
  }

  /** After the campaign's last day a batch is refused, and has no vouchers. */
  private async issue(terms: { readonly count: number; readonly faceMinor: number }): Promise<void> {
    const issued = await issueBatch(this.h, this.relief, terms).catch(() => undefined);
    if (issued === undefined) return;
    const { state } = await this.h.ledger.stateOf(`batch-${issued.batch}`);
    if ((state as { readonly status: string }).status === 'completed') this.vouchers.push(...issued.voucherIds);
  }

  private async claim(voucher: string): Promise<void> {
    const holder = newSigner(this.h.entropy);
    const result = await this.h.submit(
      {
        type: 'ClaimVoucher',
        data: { voucher, holder: publicKeyOf(holder), channel: 'self' },
        private: { time: '2026-06-02T03:04:05Z' },
      },
      [this.relief.keys.service, holder],
    );
    if (result.kind === 'accepted') this.holders.set(voucher, holder);
  }

  private holderOf(voucher: string): Signer {
    return this.holders.get(voucher) ?? newSigner(this.h.entropy);
  }

  private async reverse({ pick: which, amount: amountMinor }: { readonly pick: number; readonly amount: number }) {
    const redemptions = await leavesOfType(this.h.store, 'VoucherRedeemed');
    const redeemed = redemptions[which % Math.max(1, redemptions.length)];
    if (redeemed === undefined) return;
    const voucher = redeemed.leaf.stream.slice('voucher-'.length);
    await this.h.submit(
      {
        type: 'ReverseRedemption',
        data: { voucher, redemption: redeemed.stored.id, amountMinor, reason: 'returned-goods' },
      },
      [this.relief.keys.finance1],
    );
  }

  private async startDay(last: boolean): Promise<void> {
    this.day += 1;
    const day = `2026-0${last || this.day > 30 ? 7 : 6}-${String(this.day).padStart(2, '0')}`;
    await startDay(this.h, this.relief, day).catch(() => undefined);
  }

  private settlement(which: number): string {
    return this.settlements[which % Math.max(1, this.settlements.length)] ?? this.relief.campaign;
  }

  /** Whatever step the settlement is at. */
  private async settle(one: { readonly pick: number; readonly withhold: number }): Promise<void> {
    const { finance1, finance2 } = this.relief.keys;
    const settlement = this.settlement(one.pick);
    const { state } = await this.h.ledger.stateOf(`settlement-${settlement}`);
    const { status, adjusted } = state as { status: string; adjusted?: { netMinor: number } };
    const netMinor = adjusted?.netMinor ?? 0;
    const submit = (type: string, data: object, hidden?: object, signer = finance1) =>
      this.h.submit({ type, data: { settlement, ...data }, ...(hidden && { private: hidden }) } as never, [signer]);
    if (status === 'proposed')
      await submit(
        'PrepareSettlement',
        { withheldMinor: one.withhold, releasedMinor: 0 },
        { reason: 'open-questions' },
      );
    else if (status === 'prepared') await submit('ApproveSettlement', { netMinor }, undefined, finance2);
    else if (status === 'instructed' || netMinor === 0)
      await submit(
        'RecordPayment',
        { netMinor, bankDay: '2026-06-01' },
        netMinor === 0 ? {} : { bankReference: 'bank' },
      );
    else await submit('InstructPayment', {}, { instruction: 'pay' });
  }
}
