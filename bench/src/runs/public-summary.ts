import { percentile, type BenchContext, type Measurement } from '../result.js';
import { profileOptions } from '../profile.js';
import { syntheticLog } from '../synthetic.js';
import { benchConfig, openBenchLedger } from '../world/bench-ledger.js';
import { Child } from './children.js';

/** What anybody may ask of the programme as a whole. Those that a server does not have yet are left out, and named. */
const ADDRESSES = [
  'public/figures',
  'public/figures/disclosed',
  'public/figures.csv?table=totals',
  'campaigns',
  'ledger',
  'log/status',
] as const;
const READERS = 8;

/**
 * The public summaries of a ledger of 1 M events, asked of the real server by several readers at a time. The value is the
 * p99 of the slowest address that is there.
 */
export async function publicSummary(context: BenchContext): Promise<readonly Measurement[]> {
  const log = await syntheticLog(context);
  await fillReadModels(context, log.directory);
  const server = new Child(new URL('./server-child.js', import.meta.url), {
    execArgv: profileOptions(context, 'public-summary-server'),
    input: benchConfig(log.directory, { slotMilliseconds: 900_000, logLevel: 'info' }),
    quiet: true,
  });
  try {
    const { url } = await server.next<{ readonly url: string }>();
    const worst: number[] = [];
    const notes: string[] = [`${log.events} events, ${READERS} readers at a time`];
    for (const address of ADDRESSES) {
      const { status } = await fetch(`${url}/${address}`);
      if (status !== 200) {
        notes.push(`${address}: ${status}, not measured`);
        continue;
      }
      context.progress(`portal_summary: ${address}`);
      const times = await ask(`${url}/${address}`, context.quick ? 200 : 4_000);
      worst.push(percentile(times, 0.99));
      const ms = (share: number): string => percentile(times, share).toFixed(1);
      notes.push(`${address}: median ${ms(0.5)}, p99 ${ms(0.99)}, worst ${ms(1)} ms`);
    }
    server.send('stop');
    await server.exit();
    return [{ name: 'portal_summary_p99_ms', value: Math.max(...worst), notes }];
  } finally {
    await server.end();
  }
}

/** The server is to be measured, not what it has to catch up with. */
async function fillReadModels(context: BenchContext, directory: string): Promise<void> {
  const ledger = await openBenchLedger(directory);
  try {
    const { projector, reads } = ledger.system;
    if ((await projector.position()) === 0) {
      context.progress('portal_summary: filling the read models');
      await projector.rebuild();
    }
    await projector.catchUp();
    await reads.pool.query('vacuum analyze');
  } finally {
    await ledger.close();
  }
}

async function ask(url: string, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  let left = count;
  const reader = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const start = performance.now();
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`);
      times.push(performance.now() - start);
    }
  };
  // Connections, caches and compiled code are there before the clock counts.
  left = 200;
  await Promise.all(Array.from({ length: READERS }, reader));
  times.length = 0;
  left = count;
  await Promise.all(Array.from({ length: READERS }, reader));
  return times;
}
