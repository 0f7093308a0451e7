import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { median, percentile, type BenchContext, type Measurement } from '../result.js';
import { profileOptions } from '../profile.js';
import { addDays, openCampaign, startDay } from '../world/batches.js';
import { benchConfig, openBenchLedger, type BenchLedger } from '../world/bench-ledger.js';
import { DAYS_OF_LIFE, FACE_MINOR, issue, live } from '../world/campaign-life.js';
import { openFund, receiveGifts } from '../world/money.js';
import { Scribe } from '../world/scribe.js';
import { prepareSetting } from '../world/setting.js';
import { VoucherWriter } from '../world/voucher-writer.js';
import { Child } from './children.js';

const FIRST_DAY = '2026-06-02';
const GIFT_MINOR = 100;
const GIFTS_AN_INTAKE = 50_000;
const ASKED = 400;

/**
 * What a donor of one yuan waits for, of whom there are a million in one fund: `POST /traces` of the real server, each time
 * with another trace code. Nine tenths of the fund became vouchers that households have claimed and shop with.
 */
export async function traceMicro(context: BenchContext): Promise<readonly Measurement[]> {
  const directory = await directoryOf(context);
  const gifts = context.quick ? 20_000 : 1_000_000;
  const { codes, events } = await prepare(context, directory, gifts);
  const server = new Child(new URL('./server-child.js', import.meta.url), {
    execArgv: profileOptions(context, 'trace-micro-server'),
    input: benchConfig(directory, { slotMilliseconds: 900_000, logLevel: 'info' }),
    quiet: true,
  });
  try {
    const { url } = await server.next<{ readonly url: string }>();
    // Connections and compiled code are there before the clock counts.
    for (const code of codes.slice(0, 20)) await ask(url, code);
    const times: number[] = [];
    for (const code of codes.slice(20)) {
      const start = performance.now();
      await ask(url, code);
      times.push(performance.now() - start);
    }
    server.send('stop');
    await server.exit();
    const notes = [
      `${gifts} gifts of 1 yuan in the fund, ${events} events; ${times.length} traces, one after the other`,
      `median ${median(times).toFixed(1)}, p99 ${percentile(times, 0.99).toFixed(1)}, worst ${Math.max(...times).toFixed(1)} ms`,
    ];
    return [{ name: 'portal_trace_micro_ms', value: percentile(times, 0.99), notes }];
  } finally {
    await server.end();
  }
}

async function ask(url: string, traceCode: string): Promise<void> {
  const response = await fetch(`${url}/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ traceCode }),
  });
  const answer = (await response.json()) as { readonly amountMinor?: number };
  if (response.status !== 200) throw new Error(`POST /traces answered ${response.status}: ${JSON.stringify(answer)}`);
}

async function directoryOf(context: BenchContext): Promise<string> {
  if (context.logDirectory === undefined) return context.newDirectory();
  const directory = join(context.logDirectory, 'micro');
  await mkdir(directory, { recursive: true, mode: 0o755 });
  return directory;
}

/** Makes the ledger unless an earlier run has kept it, and fills its read models. */
async function prepare(
  context: BenchContext,
  directory: string,
  gifts: number,
): Promise<{ readonly codes: readonly string[]; readonly events: number }> {
  const ledger = await openBenchLedger(directory);
  try {
    const { donors, projector, reads, store } = ledger.system;
    if ((await store.head()) < gifts) await tell(context, ledger, gifts);
    if ((await projector.position()) === 0) {
      context.progress('trace_micro: filling the read models');
      await projector.rebuild();
    }
    await projector.catchUp();
    await reads.pool.query('vacuum analyze');
    const rows = await reads.db.selectFrom('intakes').select(['intake', 'count']).orderBy('intake').execute();
    const codes: string[] = [];
    const each = Math.ceil(ASKED / rows.length);
    for (const { intake, count } of rows)
      for (let i = 0; i < each; i += 1) {
        const [page] = await donors.traceCodes(intake, Math.floor((i * count) / each), 1);
        if (page?.traceCode !== undefined) codes.push(page.traceCode);
      }
    return { codes, events: await store.head() };
  } finally {
    await ledger.close();
  }
}

async function tell(context: BenchContext, ledger: BenchLedger, gifts: number): Promise<void> {
  const setting = await prepareSetting(ledger, { merchants: 20, tillsAStore: 2 });
  await startDay(ledger, setting, FIRST_DAY);
  const fund = await openFund(ledger, setting, { kind: 'general', name: 'Gifts' });
  for (let done = 0; done < gifts; done += GIFTS_AN_INTAKE) {
    context.progress(`trace_micro: ${done} gifts`);
    const rows = Array.from({ length: Math.min(GIFTS_AN_INTAKE, gifts - done) }, (_, i) => ({
      paymentReference: `gift-${done + i}`,
      amountMinor: GIFT_MINOR,
    }));
    await receiveGifts(ledger, setting, fund, rows);
    await ledger.system.ledger.settle();
  }
  const lastDay = addDays(FIRST_DAY, DAYS_OF_LIFE - 1);
  const campaign = await openCampaign(ledger, setting, { fund, name: 'Campaign', firstDay: FIRST_DAY, lastDay });
  const count = Math.floor((gifts * GIFT_MINOR * 0.9) / FACE_MINOR);
  context.progress(`trace_micro: a campaign with ${count} vouchers`);
  const batches = await issue(ledger, setting, { campaign, count, firstPerson: 0 });
  const scribe = await Scribe.open(ledger.system.store, ledger.keys.eventSeed);
  try {
    await scribe.resume();
    const writer = new VoucherWriter(ledger, setting, scribe);
    await live({ ledger, setting, scribe, writer }, batches, { firstDay: FIRST_DAY, fillTo: undefined });
  } finally {
    await scribe.close();
  }
}
