import { portableVerifier, base64Encode } from '@aidtrail/envelope';
import { startEmbeddedPostgres } from '@aidtrail/event-store/embedded';
import { readLedgerFileOrThrow } from '@aidtrail/nest';
import { openCheckpointOrThrow } from '@aidtrail/public-log';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { median, type BenchContext, type Measurement } from '../result.js';
import { syntheticLog } from '../synthetic.js';
import { profileOptions } from '../profile.js';
import { Child } from './children.js';
import type { ReplayOrder, ReplayReport } from './replay-child.js';

/**
 * The store of 1 M events into domain state, leaf hashes and the Merkle root; in a process of its own, one thread. Each
 * run must come by the root that the ledger signed last, and by the states of a plain fold.
 */
export async function replay(context: BenchContext): Promise<readonly Measurement[]> {
  const { directory } = await syntheticLog(context);
  const server = await startEmbeddedPostgres({ dataDirectory: directory, database: 'aidtrail' });
  try {
    const order = { connectionString: server.connectionString, checkpoint: await newestCheckpoint(directory) };
    const reports: ReplayReport[] = [];
    for (let run = 0; run < (context.quick ? 1 : 3); run += 1) {
      context.progress(`replay: run ${run + 1}`);
      reports.push(await replayOnce(context, order));
    }
    const rates = reports.map(({ events, seconds }) => events / seconds);
    const [first] = reports;
    const notes = [
      `${first?.events} events, ${first?.streams} streams, root ${first?.root}; runs: ${rates.map(Math.round).join(', ')} per second`,
      `the tree has the root of the signed checkpoint at ${order.checkpoint.size}; ${first?.comparedStreams} streams are in the state of a plain fold`,
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

/** What the ledger signed last, its signature verified. */
async function newestCheckpoint(directory: string): Promise<ReplayOrder['checkpoint']> {
  const { note } = JSON.parse(await readFile(join(directory, 'newest-checkpoint.json'), 'utf8')) as { note: string };
  const { checkpointVkey } = await readLedgerFileOrThrow(directory);
  const { size, root } = openCheckpointOrThrow(note, checkpointVkey, portableVerifier).checkpoint;
  return { size, root: base64Encode(root) };
}

async function replayOnce(context: BenchContext, order: ReplayOrder): Promise<ReplayReport> {
  const child = new Child(new URL('./replay-child.js', import.meta.url), {
    execArgv: profileOptions(context, 'replay'),
    input: order,
  });
  try {
    const report = await child.next<ReplayReport>();
    await child.exit();
    return report;
  } finally {
    await child.end();
  }
}
