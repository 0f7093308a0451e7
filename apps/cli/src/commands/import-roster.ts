import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AidtrailClient, Refused } from '@aidtrail/client';
import { readKeyFileOrThrow, sodiumSigner } from '@aidtrail/crypto-node';
import { parseRoster, type RosterProblem } from '@aidtrail/privacy';
import { Command } from 'commander';
import { columns } from '../demo/print.js';
import { CommandFailed, type Terminal } from '../terminal.js';

interface RosterOptions {
  readonly url: string;
  readonly key?: string;
  readonly programme?: string;
  readonly campaign?: string;
  readonly exclude?: string;
  readonly commit?: boolean;
  readonly json?: boolean;
}

const HELP = `
Without --key the file is only read here: no server is asked, nothing leaves this machine.
With --key, --programme and --campaign the server compares it with the people and rosters that it knows. It stores the
roster only with --commit. No printed problem holds a name or a number: it names the line and the column.

The first row that names columns is the header. Needed: 姓名 (name), 身份证号 (id number), 村/社区 (village),
类别 (target group). Read as well: 证件类型, 手机, 县, 乡镇, 住址, 户主, 备注. Others are not stored.
docs/operations.md has the list, an example, and what the groups are called.`;

export function importCommand(terminal: Terminal): Command {
  const command = new Command('import').description('bring files in');
  command
    .command('roster <file>')
    .description('check a roster (CSV) and print its problems; with --commit, import it')
    .option('--url <address>', 'the server', 'http://127.0.0.1:7420')
    .option('--key <file>', 'key file of a registrar')
    .option('--programme <uuid>', 'the programme that the people belong to')
    .option('--campaign <uuid>', 'the campaign that the roster is for')
    .option('--exclude <lines>', 'line numbers to leave out, such as 3,17')
    .option('--commit', 'import it if it is clean')
    .option('--json', 'write the result as JSON')
    .addHelpText('after', HELP)
    .action((file: string, options: RosterOptions) => importRoster(file, options, terminal));
  return command;
}

async function importRoster(file: string, options: RosterOptions, terminal: Terminal): Promise<void> {
  const bytes = await readFile(file).catch(() => {
    throw new CommandFailed(`${file} cannot be read. Check the path.`);
  });
  const outcome = options.key === undefined ? checkHere(bytes, options) : await askServer(bytes, options);
  if (options.json === true) terminal.out(JSON.stringify(outcome));
  else print(outcome, terminal);
  if (outcome.problems.length > 0 || outcome.refusal !== undefined) {
    throw new CommandFailed('The roster cannot be imported as it is.', 1);
  }
}

interface Outcome {
  readonly status: 'checked' | 'dry_run' | 'imported' | 'refused';
  readonly rowCount: number;
  readonly rosterId?: string;
  readonly refusal?: string;
  readonly problems: readonly RosterProblem[];
}

function checkHere(bytes: Uint8Array, options: RosterOptions): Outcome {
  if (options.commit === true) throw new CommandFailed('--commit needs a server: give --key, --programme, --campaign.');
  const today = new Date().toISOString().slice(0, 10);
  const parsed = parseRoster(bytes, { today, excludeLines: linesOf(options.exclude) });
  return { status: 'checked', rowCount: parsed.rowCount, problems: parsed.problems };
}

async function askServer(bytes: Uint8Array, options: RosterOptions): Promise<Outcome> {
  const { programme, campaign, key, exclude } = options;
  if (programme === undefined || campaign === undefined || key === undefined) {
    throw new CommandFailed('With --key give --programme and --campaign as well.');
  }
  const query = new URLSearchParams({ programme, campaign, dryRun: String(options.commit !== true) });
  if (exclude !== undefined) query.set('exclude', exclude);
  const client = new AidtrailClient({ baseUrl: options.url, randomBytes, randomUuid: randomUUID });
  const registrar = sodiumSigner(await readKeyFileOrThrow(key, 'ed25519-seed'));
  try {
    const answer = await client.post(`/rosters?${query.toString()}`, bytes, registrar, 'text/csv');
    return outcomeOf(answer as ServerAnswer);
  } catch (fault) {
    if (!(fault instanceof Refused)) throw unreachable(options.url);
    const { problem } = fault;
    const refused = problem as unknown as Partial<ServerAnswer>;
    if (refused.problems === undefined) throw new CommandFailed(`${problem.code}: ${problem.zh} ${problem.en}`, 1);
    return outcomeOf({ ...refused, problems: refused.problems, status: 'refused', refusal: { code: problem.code } });
  }
}

interface ServerAnswer {
  readonly status: 'dry_run' | 'imported' | 'refused';
  readonly rosterId?: string;
  readonly summary?: { readonly rowCount: number };
  readonly refusal?: { readonly code: string };
  readonly problems?: readonly RosterProblem[];
}

function outcomeOf({ status, rosterId, summary, refusal, problems }: ServerAnswer): Outcome {
  return {
    status,
    rowCount: summary?.rowCount ?? 0,
    ...(rosterId === undefined ? {} : { rosterId }),
    ...(refusal === undefined ? {} : { refusal: refusal.code }),
    problems: problems ?? [],
  };
}

function print({ status, rowCount, rosterId, refusal, problems }: Outcome, terminal: Terminal): void {
  if (problems.length > 0) {
    const rows = problems.map(({ line, column, code, sentenceZh, sentenceEn }) => [
      String(line),
      column,
      `${code}: ${sentenceZh} ${sentenceEn}`,
    ]);
    for (const row of columns([['line', 'column', 'problem'], ...rows])) terminal.out(row);
  }
  const counted = `${counting(rowCount, 'row')}, ${counting(problems.length, 'problem')}`;
  if (status === 'imported') terminal.out(`${counted}. Imported as roster ${rosterId ?? ''}.`);
  else if (refusal !== undefined) terminal.out(`${counted}. Refused: ${refusal}.`);
  else terminal.out(`${counted}. Nothing was stored.`);
}

function counting(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function linesOf(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  if (!/^[1-9]\d*(,[1-9]\d*)*$/.test(text)) throw new CommandFailed('--exclude takes line numbers such as 3,17.');
  return text.split(',').map(Number);
}

function unreachable(url: string): CommandFailed {
  return new CommandFailed(`There is no answer from ${url}. Start the server with \`aidtrail serve\`, or give --url.`);
}
