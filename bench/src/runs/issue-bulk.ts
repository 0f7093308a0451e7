import type { BenchContext, Measurement } from '../result.js';
import { openBenchLedger, type BenchLedger } from '../world/bench-ledger.js';
import { draftBatch } from '../world/batches.js';
import { fundedCampaign } from '../world/funded-campaign.js';
import { profiled } from '../profile.js';
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
    const campaign = await fundedCampaign(ledger, setting, { vouchers: count * runs, faceMinor: FACE_MINOR });
    const rates: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      context.progress(`issue_bulk: preparing ${count} households (run ${run + 1} of ${runs})`);
      const order = { campaign, count, firstPerson: run * count, faceMinor: FACE_MINOR };
      rates.push(await profiled(context, `issue-bulk-${run + 1}`, await preparedIssue(ledger, setting, order)));
    }
    const notes = [`${count} vouchers a run; runs: ${rates.map(Math.round).join(', ')} per second`];
    return [{ name: 'issue_bulk_per_s', value: median(rates), notes }];
  } finally {
    await ledger.close();
  }
}

/** All but the last approval is done; the function returned does that, waits, and tells the vouchers per second. */
async function preparedIssue(
  ledger: BenchLedger,
  setting: Setting,
  order: Parameters<typeof draftBatch>[2],
): Promise<() => Promise<number>> {
  const { batch, approve: approveBatch } = await draftBatch(ledger, setting, order);
  await ledger.system.ledger.settle();
  return () => issueNow(ledger, batch.id, { count: order.count, approve: approveBatch });
}

async function issueNow(
  ledger: BenchLedger,
  batch: string,
  of: { readonly count: number; readonly approve: () => Promise<void> },
): Promise<number> {
  const { ledger: policies } = ledger.system;
  const stopping = new AbortController();
  const running = Promise.all([policies.follow(stopping.signal), policies.work(stopping.signal)]);
  try {
    const start = performance.now();
    await of.approve();
    for (;;) {
      const { state } = await policies.stateOf(`batch-${batch}`);
      if ((state as { readonly status: string }).status === 'completed') break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return of.count / ((performance.now() - start) / 1_000);
  } finally {
    stopping.abort();
    await running;
  }
}
