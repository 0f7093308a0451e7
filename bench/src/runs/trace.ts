import { donationTrace, type DonationTrace, type ReadDatabase } from '@aidtrail/read-models';
import { percentile, type BenchContext, type Measurement } from '../result.js';
import { syntheticLog, type SyntheticLog } from '../synthetic.js';
import { openBenchLedger } from '../world/bench-ledger.js';

const SMALL_GIFTS = 200;
const LARGE_RUNS = 100;

/**
 * A donor's trace, with nothing of it cached by us: every small gift is another one, and the answer for the large gift is
 * computed anew each time. Both went through two transfers and three returns.
 */
export async function trace(context: BenchContext): Promise<readonly Measurement[]> {
  const log = await syntheticLog(context);
  const ledger = await openBenchLedger(log.directory);
  try {
    const { projector, reads, store } = ledger.system;
    if ((await projector.position()) === 0) {
      context.progress('trace: filling the read models');
      await projector.rebuild();
    }
    await projector.catchUp();
    // Statistics and visibility map as autovacuum would have left them.
    await reads.pool.query('vacuum analyze');
    const small = await farTravelled(context, reads, log);
    context.progress(`trace: ${small.length} gifts of one yuan went through three returns`);
    const smallTimes = await timed(small, (key) => donationTrace(reads, key));
    const large = Array.from({ length: context.quick ? 10 : LARGE_RUNS }, () => log.largeGift);
    const largeTimes = await timed(large, (key) => donationTrace(reads, key));
    const traced = (await donationTrace(reads, log.largeGift)) as DonationTrace;
    const notes = [
      `${await store.head()} events; 1 yuan: ${summary(smallTimes)}`,
      `30 % of the line: ${summary(largeTimes)}; ${traced.batches.length} batches, ${traced.funds.length} funds`,
    ];
    const value = Math.max(percentile(smallTimes, 0.99), percentile(largeTimes, 0.99));
    return [{ name: 'trace_p99_ms', value, notes }];
  } finally {
    await ledger.close();
  }
}

/** Small gifts whose fen lie on a voucher of the last campaign: they came home from each of the three before. */
async function farTravelled(context: BenchContext, reads: ReadDatabase, log: SyntheticLog) {
  const found: { readonly intake: string; readonly number: number }[] = [];
  const wanted = context.quick ? 10 : SMALL_GIFTS;
  const { intake, count } = log.smallGifts;
  for (let number = 0; number < count && found.length < wanted; number += 7) {
    const traced = await donationTrace(reads, { intake, number });
    if (traced?.status === 'traced' && traced.batches.some(({ campaign }) => campaign === log.lastCampaign)) {
      // Its neighbour is as likely to have gone the same way and has not been asked for yet.
      found.push({ intake, number: Math.min(number + 1, count - 1) });
    }
  }
  if (found.length === 0) throw new Error('No small gift went through three returns.');
  return found;
}

async function timed<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (const item of items) {
    const start = performance.now();
    await work(item);
    times.push(performance.now() - start);
  }
  return times;
}

function summary(times: readonly number[]): string {
  const ms = (share: number): string => percentile(times, share).toFixed(1);
  return `median ${ms(0.5)}, p99 ${ms(0.99)}, worst ${ms(1)} ms of ${times.length}`;
}
