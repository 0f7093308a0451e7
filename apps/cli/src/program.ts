import { Command, CommanderError } from 'commander';
import { faultSentence } from './fault-sentence.js';
import { AnswerIsNo, CommandFailed, type Terminal } from './terminal.js';
import { verbs, type CommandMaker } from './verbs.js';

/** 0: done. 1: it ran, and the answer is no (problems found, refused). 2: it could not run. */
export type ExitCode = 0 | 1 | 2;

/** Runs the program with the arguments after its name; never throws. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const program = buildProgram(await commandsFor(args), terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (fault) {
    // Help and version come as exceptions with exit code 0; their text was written already.
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : 2;
    terminal.progress('');
    if (fault instanceof AnswerIsNo) return fault.exitCode;
    terminal.note(messageOf(fault));
    return fault instanceof CommandFailed ? fault.exitCode : 2;
  }
}

/** That of the verb alone; all of them for help, and where no such verb is known. */
async function commandsFor([verb]: readonly string[]): Promise<readonly CommandMaker[]> {
  const one = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (one !== undefined) return [await one()];
  const all: CommandMaker[] = [];
  for (const load of Object.values(verbs)) all.push(await load());
  return all;
}

function buildProgram(commands: readonly CommandMaker[], terminal: Terminal): Command {
  const program = new Command('aidtrail')
    .description('A ledger for relief vouchers with a public audit trail')
    .version('0.1.0');
  for (const make of commands) program.addCommand(make(terminal));
  forEach(program, (command) => {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    });
  });
  return program;
}

function forEach(command: Command, action: (command: Command) => void): void {
  action(command);
  for (const child of command.commands) forEach(child, action);
}

/** Our own problems say what to do; what the system says is put into words. */
function messageOf(fault: unknown): string {
  const problems = problemsOf(fault);
  return problems === undefined ? faultSentence(fault) : `The settings are not right:\n  ${problems.join('\n  ')}`;
}

/** Of a ConfigProblem, whose class comes with the server. */
function problemsOf(fault: unknown): readonly string[] | undefined {
  const isConfigProblem = fault instanceof Error && fault.name === 'ConfigProblem';
  return isConfigProblem ? (fault as Error & { readonly problems: readonly string[] }).problems : undefined;
}
