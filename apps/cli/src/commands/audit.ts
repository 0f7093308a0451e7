import { auditCommand, CannotAudit, kitProgram, makeKit, sodiumWorker, type AuditRequest } from '@aidtrail/auditor';
import { Command } from 'commander';
import { AnswerIsNo, CommandFailed, progressBar, type Terminal } from '../terminal.js';
import { wholeNumberIn } from '../whole-number.js';

const HELP = `
The log is a folder, a .tar or .tar.gz of one, or the address of a log that is served. The policy says whose signatures
count; get it from somebody else than the ledger. Nothing of the ledger's own database is used. docs/auditing.md.
Exit status: 0 nothing was found, 1 findings, 2 it could not run, or not to the end.`;

export function auditCommands(terminal: Terminal): Command {
  return new Command('audit')
    .description('check a published log: every file, signature, rule and fen')
    .option('--log <where>', 'the log: a folder, an archive or a URL')
    .option('--policy <file>', 'whose signatures count')
    .option('--since <file>', 'a checkpoint kept from an earlier audit')
    .option('--disclosures <file>', 'disclosures that were handed over, NDJSON')
    .option('--merkle-only', 'files, hashes and checkpoints only')
    .option('--privacy', 'count what somebody who saw one purchase learns')
    .option('--keep <directory>', 'keep what is fetched, and go on there')
    .option('--fraud-proofs <directory>', 'write evidence that others can check with the policy alone')
    .option('--check-fraud-proof <file>', 'check such a file: 0 it proves fraud, 1 it proves nothing')
    .option('--sample <number>', 'draw so many things to look for in the world', wholeNumberIn(1, 999_999))
    .option('--of <kind>', 'what to draw: redemptions, vouchers or settlements')
    .option('--json', 'write the result as JSON')
    .option('--html <file>', 'write a page to print')
    .addHelpText('after', HELP)
    .action((request: AuditRequest) => audit(request, terminal));
}

export function auditKitCommand(terminal: Terminal): Command {
  return new Command('audit-kit')
    .description('pack a log and its verifier, for auditors who have nothing but Node.js')
    .requiredOption('--log <where>', 'the log: a folder, an archive or a URL')
    .requiredOption('--policy <file>', 'whose signatures count')
    .requiredOption('--to <file>', 'the archive to write (.tar.gz)')
    .option('--json', 'write the result as JSON')
    .action((options: KitOptions) => kit(options, terminal));
}

interface KitOptions {
  readonly log: string;
  readonly policy: string;
  readonly to: string;
  readonly json?: boolean;
}

async function audit(request: AuditRequest, terminal: Terminal): Promise<void> {
  const progress = (done: number, size: number): void => terminal.progress(progressBar(done, size));
  const out = (text: string): void => {
    terminal.progress('');
    terminal.out(text);
  };
  const exitCode = await orSay(auditCommand(request, { out, progress }, { workerScript: sodiumWorker }));
  if (exitCode !== 0) throw new AnswerIsNo(exitCode);
}

async function kit({ log, policy, to, json }: KitOptions, terminal: Terminal): Promise<void> {
  const size = await orSay(makeKit({ log, policyFile: policy, to, program: kitProgram }));
  if (json === true) return terminal.out(JSON.stringify({ file: to, entries: size }));
  terminal.out(
    `Wrote ${to}: a log of ${size} entries and its verifier. An auditor unpacks it and runs: node audit.mjs`,
  );
}

async function orSay<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (fault) {
    if (fault instanceof CannotAudit) throw new CommandFailed(fault.message);
    throw fault;
  }
}
