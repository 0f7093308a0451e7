import { DeciderCommandHandler, type Command, type Event } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { sodiumSigner } from '@aidtrail/crypto-node';
import { createDatabase, startEmbeddedPostgres } from '@aidtrail/event-store/embedded';
import { median, type BenchContext, type Measurement } from '../result.js';
import { profiled } from '../profile.js';
import { inFlight, openBenchLedger } from '../world/bench-ledger.js';
import { claimedVouchers } from '../world/claimed-vouchers.js';
import { holderSeed } from '../world/setting.js';

const IN_FLIGHT = 64;
const AMOUNT_MINOR = 2_000;

/**
 * The same command (read a stream of two events, decide, append one) on the same PostgreSQL: ours with two signatures
 * verified, the event and the answer signed, against the framework without any. Their median rates and the ratio.
 */
export async function emmett(context: BenchContext): Promise<readonly Measurement[]> {
  const runs = context.quick ? 1 : 3;
  const count = context.quick ? 500 : 5_000;
  const directory = await context.newDirectory();
  const server = await startEmbeddedPostgres({ dataDirectory: directory, database: 'aidtrail' });
  try {
    await createDatabase(server.connectionString, 'emmett');
    const url = new URL(server.connectionString);
    url.pathname = '/emmett';
    context.progress(`emmett: ${runs} runs of ${count} commands each`);
    const ours = await ourRates(context, { directory, databaseUrl: server.connectionString, runs, count });
    const theirs = await theirRates(context, { connectionString: url.href, runs, count });
    const notes = (rates: readonly number[]): readonly string[] => [
      `runs: ${rates.map(Math.round).join(', ')} per second`,
    ];
    return [
      {
        name: 'redeem_in_process_per_s',
        value: median(ours),
        notes: ['commands signed before the clock starts', ...notes(ours)],
      },
      { name: 'emmett_command_per_s', value: median(theirs), notes: notes(theirs) },
      { name: 'redeem_to_emmett_ratio', value: median(ours) / median(theirs), notes: [] },
    ];
  } finally {
    await server.stop();
  }
}

interface Size {
  readonly runs: number;
  readonly count: number;
}

async function ourRates(
  context: BenchContext,
  of: Size & { readonly directory: string; readonly databaseUrl: string },
): Promise<readonly number[]> {
  const ledger = await openBenchLedger(of.directory, { databaseUrl: of.databaseUrl });
  try {
    const size = { count: of.runs * of.count, merchants: 16, tillsAStore: 4 };
    const { setting, vouchers } = await claimedVouchers(ledger, size);
    const rates: number[] = [];
    for (let run = 0; run < of.runs; run += 1) {
      const commands = vouchers.slice(run * of.count, (run + 1) * of.count).map((voucher, i) => {
        const store = setting.stores[i % setting.stores.length];
        const till = store?.tills[0];
        if (store === undefined || till === undefined) throw new Error('There is no till.');
        const basket = [{ category: 'grain', quantity: 1, amountMinor: AMOUNT_MINOR }];
        return ledger.build([till, sodiumSigner(holderSeed(setting.numbers, voucher))], {
          type: 'RedeemVoucher',
          data: { voucher, amountMinor: AMOUNT_MINOR, consent: 'holder' },
          private: { merchant: store.merchant, store: store.id, time: '2026-06-02T03:04:05Z', basket },
        });
      });
      const work = () =>
        inFlight(commands, IN_FLIGHT, async (command) => {
          const result = await ledger.system.ledger.handle(command);
          if (result.kind !== 'accepted') throw new Error(`A redemption was ${result.kind}.`);
        });
      rates.push(await perSecond(of.count, () => profiled(context, `redeem-in-process-${run + 1}`, work)));
    }
    return rates;
  } finally {
    await ledger.close();
  }
}

type VoucherEvent =
  | Event<'VoucherIssued', { readonly batch: string; readonly number: number; readonly faceMinor: number }>
  | Event<'VoucherClaimed', { readonly holder: string; readonly channel: string }>
  | Event<'VoucherRedeemed', { readonly amountMinor: number; readonly merchant: string; readonly consent: string }>;
type Redeem = Command<'RedeemVoucher', { readonly amountMinor: number; readonly merchant: string }>;
interface Balance {
  readonly isClaimed: boolean;
  readonly leftMinor: number;
}

const handleRedeem = DeciderCommandHandler<Balance, Redeem, VoucherEvent>({
  initialState: () => ({ isClaimed: false, leftMinor: 0 }),
  decide: ({ data }, state) => {
    if (!state.isClaimed || data.amountMinor > state.leftMinor) throw new Error('The redemption was refused.');
    return { type: 'VoucherRedeemed', data: { ...data, consent: 'holder' } };
  },
  evolve: (state, { type, data }) => {
    switch (type) {
      case 'VoucherIssued':
        return { ...state, leftMinor: data.faceMinor };
      case 'VoucherClaimed':
        return { ...state, isClaimed: true };
      case 'VoucherRedeemed':
        return { ...state, leftMinor: state.leftMinor - data.amountMinor };
    }
  },
});

async function theirRates(
  context: BenchContext,
  of: Size & { readonly connectionString: string },
): Promise<readonly number[]> {
  const store = getPostgreSQLEventStore(of.connectionString);
  try {
    const streams = Array.from({ length: of.runs * of.count }, (_, i) => `voucher-${i}`);
    context.progress(`emmett: ${streams.length} streams of two events`);
    await inFlight(streams, IN_FLIGHT, (stream) =>
      store.appendToStream<VoucherEvent>(stream, [
        { type: 'VoucherIssued', data: { batch: 'batch-1', number: 1, faceMinor: 10_000 } },
        { type: 'VoucherClaimed', data: { holder: 'A'.repeat(44), channel: 'self' } },
      ]),
    );
    const rates: number[] = [];
    for (let run = 0; run < of.runs; run += 1) {
      const part = streams.slice(run * of.count, (run + 1) * of.count);
      const command: Redeem = { type: 'RedeemVoucher', data: { amountMinor: AMOUNT_MINOR, merchant: 'merchant-1' } };
      rates.push(
        await perSecond(of.count, () => inFlight(part, IN_FLIGHT, (stream) => handleRedeem(store, stream, command))),
      );
    }
    return rates;
  } finally {
    await store.close();
  }
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return count / ((performance.now() - start) / 1_000);
}
