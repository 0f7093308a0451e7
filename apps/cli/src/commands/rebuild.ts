import { openSystem } from '@aidtrail/nest';
import { Command } from 'commander';
import { configFrom, withShared, type SharedOptions } from '../settings.js';
import { progressBar, type Terminal } from '../terminal.js';

const HELP = `
The read models hold nothing that the events do not say: two rebuilds of the same log end in the same digest. Stop the
server first when it uses the database of the data directory; with DATABASE_URL it may go on and answers from the present
read models until the new ones take their place. A rebuild that is cut off has changed nothing.`;

export function rebuildCommand(terminal: Terminal): Command {
  return withShared(new Command('rebuild'))
    .description('make the read models again from the events, and put them in the place of the present ones')
    .addHelpText('after', HELP)
    .action((options: SharedOptions) => rebuild(options, terminal));
}

async function rebuild(options: SharedOptions, terminal: Terminal): Promise<void> {
  const system = await openSystem(configFrom(options), { onWarning: (sentence) => terminal.note(sentence) });
  try {
    const onProgress = (done: number, head: number): void => terminal.progress(progressBar(done, head));
    const position = await system.projector.rebuild({ onProgress });
    terminal.progress('');
    const digest = await system.projector.tablesDigest();
    if (options.json === true) terminal.out(JSON.stringify({ position, digest }));
    else terminal.out(`Rebuilt the read models from ${position} events. Digest of all tables: ${digest}`);
  } finally {
    await system.close();
  }
}
