import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort } from 'node:worker_threads';
import { nodeVerifier } from '@aidtrail/crypto-node/built-in';
import { auditCommand, type AuditRequest } from '../audit-command.js';
import { CannotAudit } from '../cannot-audit.js';
import { serveOrders } from '../work/serve-orders.js';

/** The verifier of an audit kit: bundled into one file, which is also the body of its threads. */
const HELP = `node audit.mjs [options]
  --log DIR|ARCHIVE|URL      the log (default: log, beside this file)
  --policy FILE              whose signatures count (default: log-policy.txt, beside this file)
  --since FILE               a checkpoint that you kept from an earlier audit
  --disclosures FILE         disclosures that were handed over to you
  --merkle-only              files and hashes only
  --privacy                  count what somebody who saw one purchase learns
  --keep DIR                 keep what is fetched, to go on there
  --fraud-proofs DIR         write evidence that others can check
  --check-fraud-proof FILE   check such a file
  --sample N                 draw N of something to look for in the world
  --of KIND                  redemptions (default), vouchers or settlements
  --json                     write the result as JSON
  --html FILE                write a page to print
Exit status: 0 nothing was found, 1 findings, 2 it could not run.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ...{ log: text, policy: text, since: text, disclosures: text, keep: text, html: text, of: text, sample: text },
      ...{
        'fraud-proofs': text,
        'check-fraud-proof': text,
        'merkle-only': flag,
        privacy: flag,
        json: flag,
        help: flag,
      },
    },
  });
  if (values.help === true) return say(HELP, 0);
  const here = dirname(fileURLToPath(import.meta.url));
  const request: AuditRequest = {
    ...values,
    log: values.log ?? join(here, 'log'),
    policy: values.policy ?? join(here, 'log-policy.txt'),
    merkleOnly: values['merkle-only'],
    fraudProofs: values['fraud-proofs'],
    checkFraudProof: values['check-fraud-proof'],
    sample: values.sample === undefined ? undefined : sampleSize(values.sample),
  };
  const output = { out: (line: string) => void process.stdout.write(`${line}\n`), progress: () => undefined };
  return auditCommand(request, output, { workerScript: new URL(import.meta.url) });
}

function sampleSize(digits: string): number {
  if (!/^[1-9]\d{0,5}$/.test(digits)) throw new CannotAudit('--sample takes a number from 1 to 999999.');
  return Number(digits);
}

function say(what: string, code: number): number {
  process.stdout.write(`${what}\n`);
  return code;
}

if (!isMainThread && parentPort !== null) serveOrders(parentPort, nodeVerifier);
else
  try {
    process.exitCode = await main();
  } catch (fault) {
    process.stderr.write(`${fault instanceof Error ? fault.message : 'Something failed that gave no reason.'}\n`);
    process.exitCode = 2;
  }
