import { KeyFileProblem } from '@aidtrail/crypto-node';
import { MalformedInput } from '@aidtrail/envelope';
import { ConfigProblem, IdentityProblem } from '@aidtrail/nest';
import { Command, CommanderError } from 'commander';
import { demoCommand } from './commands/demo.js';
import { importCommand } from './commands/import-roster.js';
import { initCommand } from './commands/init.js';
import { keysCommand } from './commands/keys.js';
import { rebuildCommand } from './commands/rebuild.js';
import { serveCommand } from './commands/serve.js';
import { CommandFailed, type Terminal } from './terminal.js';

/** 0: done. 1: it ran, and the answer is no (problems found, refused). 2: it could not run. */
export type ExitCode = 0 | 1 | 2;

/** Runs the program with the arguments after its name; never throws. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const program = buildProgram(terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (fault) {
    // Help and version come as exceptions with exit code 0; their text was written already.
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : 2;
    terminal.progress('');
    terminal.note(messageOf(fault));
    return fault instanceof CommandFailed ? fault.exitCode : 2;
  }
}

function buildProgram(terminal: Terminal): Command {
  const program = new Command('aidtrail')
    .description('A ledger for relief vouchers with a public audit trail')
    .version('0.1.0');
  const commands = [initCommand, serveCommand, demoCommand, importCommand, rebuildCommand, keysCommand];
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

/** Our own problems say what to do. Of others the message has to do, and DEBUG shows where they came from. */
function messageOf(fault: unknown): string {
  if (fault instanceof ConfigProblem) return `The settings are not right:\n  ${fault.problems.join('\n  ')}`;
  const isOwn = [CommandFailed, IdentityProblem, KeyFileProblem, MalformedInput].some((kind) => fault instanceof kind);
  const wrongPath = pathProblem(fault);
  if (wrongPath !== undefined) return wrongPath;
  if (!(fault instanceof Error)) return 'Something failed that gave no reason.';
  return isOwn ? fault.message : `${fault.name}: ${fault.message}`;
}

const pathSentences: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'leads through a file that is no folder',
  EISDIR: 'is a folder and no file',
  EACCES: 'may not be opened by this user',
};

/** What the system says of a path that somebody gave, in words. */
function pathProblem(fault: unknown): string | undefined {
  const { code, path } = (fault ?? {}) as NodeJS.ErrnoException;
  const sentence = pathSentences[code ?? ''];
  return sentence === undefined || path === undefined ? undefined : `${path} ${sentence}. Check the path.`;
}
