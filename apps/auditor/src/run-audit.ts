import { nodeSha256, nodeVerifier } from '@aidtrail/crypto-node/built-in';
import { base64Encode } from '@aidtrail/envelope';
import { canBeElsewhere, createTreeHasher, isQuorum, type LogPolicy } from '@aidtrail/public-log';
import {
  auditLog,
  checkDaysAhead,
  findingTexts,
  openLogCheckpoint,
  PrivacyCheck,
  proveBadEntry,
  type AuditSummary,
  type FraudProof,
  type LogAuditOutcome,
  type LogCheckpoint,
  type SuspectEntry,
} from '@aidtrail/verification';
import { CannotAudit } from './cannot-audit.js';
import { DisclosuresFile } from './disclosures-file.js';
import { RulesReader } from './ledger-reader.js';
import { readPolicyFile, type AuditPolicy } from './policy-file.js';
import type { AuditReport, WitnessReport } from './report/audit-report.js';
import { Findings } from './report/findings.js';
import { readFileUpTo } from './sources/folder-source.js';
import type { LogSource } from './sources/log-source.js';
import { openSource } from './sources/open-source.js';
import { WorkPool } from './work/work-pool.js';

export interface AuditOrder {
  /** A folder, an archive or an address. */
  readonly log: string;
  readonly policyFile: string;
  /** The note of a checkpoint that an earlier audit has kept. */
  readonly sinceFile?: string;
  readonly disclosuresFile?: string;
  readonly merkleOnly?: boolean;
  /** Count what somebody who saw one purchase learns. */
  readonly privacy?: boolean;
  /** Where fetched files are kept. */
  readonly keep?: string;
}

export interface AuditMeans {
  /** The module of the threads. */
  readonly workerScript: URL;
  readonly workers?: number;
  readonly onProgress?: (entries: number, size: number) => void;
}

export interface AuditOutcome {
  readonly report: AuditReport;
  readonly fraud: readonly FraudProof[];
}

/** Evidence is made for so many entries; one would do. */
const MOST_PROOFS = 20;
/** Note keys and the other few signatures of checkpoints. */
const verifier = nodeVerifier;
const hasher = createTreeHasher(nodeSha256);
export const trustOf = (policy: LogPolicy) => ({ policy, verifier, hasher, sha256: nodeSha256 });

/** Audits a log. Rejects with CannotAudit if it cannot be read; what it holds makes findings. */
export async function runAudit(order: AuditOrder, means: AuditMeans): Promise<AuditOutcome> {
  const policy = await readPolicyFile(order.policyFile);
  const earlier = order.sinceFile === undefined ? undefined : await readEarlier(order.sinceFile, policy);
  const disclosures =
    order.disclosuresFile === undefined ? undefined : await DisclosuresFile.open(order.disclosuresFile);
  const source = await openSource(order.log, order.keep === undefined ? {} : { keep: order.keep });
  try {
    return await audit({ order, means, policy, source, earlier, disclosures });
  } finally {
    await source.close();
  }
}

interface Audit {
  readonly order: AuditOrder;
  readonly means: AuditMeans;
  readonly policy: AuditPolicy;
  readonly source: LogSource;
  readonly earlier: LogCheckpoint | undefined;
  readonly disclosures: DisclosuresFile | undefined;
}

async function audit(work: Audit): Promise<AuditOutcome> {
  const { order, means, source, earlier, disclosures } = work;
  const { policy, openingHash } = work.policy;
  const findings = new Findings();
  const suspects: SuspectEntry[] = [];
  const suspect = (entry: SuspectEntry): void => {
    if (suspects.length < MOST_PROOFS) suspects.push(entry);
  };
  const report: Findings['report'] = (finding) => {
    const { code, leaf } = finding;
    if (code === 'leaf_malformed' && leaf !== undefined) suspect({ leaf });
    findings.report(finding);
  };
  const privacy = order.privacy === true ? new PrivacyCheck() : undefined;
  const moreChecks = privacy === undefined ? [] : [privacy];
  const pool = new WorkPool({
    script: means.workerScript,
    ...(means.workers === undefined ? {} : { workers: means.workers }),
    onInvalid: ({ leaf, by, publicKey }) => {
      report({ code: `${by}_signature_invalid`, leaf });
      suspect({ leaf, publicKey });
    },
  });
  try {
    const origin = await originOf(source, policy);
    const reader =
      order.merkleOnly === true
        ? undefined
        : new RulesReader({ origin, report, pool, moreChecks, ...(disclosures === undefined ? {} : { disclosures }) });
    await reader?.begin();
    const outcome = await auditLog(source, {
      ...trustOf(policy),
      ...{ hashing: pool, report, ahead: source.ahead },
      ...(openingHash === undefined ? {} : { openingHash }),
      ...(earlier === undefined ? {} : { earlier }),
      ...(reader === undefined ? {} : { reader }),
      ...(means.onProgress === undefined ? {} : { onProgress: means.onProgress }),
    });
    const isAll = outcome.checkpoint !== undefined && outcome.taken === outcome.checkpoint.checkpoint.size;
    const summary = isAll && reader?.stopped === undefined ? reader?.end() : undefined;
    if (summary !== undefined) {
      const checkpoints = [outcome.witnessed, earlier].filter((one) => one !== undefined);
      checkDaysAhead(summary, checkpoints, report);
    }
    await pool.finish();
    const fraud = [...outcome.fraud, ...(await evidence(suspects, outcome, policy))];
    return { report: reportOf({ work, findings, outcome, reader, summary, privacy, fraud }), fraud };
  } finally {
    await pool.close();
  }
}

/** Which log of the policy it is, as the rules have to know before the first entry; the first of it if nobody says. */
async function originOf(source: LogSource, policy: LogPolicy): Promise<string> {
  for (const path of ['checkpoint', 'witnessed-checkpoint']) {
    const note = await source.read(path, 262_144);
    const opened = note instanceof Uint8Array ? openLogCheckpoint(note, policy, verifier) : undefined;
    if (opened !== undefined && typeof opened !== 'string') return opened.checkpoint.origin;
  }
  const origin = policy.logs[0]?.key.name;
  if (origin === undefined) throw new CannotAudit('The policy names no log.');
  return origin;
}

async function readEarlier(path: string, { policy }: AuditPolicy): Promise<LogCheckpoint> {
  const note = await readFileUpTo(path, 262_144);
  const opened = note instanceof Uint8Array ? openLogCheckpoint(note, policy, verifier) : undefined;
  if (opened === undefined) throw new CannotAudit(`${path} cannot be read. Check the path.`);
  if (typeof opened === 'string')
    throw new CannotAudit(`${path} is no checkpoint that a log of the policy has signed (${opened}).`);
  return opened;
}

async function evidence(
  suspects: readonly SuspectEntry[],
  outcome: LogAuditOutcome,
  policy: LogPolicy,
): Promise<readonly FraudProof[]> {
  const proofs: FraudProof[] = [];
  for (const suspect of [...suspects].sort((a, b) => a.leaf - b.leaf)) {
    const proof = await proveBadEntry(suspect, outcome, trustOf(policy));
    if (proof !== undefined) proofs.push(proof);
  }
  return proofs;
}

function reportOf(of: {
  readonly work: Audit;
  readonly findings: Findings;
  readonly outcome: LogAuditOutcome;
  readonly reader: RulesReader | undefined;
  readonly summary: AuditSummary | undefined;
  readonly privacy: PrivacyCheck | undefined;
  readonly fraud: readonly FraudProof[];
}): AuditReport {
  const { work, findings, outcome, reader, summary, privacy, fraud } = of;
  const { order, earlier, policy } = work;
  const { checkpoint, tiles, hasRoot } = outcome;
  const stopped = checkpoint?.checkpoint.size === 0 ? NOTHING_YET : reader?.stopped;
  const noSignatures = { ledger: 0, actor: 0, second: 0 };
  return {
    v: 1,
    result: findings.total > 0 ? 'findings' : stopped === undefined ? 'clean' : 'incomplete',
    scope: order.merkleOnly === true ? 'merkle' : work.disclosures === undefined ? 'public' : 'disclosed',
    ...(checkpoint === undefined ? {} : checkpointOf(checkpoint, hasRoot)),
    witnessed: witnessesOf(outcome, policy.policy, order.log),
    ...(earlier === undefined ? {} : { earlier: sizeAndRoot(earlier) }),
    openingPinned: policy.openingHash !== undefined,
    ...(summary?.isDemo === true ? { demo: true as const } : {}),
    counts: {
      ...tiles.counts,
      entries: outcome.entries,
      entriesByRules: reader?.looked ?? 0,
      anchors: outcome.anchors,
      signatures: reader?.signatures ?? noSignatures,
      streams: summary?.streams ?? 0,
      vouchers: summary?.vouchers ?? 0,
      days: summary?.days ?? 0,
    },
    ...(summary === undefined ? {} : { money: moneyOf(summary) }),
    ...(summary === undefined ? {} : figuresOf(summary)),
    ...(privacy === undefined ? {} : { privacy: summary === undefined ? 'not_counted' : privacy.summary() }),
    pendingEffects: summary?.pendingEffects ?? {},
    notChecked: summary?.notChecked ?? {},
    ...(stopped === undefined ? {} : { stopped }),
    findingCounts: findings.counts(),
    findings: findings.inOrder().map((finding) => ({ ...finding, ...findingTexts[finding.code] })),
    fraudProofs: fraud.map(fraudProofName),
  };
}

const NOTHING_YET = 'the log has no entries yet, so there is nothing to check. Audit it again once it has been opened.';

function figuresOf({ figures }: AuditSummary): Pick<AuditReport, 'figures'> {
  const { newest, notChecked, publications } = figures;
  return newest === undefined ? {} : { figures: { publications, notChecked, newest } };
}

function moneyOf({ intakeMinor, states, paidMinor }: AuditSummary): NonNullable<AuditReport['money']> {
  return { intakeMinor, states, paidMinor };
}

/** The file name of a fraud proof; `number` counts from 0. */
export function fraudProofName({ kind }: FraudProof, number: number): string {
  return `fraud-${String(number + 1).padStart(2, '0')}-${kind.replaceAll('_', '-')}.json`;
}

function checkpointOf(checkpoint: LogCheckpoint, hasRoot: boolean): Pick<AuditReport, 'origin' | 'checkpoint'> {
  return { origin: checkpoint.checkpoint.origin, checkpoint: { ...sizeAndRoot(checkpoint), hasRoot } };
}

function sizeAndRoot({ checkpoint: { size, root } }: LogCheckpoint): { readonly size: number; readonly root: string } {
  return { size, root: base64Encode(root) };
}

function witnessesOf({ witnessed }: LogAuditOutcome, policy: LogPolicy, readFrom: string): WitnessReport {
  const own = policy.logs.flatMap(({ key, url = '' }) => [key.name, url]);
  if (/^https?:/i.test(readFrom)) own.push(readFrom);
  const by = (witnessed?.cosigned ?? []).map(({ witness, time }) => ({
    name: witness,
    at: timeText(time),
    loopback: !canBeElsewhere(policy.witnesses.find(({ name }) => name === witness)?.url, own),
  }));
  const elsewhere = new Set(by.filter(({ loopback }) => !loopback).map(({ name }) => name));
  return {
    asked: policy.quorum.kind !== 'none',
    ...(witnessed === undefined ? {} : { size: witnessed.checkpoint.size }),
    isIndependent: witnessed !== undefined && isQuorum(policy.quorum, elsewhere),
    by,
  };
}

/** A witness may sign any number of seconds; a calendar has room for fewer. */
function timeText(seconds: number): string {
  return seconds <= 8_640_000_000_000 ? new Date(seconds * 1_000).toISOString() : `${seconds} seconds after 1970`;
}
