import { copyEvents } from '@aidtrail/nest';
import { Command } from 'commander';
import { configFrom, withShared, type SharedOptions } from '../settings.js';
import { CommandFailed, progressBar, type Terminal } from '../terminal.js';

interface CopyCommandOptions extends SharedOptions {
  readonly from: string;
  readonly to: string;
}

const HELP = `
A place is postgres (DATABASE_URL, or the own one of the data directory), kurrentdb (AIDTRAIL_STORE), or an address:
postgres://… or esdb://…; other users of this machine can read addresses in a list of processes, so rather set the variable.

Stop every server first. Events, their sealed disclosures and the answers to all commands are copied byte for byte, then both
places are read again and compared. All else stays in PostgreSQL. A copy that was cut off goes on when it is run again; where
the target holds anything else, nothing is written. Afterwards change AIDTRAIL_STORE and serve. docs/kurrentdb.md.
Exit status: 0 copied and proved equal, 1 refused (the target holds something else, or the source was written to), 2 it
could not run, or not to the end.`;

const steps = {
  compare: 'Comparing what is there',
  outcomes: 'Copying answers',
  events: 'Copying events',
  prove: 'Proving',
} as const;

export function storeCommand(terminal: Terminal): Command {
  const command = new Command('store').description('move the events to another database');
  withShared(command.command('copy'))
    .description('copy a ledger’s events and answers to another store, and prove that both are equal')
    .requiredOption('--from <place>', 'where they are')
    .requiredOption('--to <place>', 'where they shall be')
    .addHelpText('after', HELP)
    .action((options: CopyCommandOptions) => copy(options, terminal));
  return command;
}

async function copy(options: CopyCommandOptions, terminal: Terminal): Promise<void> {
  const { from, to } = options;
  const onProgress = ({ step, done, total }: { step: keyof typeof steps; done: number; total?: number }): void =>
    terminal.progress(`${steps[step]}  ${total === undefined ? done : progressBar(done, total)}`);
  const started = performance.now();
  const result = await copyEvents(configFrom(options), { from, to, onProgress }).catch((fault: unknown) => {
    const isRefusal = fault instanceof Error && fault.name === 'CopyRefused';
    throw isRefusal ? new CommandFailed(fault.message, 1) : fault;
  });
  terminal.progress('');
  const seconds = (performance.now() - started) / 1_000;
  const root = Buffer.from(result.root).toString('base64');
  const { events, accepted, refused, copiedEvents } = result;
  if (options.json === true) return terminal.out(JSON.stringify({ events, accepted, refused, copiedEvents, root }));
  terminal.out(
    `Copied ${copiedEvents} of ${events} events in ${seconds.toFixed(1)} s; all are the same in both places, as are the ` +
      `answers to ${accepted} accepted and ${refused} refused commands.`,
  );
  terminal.out(`Root of the Merkle tree over ${events} leaves, in both: ${root}`);
  terminal.out('Now set AIDTRAIL_STORE to where the events are, or take it away for PostgreSQL, and serve.');
}
