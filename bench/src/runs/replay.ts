import { startEmbeddedPostgres } from '@aidtrail/event-store/embedded';
import { median, type BenchContext, type Measurement } from '../result.js';
import { syntheticLog } from '../synthetic.js';
import { profileOptions } from '../profile.js';
import { Child } from './children.js';
import type { ReplayReport } from './replay-child.js';

/** The store of 1 M events into domain state, leaf hashes and the Merkle root; in a process of its own, one thread. */
export async function replay(context: BenchContext): Promise<readonly Measurement[]> {
  const { directory } = await syntheticLog(context);
  const server = await startEmbeddedPostgres({ dataDirectory: directory, database: 'aidtrail' });
  try {
    const reports: ReplayReport[] = [];
    for (let run = 0; run < (context.quick ? 1 : 3); run += 1) {
      context.progress(`replay: run ${run + 1}`);
      reports.push(await replayOnce(context, server.connectionString));
    }
    const rates = reports.map(({ events, seconds }) => events / seconds);
    const [first] = reports;
    const notes = [
      `${first?.events} events, ${first?.streams} streams, root ${first?.root}; runs: ${rates.map(Math.round).join(', ')} per second`,
    ];
    const memory = [`resident memory in MB at each tenth of the log: ${first?.rssMb.join(' ')}`];
    return [
      { name: 'replay_state_per_s', value: median(rates), notes },
      { name: 'replay_peak_rss_mb', value: median(reports.map(({ peakRssMb }) => peakRssMb)), notes: memory },
    ];
  } finally {
    await server.stop();
  }
}

async function replayOnce(context: BenchContext, connectionString: string): Promise<ReplayReport> {
  const child = new Child(new URL('./replay-child.js', import.meta.url), {
    execArgv: profileOptions(context, 'replay'),
    input: connectionString,
  });
  try {
    const report = await child.next<ReplayReport>();
    await child.exit();
    return report;
  } finally {
    await child.end();
  }
}
