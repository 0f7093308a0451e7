import { percentile, type BenchContext, type Measurement } from '../result.js';
import { profileOptions } from '../profile.js';
import { benchConfig, openBenchLedger } from '../world/bench-ledger.js';
import { claimedVouchers } from '../world/claimed-vouchers.js';
import { Child } from './children.js';
import type { LoadPlan, LoadReport } from './load-child.js';
import type { ServerState } from './server-child.js';

const IN_FLIGHT = 64;
const ARRIVALS_A_SECOND = 500;

type Target = Omit<LoadPlan, 'url' | 'load' | 'vouchers'>;

/**
 * Sales through the real server, in a process of its own, with everything that it does beside (policies, read models,
 * checkpoints). The load generator is a third process; all share the machine with PostgreSQL.
 */
export async function redeemHttp(context: BenchContext): Promise<readonly Measurement[]> {
  const count = context.quick ? 24_000 : 120_000;
  const forWarmUp = context.quick ? 5_000 : 50_000;
  const seconds = context.quick ? { warmUp: 2, closed: 10, open: 6 } : { warmUp: 20, closed: 60, open: 20 };
  const arrivals = ARRIVALS_A_SECOND * seconds.open;
  const directory = await context.newDirectory();
  context.progress(`redeem_http: preparing ${count + forWarmUp + arrivals} claimed vouchers`);
  const { target, vouchers } = await prepare(directory, count + forWarmUp + arrivals);
  const server = new Child(new URL('./server-child.js', import.meta.url), {
    // `npm run bench` starts node as the Dockerfile does, with room for the garbage collector.
    execArgv: [...process.execArgv, ...profileOptions(context, 'redeem-http-server')],
    input: benchConfig(directory, { slotMilliseconds: 900_000, logLevel: 'info' }),
    quiet: true,
  });
  try {
    const { url } = await server.next<{ readonly url: string }>();
    const at = { ...target, url };
    // A shop meets a server that has run for a while: what it sells first, V8 has still to compile.
    context.progress(`redeem_http: ${IN_FLIGHT} tills for ${seconds.warmUp} s, to warm up`);
    const warmUp = await run(context, server, {
      ...at,
      vouchers: vouchers.slice(arrivals, arrivals + forWarmUp),
      load: { kind: 'closed', inFlight: IN_FLIGHT, seconds: seconds.warmUp },
    });
    context.progress(`redeem_http: ${IN_FLIGHT} tills for ${seconds.closed} s`);
    const closed = await run(context, server, {
      ...at,
      vouchers: vouchers.slice(arrivals + forWarmUp),
      load: { kind: 'closed', inFlight: IN_FLIGHT, seconds: seconds.closed },
    });
    context.progress(`redeem_http: ${ARRIVALS_A_SECOND} arrivals a second for ${seconds.open} s`);
    const open = await run(context, server, {
      ...at,
      vouchers: vouchers.slice(0, arrivals),
      load: { kind: 'open', perSecond: ARRIVALS_A_SECOND, seconds: seconds.open },
    });
    server.send('stop');
    await server.exit();
    return [
      {
        name: 'redeem_http_per_s',
        value: closed.accepted / closed.seconds,
        notes: [
          ...notesOf(closed),
          `before, in the first ${warmUp.seconds.toFixed(0)} s: ${(warmUp.accepted / warmUp.seconds).toFixed(0)} a second`,
        ],
      },
      { name: 'redeem_http_p99_ms_at_500', value: percentile(open.latenciesMs, 0.99), notes: notesOf(open) },
    ];
  } finally {
    await server.end();
  }
}

async function prepare(directory: string, count: number): Promise<{ target: Target; vouchers: readonly string[] }> {
  const ledger = await openBenchLedger(directory);
  try {
    const { setting, vouchers } = await claimedVouchers(ledger, { count, merchants: 16, tillsAStore: IN_FLIGHT / 16 });
    // The server starts with nothing left to do, and PostgreSQL too: statistics and visibility map are as autovacuum would
    // have left them.
    await ledger.system.projector.catchUp();
    await ledger.system.reads.pool.query('vacuum analyze');
    const stores = setting.stores.map(({ id, merchant, tills }) => ({ id, merchant, tills: tills.length }));
    return { target: { origin: ledger.file.origin, anchor: ledger.anchor(), stores }, vouchers };
  } finally {
    await ledger.close();
  }
}

interface Run extends LoadReport {
  readonly serverCpuSeconds: number;
}

/** One load on the server; every confirmed sale must be stored, and nothing else. */
async function run(context: BenchContext, server: Child, plan: LoadPlan): Promise<Run> {
  const load = new Child(new URL('./load-child.js', import.meta.url), {
    execArgv: profileOptions(context, `redeem-http-load-${plan.load.kind}`),
    input: plan,
  });
  try {
    await load.next<'ready'>();
    const before = await stateOf(server);
    load.send('go');
    const report = await load.next<LoadReport>();
    const after = await stateOf(server);
    await load.exit();
    return checked(report, { before, after });
  } finally {
    await load.end();
  }
}

function checked(
  report: LoadReport,
  { before, after }: { readonly before: ServerState; readonly after: ServerState },
): Run {
  if (report.accepted === 0) throw new Error(`No sale was accepted: ${report.firstFailure}`);
  const stored = after.head - before.head;
  if (stored !== report.accepted) throw new Error(`${report.accepted} sales were confirmed, ${stored} are stored.`);
  return { ...report, serverCpuSeconds: after.cpuSeconds - before.cpuSeconds };
}

async function stateOf(server: Child): Promise<ServerState> {
  server.send('state');
  return server.next<ServerState>();
}

function notesOf(report: Run): readonly string[] {
  const { accepted, failed, firstFailure, seconds, latenciesMs, cpuSeconds, serverCpuSeconds } = report;
  const each = (cpu: number): string => ((cpu / accepted) * 1e6).toFixed(0);
  const ms = (share: number): string => percentile(latenciesMs, share).toFixed(1);
  return [
    `${accepted} accepted, ${failed} not, in ${seconds.toFixed(1)} s; median ${ms(0.5)}, p99 ${ms(0.99)}, worst ${ms(1)} ms`,
    `processor time a sale: server ${each(serverCpuSeconds)} µs, load generator ${each(cpuSeconds)} µs (without PostgreSQL)`,
    ...(firstFailure === undefined ? [] : [`first refusal: ${firstFailure}`]),
  ];
}
