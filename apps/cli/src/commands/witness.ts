import { parseCosignerVkeyOrThrow, parseVkeyOrThrow, type NoteKey } from '@aidtrail/public-log';
import { startMirror, startWitness, type RunningWitness } from '@aidtrail/witness';
import { Command, InvalidArgumentError } from 'commander';
import { faultSentence } from '../fault-sentence.js';
import { wholeNumberIn } from '../whole-number.js';
import { CommandFailed, type Terminal } from '../terminal.js';

/** How often a mirror looks for a new checkpoint. */
const MIRROR_EVERY_MILLISECONDS = 5_000;

interface WitnessOptions {
  readonly data: string;
  readonly name: string;
  readonly logVkey: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly url?: string;
  readonly mirror?: string;
  readonly json?: boolean;
}

const HELP = `
A witness cosigns the checkpoints of logs, and never two that contradict each other. Run it at another organisation and on
another machine than the ledger. The first start makes its key; give the ledger's operators the line that it prints. Keep
keys/ and state/ together, and never start from an older copy of state/. Its log goes to standard output, one JSON
object a line. A web server with TLS belongs in front of it.

With --mirror it fetches a log's entries, keeps and serves them, and cosigns what is whole: another key and name than a
witness's, in another data directory. Nobody has to ask it.`;

export function witnessCommand(terminal: Terminal): Command {
  return new Command('witness')
    .description('cosign the checkpoints of logs as a C2SP witness, without a ledger')
    .requiredOption('--data <directory>', 'its own data directory: key and memory')
    .requiredOption('--name <name>', 'its name for ever, such as example.org/witness', nameArgument)
    .requiredOption('--log-vkey <vkey>', 'checkpoint key of a log that it watches, one line; repeat it', collect)
    .option('--port <number>', 'port to listen on', wholeNumberIn(0, 65_535), 7430)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--url <url>', 'where the ledger reaches it, for the line to hand over')
    .option('--mirror <url>', 'keep and serve a copy of the log at this URL, and cosign what is copied')
    .option('--json', 'write what it serves as JSON')
    .addHelpText('after', HELP)
    .action((options: WitnessOptions) => witness(options, terminal));
}

async function witness(options: WitnessOptions, terminal: Terminal): Promise<void> {
  const { name, host, port } = options;
  const running = await start(options, terminal).catch((fault: unknown) => {
    if ((fault as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new CommandFailed(`Port ${port} of ${host} is taken: use another --port.`);
    throw fault;
  });
  const stop = (): void => void running.close().catch((fault: unknown) => terminal.note(faultSentence(fault)));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  const policyLine = `witness ${name} ${running.vkey} ${options.url ?? running.url}`;
  if (options.json === true)
    terminal.out(JSON.stringify({ status: 'serving', url: running.url, vkey: running.vkey, policyLine }));
  else {
    terminal.note(`Key of this witness: ${running.vkey}`);
    terminal.note(`For the policy of the ledger: ${policyLine}`);
    terminal.note(`Serving at ${running.url}. Stop with Ctrl+C.`);
  }
  try {
    await running.ended;
  } finally {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeListener(signal, stop);
    await running.close();
  }
}

async function start(options: WitnessOptions, terminal: Terminal): Promise<RunningWitness> {
  const { data: dataDirectory, name, logVkey: logVkeys, host, port, mirror: logUrl } = options;
  for (const vkey of logVkeys) requireLogVkey(vkey);
  const tell = (line: object): void => terminal.out(JSON.stringify({ time: new Date().toISOString(), ...line }));
  const setup = { dataDirectory, name, host, port, clock: Date.now, tell };
  if (logUrl === undefined) return startWitness({ ...setup, logVkeys });
  const [logVkey, ...more] = logVkeys;
  if (logVkey === undefined || more.length > 0)
    throw new CommandFailed('A mirror copies one log: give --log-vkey once, and start one mirror for each log.');
  return startMirror({ ...setup, logVkey, logUrl, everyMilliseconds: MIRROR_EVERY_MILLISECONDS });
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** By custom a URL without its scheme; in a policy it is one word. */
function nameArgument(text: string): string {
  if (/^(?![a-z]+:\/\/)[^\s+]{1,255}$/i.test(text)) return text;
  throw new InvalidArgumentError('Give a name such as example.org/witness, without https://, spaces and plus signs.');
}

/** The argument is not repeated: it may be a key that nobody else should see. */
function requireLogVkey(text: string): void {
  const wanted =
    'Give --log-vkey the public checkpoint key of a log, one line such as ledger.example/relief+1a2b3c4d+AQ…';
  if (text.startsWith('PRIVATE+KEY+'))
    throw new CommandFailed(`${wanted} This is a private key: whoever saw it can sign as the log.`);
  if (isVkey(text, parseCosignerVkeyOrThrow))
    throw new CommandFailed(`${wanted} This is the key of a witness or mirror.`);
  if (!isVkey(text, parseVkeyOrThrow))
    throw new CommandFailed(
      `${wanted} It goes in quotes and alone, without the word log or an address, and just as it was written.`,
    );
}

function isVkey(text: string, parse: (text: string) => NoteKey): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
