import type { BenchContext, Measurement } from '../result.js';
import { profiled } from '../profile.js';
import { syntheticLog } from '../synthetic.js';
import { openBenchLedger } from '../world/bench-ledger.js';

/** All read models from position 0, with the disclosures opened by the registers' real keys. */
export async function rebuild(context: BenchContext): Promise<readonly Measurement[]> {
  const { directory } = await syntheticLog(context);
  const ledger = await openBenchLedger(directory);
  try {
    context.progress('rebuild: read models from position 0');
    const start = performance.now();
    let told = 0;
    const work = () =>
      ledger.system.projector.rebuild({
        onProgress: (done, head) => {
          if (done < told + head / 10) return;
          told = done;
          context.progress(`rebuild: ${done} of ${head} in ${((performance.now() - start) / 1_000).toFixed(0)} s`);
        },
      });
    const events = await profiled(context, 'rebuild', work);
    const seconds = (performance.now() - start) / 1_000;
    return [
      {
        name: 'rebuild_per_s',
        value: events / seconds,
        notes: [`${events} events in ${seconds.toFixed(1)} s, one run`],
      },
    ];
  } finally {
    await ledger.close();
  }
}
