import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext } from '../result.js';
import { openBenchLedger } from './bench-ledger.js';
import { startDay } from './batches.js';
import { openFund, receiveGifts } from './money.js';
import { foundIn, publishedFrom, type PublishedLog } from './published-log.js';
import { prepareSetting } from './setting.js';

const FIRST_DAY = '2026-06-02';
const GIFTS_AN_INTAKE = 50_000;

/** A log of almost nothing but gifts, which the ledger alone signs: one signature an event. Kept beside the large log. */
export async function bulkLog(context: BenchContext): Promise<PublishedLog> {
  const directory = await directoryOf(context);
  const found = await foundIn(directory);
  if (found !== undefined) return found;
  const ledger = await openBenchLedger(directory);
  try {
    const setting = await prepareSetting(ledger, { merchants: 1, tillsAStore: 1 });
    await startDay(ledger, setting, FIRST_DAY);
    const fund = await openFund(ledger, setting, { kind: 'general', name: 'Gifts' });
    const gifts = context.quick ? 10_000 : 1_000_000;
    for (let done = 0; done < gifts; done += GIFTS_AN_INTAKE) {
      context.progress(`bulk log: ${done} gifts`);
      const count = Math.min(GIFTS_AN_INTAKE, gifts - done);
      const rows = Array.from({ length: count }, (_, i) => ({
        paymentReference: `gift-${done + i}`,
        amountMinor: 100,
      }));
      await receiveGifts(ledger, setting, fund, rows);
      await ledger.system.ledger.settle();
    }
  } finally {
    await ledger.close();
  }
  return publishedFrom(directory, context);
}

async function directoryOf(context: BenchContext): Promise<string> {
  if (context.logDirectory === undefined) return context.newDirectory();
  const directory = join(context.logDirectory, 'bulk');
  await mkdir(directory, { recursive: true, mode: 0o755 });
  return directory;
}
