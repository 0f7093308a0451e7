import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '@aidtrail/data-directory';
import { MalformedInput } from '@aidtrail/envelope';
import {
  checkFraudProof,
  formatFraudProof,
  LogChanged,
  parseFraudProofOrThrow,
  type FraudProof,
} from '@aidtrail/verification';
import { CannotAudit } from './cannot-audit.js';
import { readPolicyFile } from './policy-file.js';
import { exitCodeOf } from './report/audit-report.js';
import { htmlReport } from './report/html-report.js';
import { sampleText } from './report/sample-text.js';
import { textReport } from './report/text-report.js';
import { fraudProofName, runAudit, trustOf, type AuditMeans, type AuditOrder } from './run-audit.js';
import { drawFromLog, type SampleKind } from './sample-log.js';
import { readFileUpTo } from './sources/folder-source.js';

/** What the command line asks for; file names and addresses as they were typed. */
export interface AuditRequest {
  readonly log?: string | undefined;
  readonly policy?: string | undefined;
  readonly since?: string | undefined;
  readonly disclosures?: string | undefined;
  readonly merkleOnly?: boolean | undefined;
  readonly privacy?: boolean | undefined;
  readonly keep?: string | undefined;
  readonly fraudProofs?: string | undefined;
  readonly checkFraudProof?: string | undefined;
  readonly sample?: number | undefined;
  readonly of?: string | undefined;
  readonly json?: boolean | undefined;
  readonly html?: string | undefined;
}

/** Where results and everything else go. */
export interface AuditOutput {
  readonly out: (text: string) => void;
  readonly progress: (entries: number, size: number) => void;
}

/** 0: clean, or proven. 1: findings, or not proven. 2: it could not run, or not to the end. Rejects with CannotAudit. */
export async function auditCommand(
  request: AuditRequest,
  output: AuditOutput,
  means: Pick<AuditMeans, 'workerScript'>,
): Promise<0 | 1 | 2> {
  try {
    if (request.checkFraudProof !== undefined) return await checkProof(request.checkFraudProof, request, output);
    if (request.sample !== undefined) return await sample(request.sample, request, output, means);
    return await audit(request, output, means);
  } catch (fault) {
    if (fault instanceof LogChanged) throw new CannotAudit(fault.message);
    throw fault;
  }
}

async function audit(
  request: AuditRequest,
  output: AuditOutput,
  means: Pick<AuditMeans, 'workerScript'>,
): Promise<0 | 1 | 2> {
  const { report, fraud } = await runAudit(orderOf(request), { ...means, onProgress: output.progress });
  if (request.fraudProofs !== undefined) await writeProofs(request.fraudProofs, fraud);
  const told = request.fraudProofs === undefined ? { ...report, fraudProofs: [] } : report;
  if (request.html !== undefined) await write(request.html, htmlReport(told));
  output.out(request.json === true ? JSON.stringify(told, undefined, 2) : textReport(told));
  return exitCodeOf(report);
}

function orderOf(request: AuditRequest): AuditOrder {
  const { since, disclosures, keep, merkleOnly, privacy } = request;
  if (merkleOnly === true && privacy === true)
    throw new CannotAudit('--privacy looks into the entries, and --merkle-only does not: leave one of them out.');
  return {
    log: needed(request.log, '--log DIR, ARCHIVE or URL'),
    policyFile: needed(request.policy, '--policy FILE'),
    ...(since === undefined ? {} : { sinceFile: since }),
    ...(disclosures === undefined ? {} : { disclosuresFile: disclosures }),
    ...(keep === undefined ? {} : { keep }),
    merkleOnly: merkleOnly === true,
    privacy: privacy === true,
  };
}

async function writeProofs(directory: string, proofs: readonly FraudProof[]): Promise<void> {
  await makeFolder(resolve(directory)).catch((fault: NodeJS.ErrnoException) => {
    throw new CannotAudit(`${directory} cannot be made (${fault.code ?? 'no reason given'}).`);
  });
  for (const [number, proof] of proofs.entries())
    await write(join(directory, fraudProofName(proof, number)), formatFraudProof(proof));
}

async function checkProof(path: string, request: AuditRequest, output: AuditOutput): Promise<0 | 1> {
  const { policy } = await readPolicyFile(needed(request.policy, '--policy FILE'));
  const file = await readFileUpTo(path, 1_048_576);
  if (!(file instanceof Uint8Array)) throw new CannotAudit(`${path} cannot be read as a fraud proof. Check the path.`);
  const verdict = checkFraudProof(parsedProof(file), trustOf(policy));
  if (request.json === true) output.out(JSON.stringify(verdict, undefined, 2));
  else if (verdict.proven) output.out(`Proven, of ${verdict.log}: ${verdict.en}\n${verdict.zh}`);
  else output.out(`It proves nothing. ${verdict.why}`);
  return verdict.proven ? 0 : 1;
}

function parsedProof(file: Uint8Array): FraudProof {
  try {
    return parseFraudProofOrThrow(file);
  } catch (fault) {
    if (fault instanceof MalformedInput) throw new CannotAudit(`This is no fraud proof: ${fault.message}.`);
    throw fault;
  }
}

async function sample(
  size: number,
  request: AuditRequest,
  output: AuditOutput,
  means: Pick<AuditMeans, 'workerScript'>,
): Promise<0 | 1 | 2> {
  const kind = kindOf(request.of ?? 'redemptions');
  const drawn = await drawFromLog(orderOf(request), { size, kind }, { ...means, onProgress: output.progress });
  output.out(request.json === true ? JSON.stringify(drawn, undefined, 2) : sampleText(drawn));
  return drawn.findings.length === 0 ? 0 : 1;
}

function kindOf(text: string): SampleKind {
  if (text === 'redemptions' || text === 'vouchers' || text === 'settlements') return text;
  throw new CannotAudit('--of takes redemptions, vouchers or settlements.');
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined) throw new CannotAudit(`Give ${option}.`);
  return value;
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((fault: NodeJS.ErrnoException) => {
    throw new CannotAudit(`${path} cannot be written (${fault.code ?? 'no reason given'}).`);
  });
}
