import { appendFile, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSystem, type System } from '@aidtrail/nest';
import { Command } from 'commander';
import { configFrom, withShared, type SharedOptions } from '../settings.js';
import { CommandFailed, progressBar, type Terminal } from '../terminal.js';

interface ExportOptions extends SharedOptions {
  readonly to: string;
  readonly purpose: string;
}

/** What was handed out, for whom and when; without anything of it. */
const RECORD = 'disclosure-exports.ndjson';

const HELP = `
The file holds personal data: names, numbers, times. Hand it to the auditor on a way that only they can open, and have them
delete it. --purpose says who gets it and why; it is kept in ${RECORD} of the data directory. What was erased is
not in it. One line for each event, in the order of the log: {"index":n,"disclosures":["<base64url>",…]}.`;

export function exportCommand(terminal: Terminal): Command {
  const command = new Command('export').description('hand data out');
  withShared(command.command('disclosures'))
    .description('write what is private in events, for an auditor who may see it')
    .requiredOption('--to <file>', 'the file to write; must not be there yet')
    .requiredOption('--purpose <text>', 'who gets it, and why')
    .addHelpText('after', HELP)
    .action((options: ExportOptions) => exportDisclosures(options, terminal));
  return command;
}

async function exportDisclosures(options: ExportOptions, terminal: Terminal): Promise<void> {
  const purpose = options.purpose.trim();
  if (purpose === '') throw new CommandFailed('Say who gets the disclosures, and why: --purpose.');
  const config = configFrom(options);
  const file = await open(options.to, 'wx', 0o600).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'EEXIST') throw new CommandFailed(`${options.to} is there already. Name another file.`);
    throw fault;
  });
  try {
    const system = await openSystem(config, { onWarning: (sentence) => terminal.note(sentence) });
    try {
      const record = { at: new Date().toISOString(), purpose, file: options.to };
      // Before the first line is written: a record too many is no harm.
      await appendFile(join(config.dataDirectory, RECORD), `${JSON.stringify(record)}\n`, { mode: 0o600 });
      const events = await writeLines(system, (text) => file.writeFile(text), terminal);
      terminal.progress('');
      if (options.json === true) terminal.out(JSON.stringify({ file: options.to, events }));
      else terminal.out(`Wrote the disclosures of ${events} events to ${options.to}. The file holds personal data.`);
    } finally {
      await system.close();
    }
  } catch (fault) {
    // Half a file would pass for a whole one.
    await rm(options.to, { force: true });
    throw fault;
  } finally {
    await file.close();
  }
}

/** The number of events that have something to disclose. */
async function writeLines(
  { store, disclosures }: System,
  write: (text: string) => Promise<void>,
  terminal: Terminal,
): Promise<number> {
  const head = await store.head();
  let written = 0;
  for await (const events of store.readAll()) {
    const lists = await disclosures.of(events);
    const lines = events.flatMap(({ position: index }, i) =>
      lists[i] === undefined ? [] : [`${JSON.stringify({ index, disclosures: lists[i] })}\n`],
    );
    written += lines.length;
    await write(lines.join(''));
    terminal.progress(progressBar((events.at(-1)?.position ?? 0) + 1, head));
  }
  return written;
}
