import type { KeyState } from '@aidtrail/domain';
import { base64Encode } from '@aidtrail/envelope';
import { readFiguresKeyOrThrow } from '@aidtrail/nest';
import { setTimeout as pause } from 'node:timers/promises';
import { percentile, type BenchContext, type Measurement } from '../result.js';
import { profileOptions } from '../profile.js';
import { syntheticLog } from '../synthetic.js';
import { benchConfig, openBenchLedger, type BenchLedger } from '../world/bench-ledger.js';
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
  await publishAll(context, log.directory);
  const server = serve(context, log.directory, 900_000);
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
    await enrolFiguresKey(ledger);
    await reads.pool.query('vacuum analyze');
  } finally {
    await ledger.close();
  }
}

function serve(context: BenchContext, directory: string, slotMilliseconds: number): Child {
  return new Child(new URL('./server-child.js', import.meta.url), {
    execArgv: profileOptions(context, 'public-summary-server'),
    input: benchConfig(directory, { slotMilliseconds, logLevel: 'info' }),
    quiet: true,
  });
}

/** A server publishes figures and the files of the log, which would keep it busy while it is measured. */
async function publishAll(context: BenchContext, directory: string): Promise<void> {
  context.progress('portal_summary: publishing figures and log');
  const server = serve(context, directory, 1_000);
  try {
    const { url } = await server.next<{ readonly url: string }>();
    for (let published = -1; ;) {
      const figures = await fetch(`${url}/public/figures`);
      await figures.arrayBuffer();
      const { publishedSize } = (await (await fetch(`${url}/log/status`)).json()) as { readonly publishedSize: number };
      if (figures.status === 200 && publishedSize > 0 && publishedSize === published) break;
      published = publishedSize;
      await pause(3_000);
    }
    server.send('stop');
    await server.exit();
  } finally {
    await server.end();
  }
}

/** The key that signs figures, which nobody has enrolled in a ledger without a story of its officers. */
async function enrolFiguresKey(ledger: BenchLedger): Promise<void> {
  const { keyId, publicKey } = await readFiguresKeyOrThrow(ledger.config.dataDirectory);
  const { state } = await ledger.system.ledger.stateOf(`key-${keyId}`);
  if ((state as KeyState).status !== 'none') return;
  await ledger.refreshAnchor();
  const data = { publicKey: base64Encode(publicKey), role: 'service' as const, officer: 'service-figures' };
  await ledger.submit([ledger.roots[0]], { type: 'EnrollKey', data, private: {} });
  await ledger.submit([ledger.roots[1]], { type: 'ApproveKey', data: { key: keyId } });
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
  left = 1_000;
  await Promise.all(Array.from({ length: READERS }, reader));
  times.length = 0;
  left = count;
  await Promise.all(Array.from({ length: READERS }, reader));
  return times;
}
