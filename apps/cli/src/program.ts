import { ConfigProblem } from '@aidtrail/nest';
import { Command, CommanderError } from 'commander';
import { demoCommand } from './commands/demo.js';
import { importCommand } from './commands/import-roster.js';
import { initCommand } from './commands/init.js';
import { keysCommand } from './commands/keys.js';
import { proofCommand } from './commands/proof.js';
import { rebuildCommand } from './commands/rebuild.js';
import { serveCommand } from './commands/serve.js';
import { witnessCommand } from './commands/witness.js';
import { faultSentence } from './fault-sentence.js';
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
  const commands = [
    initCommand,
    serveCommand,
    demoCommand,
    importCommand,
    rebuildCommand,
    proofCommand,
    keysCommand,
    witnessCommand,
  ];
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
  if (fault instanceof ConfigProblem) return `The settings are not right:\n  ${fault.problems.join('\n  ')}`;
  return faultSentence(fault);
}
