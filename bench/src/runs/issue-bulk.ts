import type { BenchContext, Measurement } from '../result.js';
import { openBenchLedger, type BenchLedger } from '../world/bench-ledger.js';
import { draftBatch, openCampaign, type Campaign } from '../world/batches.js';
import { openFund, receiveGifts } from '../world/money.js';
import { prepareSetting, type Setting } from '../world/setting.js';
import { median } from '../result.js';

const FACE_MINOR = 10_000;

/** From the approval of a batch to its BatchCompleted, by the durable policies as the server runs them. */
export async function issueBulk(context: BenchContext): Promise<readonly Measurement[]> {
  const count = context.quick ? 5_000 : 100_000;
  const runs = context.quick ? 1 : 3;
  const ledger = await openBenchLedger(await context.newDirectory());
  try {
    const setting = await prepareSetting(ledger, { merchants: 1, tillsAStore: 1 });
    const campaign = await fundedCampaign(ledger, setting, count * runs);
    const rates: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      context.progress(`issue_bulk: preparing ${count} households (run ${run + 1} of ${runs})`);
      const order = { campaign, count, firstPerson: run * count, faceMinor: FACE_MINOR };
      rates.push(await issueOnce(ledger, setting, order));
    }
    const notes = [`${count} vouchers a run; runs: ${rates.map(Math.round).join(', ')} per second`];
    return [{ name: 'issue_bulk_per_s', value: median(rates), notes }];
  } finally {
    await ledger.close();
  }
}

async function issueOnce(
  ledger: BenchLedger,
  setting: Setting,
  order: Parameters<typeof draftBatch>[2],
): Promise<number> {
  const { batch, approve: approveBatch } = await draftBatch(ledger, setting, order);
  const { ledger: policies } = ledger.system;
  await policies.settle();
  const stopping = new AbortController();
  const running = policies.run(stopping.signal);
  try {
    const start = performance.now();
    await approveBatch();
    for (;;) {
      const { state } = await policies.stateOf(`batch-${batch.id}`);
      if ((state as { readonly status: string }).status === 'completed') break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return order.count / ((performance.now() - start) / 1_000);
  } finally {
    stopping.abort();
    await running;
  }
}

export async function fundedCampaign(ledger: BenchLedger, setting: Setting, vouchers: number): Promise<Campaign> {
  const fund = await openFund(ledger, setting, { kind: 'general', name: 'General fund' });
  await receiveGifts(ledger, setting, fund, [{ paymentReference: 'bank-1', amountMinor: vouchers * FACE_MINOR }]);
  await ledger.system.ledger.settle();
  const days = { firstDay: '2026-06-01', lastDay: '2026-12-31' };
  return openCampaign(ledger, setting, { fund, name: 'Bench campaign', ...days });
}
