import { storeUrlOrThrow } from '@aidtrail/nest';
import { Command } from 'commander';
import { runDemo } from '../demo/run-demo.js';
import { CommandFailed, type Terminal } from '../terminal.js';
import { wholeNumberIn } from '../whole-number.js';

interface DemoCommandOptions {
  readonly data: string;
  readonly port: number;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly deterministic?: boolean;
  readonly small?: boolean;
}

const HELP = `
The story and its totals are the same in every run; only which households claim with help differs, because rosters are
shuffled.

With --deterministic the leaves are the same as well, to the byte, and so is the root of the log. Keys, ids and salts
come from seeds, the clock is the story's, commands come one after the other, and checkpoints are signed where the story
says so. It exists for tests that compare roots: everybody can compute the keys of such a ledger, so it proves nothing,
and its origin says so. If AIDTRAIL_STORE names a KurrentDB, the events go there; it must be empty. Without
--deterministic the demo takes nothing from the environment.`;

export function demoCommand(_terminal: Terminal): Command {
  return new Command('demo')
    .description('play one relief programme from gifts to payouts, and show where every fen went')
    .option('--data <directory>', 'its own data directory; an earlier demo there is removed', 'data/demo')
    .option('--port <number>', 'first port to try', wholeNumberIn(0, 65_535), 7420)
    .option('--once', 'end after the summary instead of serving on')
    .option('--json', 'write the summary as JSON; the story goes to standard error')
    .option('--small', 'the same story with a fifth of the people')
    .option('--deterministic', 'the same leaves in every run, for tests; its keys are known to everybody')
    .addHelpText('after', HELP)
    .action(demo);
}

async function demo(options: DemoCommandOptions): Promise<void> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  try {
    const exitCode = await runDemo({
      dataDirectory: options.data,
      port: options.port,
      once: options.once === true,
      json: options.json === true,
      deterministic: options.deterministic === true,
      small: options.small === true,
      ...(options.deterministic === true ? { storeUrl: storeUrlOrThrow() } : {}),
      output: process.stdout,
      screen: options.json === true ? process.stderr : process.stdout,
      stop: stopping.signal,
    });
    if (exitCode !== 0) throw new CommandFailed('The demo did not end as it should; see above.', exitCode);
  } finally {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeListener(signal, stop);
  }
}
