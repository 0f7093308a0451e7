import { randomBytes } from 'node:crypto';
import {
  completeOpening,
  initialise,
  parseWitnessArgumentOrThrow,
  policyPath,
  readOpeningOrThrow,
  type LedgerFile,
} from '@aidtrail/nest';
import { Command } from 'commander';
import { configFrom, withShared, type SharedOptions } from '../settings.js';
import { CommandFailed, type Terminal } from '../terminal.js';
import { wholeNumberIn } from '../whole-number.js';

interface InitOptions extends SharedOptions {
  readonly root?: readonly string[];
  readonly origin?: string;
  readonly complete?: string;
  readonly witness?: readonly string[];
  readonly utcOffset: number;
  readonly k: number;
}

/** The key name of a signed note, by custom a URL without its scheme. */
const ORIGIN = /^(?![a-z]+:\/\/)[^\s+]{1,255}$/i;

const HELP = `
Without --root the server makes two root keys itself: good for a trial, and the ledger says "demo" for ever.
With --root (at least twice) it takes three steps, because every root officer must sign leaf 0:
  aidtrail init --origin ledger.example/relief --root <public key> --root <public key>
  aidtrail keys sign-opening --key <key file> opening.json      each root, anywhere, also offline
  aidtrail init --complete opening.json`;

export function initCommand(terminal: Terminal): Command {
  return withShared(new Command('init'))
    .description('make the server’s keys and leaf 0 of a new ledger')
    .option('--root <public key>', 'base64 public key of a root officer; repeat it', collect)
    .option('--origin <name>', 'the log’s name for ever, such as ledger.example/relief')
    .option('--complete <file>', 'finish with an opening that every root has signed')
    .option('--witness <name=vkey@url>', 'a witness of the log; repeat it, with the last step', collect)
    .option('--utc-offset <minutes>', 'offset of local days from UTC', minutesArgument, 480)
    .option('--k <number>', 'smallest number of vouchers in a published cell', wholeNumberIn(5, 1000), 10)
    .addHelpText('after', HELP)
    .action((options: InitOptions) => init(options, terminal));
}

async function init(options: InitOptions, terminal: Terminal): Promise<void> {
  const config = configFrom(options);
  const witnesses = (options.witness ?? []).map(parseWitnessArgumentOrThrow);
  if (options.complete !== undefined) {
    const file = await completeOpening(config, await readOpeningOrThrow(options.complete), { witnesses });
    return report({ terminal, options, dataDirectory: config.dataDirectory }, file, []);
  }
  const roots = options.root ?? [];
  if (roots.length > 0 && witnesses.length > 0)
    throw new CommandFailed('Name the witnesses with the last step: aidtrail init --complete opening.json --witness …');
  if (roots.length === 1) throw new CommandFailed('A ledger needs at least two root keys: give --root twice.');
  if (roots.length > 0 && options.origin === undefined) {
    throw new CommandFailed('Name the ledger: --origin ledger.your-organisation.example/relief. It never changes.');
  }
  if (options.origin !== undefined && !ORIGIN.test(options.origin)) {
    throw new CommandFailed(
      '--origin is a name such as ledger.example/relief: a host and a path, without https://, spaces and plus signs.',
    );
  }
  const origin = options.origin ?? `demo.aidtrail.example/${randomBytes(4).toString('hex')}`;
  const { utcOffset: utcOffsetMinutes, k } = options;
  const result = await initialise(config, { origin, roots, utcOffsetMinutes, k, now: Date.now(), witnesses });
  if (result.status === 'opened') {
    return report({ terminal, options, dataDirectory: config.dataDirectory }, result.file, result.rootKeyFiles);
  }
  if (options.json === true) return terminal.out(JSON.stringify(result));
  terminal.out(`Wrote ${result.openingFile}. Every root officer signs it now:`);
  terminal.out(`  aidtrail keys sign-opening --key <key file> ${result.openingFile}`);
  terminal.out(`Then: aidtrail init --data ${config.dataDirectory} --complete ${result.openingFile}`);
}

function report(
  { terminal, options, dataDirectory }: { terminal: Terminal; options: InitOptions; dataDirectory: string },
  file: LedgerFile,
  rootKeyFiles: readonly string[],
): void {
  if (options.json === true)
    return terminal.out(JSON.stringify({ status: 'opened', dataDirectory, ...file, rootKeyFiles }));
  terminal.out(`Opened the ${file.demo ? 'demo ' : ''}ledger ${file.origin} in ${dataDirectory}.`);
  terminal.out(`Checkpoint key to pin: ${file.checkpointVkey}`);
  terminal.out(`Policy of the log, with its witnesses: ${policyPath(dataDirectory)}`);
  if (rootKeyFiles.length > 0) terminal.out(`Root keys: ${rootKeyFiles.join(', ')}`);
  terminal.out(
    `Keep a copy of ${dataDirectory}/keys outside this machine. Start with: aidtrail serve --data ${dataDirectory}`,
  );
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function minutesArgument(text: string): number {
  const value = /^-?\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= -720 && value <= 840)) throw new CommandFailed('--utc-offset takes minutes from -720 to 840.');
  return value;
}
