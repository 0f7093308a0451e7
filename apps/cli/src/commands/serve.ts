import { startApi } from '@aidtrail/api';
import { roles, type Role } from '@aidtrail/nest';
import { Command, Option } from 'commander';
import { configFrom, durationArgument, withShared, type SharedOptions } from '../settings.js';
import { faultSentence } from '../fault-sentence.js';
import type { Terminal } from '../terminal.js';
import { wholeNumberIn } from '../whole-number.js';

interface ServeOptions extends SharedOptions {
  readonly port?: number;
  readonly host?: string;
  readonly publishEvery?: number;
  readonly role?: Role;
}

const HELP = `
Logs go to standard output, one JSON object a line. SIGTERM or Ctrl+C ends it in good order: requests in flight are
finished, then the background work, then the database. DATABASE_URL names a PostgreSQL to use instead of the own one.

Several processes may share that database and the data directory. With --role api one takes commands and answers; with
--role projector it keeps the read models, signs, publishes and runs the policies, and answers /health, /ready and /metrics
alone. Of all that may do that, one does at a time; when it ends, another goes on within ten seconds.`;

export function serveCommand(terminal: Terminal): Command {
  return withShared(new Command('serve'))
    .description('serve the ledger of a data directory')
    .option('--port <number>', 'port to listen on (AIDTRAIL_PORT; default 7420)', wholeNumberIn(0, 65_535))
    .option('--host <address>', 'address to listen on (AIDTRAIL_HOST; default 127.0.0.1)')
    .option('--publish-every <time>', 'length of a slot (AIDTRAIL_PUBLISH_EVERY; default 15m)', durationArgument)
    .addOption(new Option('--role <role>', 'what this process does (AIDTRAIL_ROLE; default all)').choices([...roles]))
    .addHelpText('after', HELP)
    .action((options: ServeOptions) => serve(options, terminal));
}

async function serve(options: ServeOptions, terminal: Terminal): Promise<void> {
  const { port, host, role, publishEvery: slotMilliseconds } = options;
  const api = await startApi(configFrom(options, { port, host, role, slotMilliseconds }));
  const stop = (): void => void api.close().catch((fault: unknown) => terminal.note(faultSentence(fault)));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  // Only now: whoever reads it may ask it to stop at once.
  const { origin } = api.system.file;
  if (options.json === true) terminal.out(JSON.stringify({ status: 'serving', origin, url: api.url }));
  else terminal.note(`Serving ${origin} at ${api.url}. Stop with Ctrl+C.`);
  try {
    await api.ended;
  } finally {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeListener(signal, stop);
    await api.close();
  }
}
