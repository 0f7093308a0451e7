import { amountMinorOrThrow, feeOf } from '@aidtrail/domain';
import { writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext } from './result.js';
import { openBenchLedger, type BenchLedger } from './world/bench-ledger.js';
import { addDays, openCampaign, startDay } from './world/batches.js';
import { DAYS_OF_LIFE, FACE_MINOR, issue, live } from './world/campaign-life.js';
import { freeMoney, openFund, receiveGifts, transfer, type GiftRow } from './world/money.js';
import { Scribe } from './world/scribe.js';
import { prepareSetting, type Setting } from './world/setting.js';
import { VoucherWriter } from './world/voucher-writer.js';

/** The large log: where it is and whose gifts to trace. Stands beside the ledger as `synthetic.json`. */
export interface SyntheticLog {
  readonly directory: string;
  readonly events: number;
  /** 30 % of the line of the fund that it was given to. */
  readonly largeGift: { readonly intake: string; readonly number: number };
  /** Gifts of one yuan each, numbered from 0. */
  readonly smallGifts: { readonly intake: string; readonly count: number };
  /** Vouchers of the last campaign hold money that came home three times. */
  readonly lastCampaign: string;
}

const FIRST_DAY = '2026-06-02';
const ROUNDS = 4;

let made: Promise<SyntheticLog> | undefined;

/** Makes the log once for all benchmarks of a run, or finds the one that an earlier run kept. */
export function syntheticLog(context: BenchContext): Promise<SyntheticLog> {
  made ??= findOrMake(context);
  return made;
}

async function findOrMake(context: BenchContext): Promise<SyntheticLog> {
  const directory = context.logDirectory ?? (await context.newDirectory());
  const file = join(directory, 'synthetic.json');
  const found = await readFile(file, 'utf8').catch(() => undefined);
  if (found !== undefined) return { ...(JSON.parse(found) as SyntheticLog), directory };
  const start = performance.now();
  const ledger = await openBenchLedger(directory);
  try {
    const log = { directory, ...(await tell(context, ledger, context.quick ? 20_000 : 1_000_000)) };
    await writeFile(file, JSON.stringify(log));
    context.progress(`log of ${log.events} events made in ${((performance.now() - start) / 1_000).toFixed(0)} s`);
    return log;
  } finally {
    await ledger.close();
  }
}

/**
 * The story: gifts reach a fund and go on through two others; four campaigns follow each other, each with the money that
 * the vouchers of the one before did not spend. Gifts, transfers, issues, expiries and returns run through the real
 * ledger and its policies; claims, redemptions and reversals are decided by the real decider and written in bulk.
 */
async function tell(
  context: BenchContext,
  ledger: BenchLedger,
  events: number,
): Promise<Omit<SyntheticLog, 'directory'>> {
  const setting = await prepareSetting(ledger, { merchants: 20, tillsAStore: 2 });
  await startDay(ledger, setting, FIRST_DAY);
  const households = Math.floor(events * 0.094);
  context.progress('log: gifts');
  const { fund, largeGift, smallGifts } = await gifts(ledger, setting, { events, totalMinor: households * FACE_MINOR });
  const scribe = await Scribe.open(ledger.system.store, ledger.keys.eventSeed);
  const writer = new VoucherWriter(ledger, setting, scribe);
  let firstPerson = 0;
  let lastCampaign = '';
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const firstDay = addDays(FIRST_DAY, round * DAYS_OF_LIFE);
      const count = wholeFaces(await freeMoney(ledger, fund));
      const campaign = await openCampaign(ledger, setting, {
        fund,
        name: `Campaign ${round + 1}`,
        firstDay,
        lastDay: addDays(firstDay, DAYS_OF_LIFE - 1),
      });
      context.progress(
        `log: campaign ${round + 1} with ${count} vouchers, ${await ledger.system.store.head()} events so far`,
      );
      const batches = await issue(ledger, setting, { campaign, count, firstPerson });
      firstPerson += count;
      lastCampaign = campaign.id;
      await scribe.resume();
      const isLast = round === ROUNDS - 1;
      await live({ ledger, setting, scribe, writer }, batches, { firstDay, fillTo: isLast ? events : undefined });
      if (isLast) break;
      await startDay(ledger, setting, addDays(firstDay, DAYS_OF_LIFE));
      context.progress(`log: campaign ${round + 1} ends, ${await ledger.system.store.head()} events so far`);
      await ledger.system.ledger.settle();
      await ledger.refreshAnchor();
    }
    return { events: await ledger.system.store.head(), largeGift, smallGifts, lastCampaign };
  } finally {
    await scribe.close();
  }
}

async function gifts(
  ledger: BenchLedger,
  setting: Setting,
  size: { readonly events: number; readonly totalMinor: number },
) {
  const small = Math.floor(size.events / 10);
  const others = Math.floor(size.events / 500);
  const large = feeOf(amountMinorOrThrow(size.totalMinor), 3_000);
  const rest = size.totalMinor - large - small * 100;
  const administrationFund = await openFund(ledger, setting, { kind: 'administration', name: 'Administration' });
  const fee = { basisPoints: 300, administrationFund };
  const funds: string[] = [];
  for (const name of ['Gifts', 'Reserve', 'Relief'])
    funds.push(await openFund(ledger, setting, { kind: 'general', name, fee }));
  const [first, second, third] = funds as [string, string, string];
  const rows = (count: number, amountMinor: number, kind: string): GiftRow[] =>
    Array.from({ length: count }, (_, i) => ({ paymentReference: `${kind}-${i}`, amountMinor }));
  const intake = await receiveGifts(ledger, setting, first, rows(1, large, 'company'));
  const smallIntake = await receiveGifts(ledger, setting, first, rows(small, 100, 'page'));
  await receiveGifts(ledger, setting, first, rows(others, Math.floor(rest / others), 'people'));
  await ledger.system.ledger.settle();
  for (const [fund, toFund] of [
    [first, second],
    [second, third],
  ] as const) {
    await transfer(ledger, setting, { fund, toFund, amountMinor: await freeMoney(ledger, fund) });
    await ledger.system.ledger.settle();
  }
  return { fund: third, largeGift: { intake, number: 0 }, smallGifts: { intake: smallIntake, count: small } };
}

/** How many vouchers of the face value the money pays for. */
function wholeFaces(free: number): number {
  return Math.floor(free / FACE_MINOR);
}
