import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeSha256 } from '@aidtrail/crypto-node';
import {
  createTreeHasher,
  parseCheckpointOrThrow,
  parseNoteOrThrow,
  proveInclusionOrThrow,
  readEntryOrThrow,
} from '@aidtrail/public-log';
import { profileOptions } from '../profile.js';
import { median, percentile, type BenchContext, type Measurement } from '../result.js';
import { bulkLog } from '../world/bulk-log.js';
import { publishedLog } from '../world/published-log.js';
import type { AuditChildOrder, AuditChildReport } from './audit-child.js';
import type { BareAuditOrder, BareAuditReport } from './bare-audit-child.js';
import { busiestWindow } from './audit-window.js';
import { Child } from './children.js';

const LEAST_REDEMPTIONS = 0.4;

/** The large log of mixed events: its tree alone, and everything; its busiest part against a loop without any rules. */
export async function auditMix(context: BenchContext): Promise<readonly Measurement[]> {
  const { log, policyFile, size } = await publishedLog(context);
  const window = await busiestWindow(log, size);
  const runs = context.quick ? 1 : 3;
  const [merkle, full, bare]: [AuditChildReport[], AuditChildReport[], BareAuditReport[]] = [[], [], []];
  for (let run = 0; run < runs; run += 1) {
    context.progress(`audit: run ${run + 1}`);
    merkle.push(await audit(context, { log, policyFile, merkleOnly: true, window }));
    full.push(await audit(context, { log, policyFile, merkleOnly: false, window }));
    bare.push(
      await runChild<BareAuditReport>(context, './bare-audit-child.js', { log, window } satisfies BareAuditOrder),
    );
  }
  const [mix] = bare;
  if (mix === undefined || mix.redemptions < LEAST_REDEMPTIONS * mix.events)
    throw new Error('No part of the log has enough redemptions to be compared.');
  const rates = full.map(({ windowSeconds }) => mix.signatures / windowSeconds);
  const bareRates = bare.map(({ signatures, seconds }) => signatures / seconds);
  const share = Math.round((100 * mix.redemptions) / mix.events);
  const perEvent = (mix.signatures / mix.events).toFixed(2);
  return [
    {
      name: 'audit_merkle_per_s',
      value: median(merkle.map(({ entries, seconds }) => entries / seconds)),
      notes: [
        `${size} entries, every hash tile compared; peak ${merkle.map(({ peakRssMb }) => peakRssMb).join(', ')} MB`,
      ],
    },
    {
      name: 'audit_full_signatures_per_s',
      value: median(rates),
      notes: [
        `${mix.events} of ${size} events from number ${window.from} on, ${share} % redemptions, ${perEvent} signatures an event`,
        `whole log: ${full.map(({ seconds }) => seconds.toFixed(1)).join(', ')} s, ${full[0]?.signatures} signatures, peak ${full.map(({ peakRssMb }) => peakRssMb).join(', ')} MB`,
        `findings: ${JSON.stringify(full[0]?.findings)}`,
      ],
    },
    {
      name: 'audit_full_ratio',
      value: median(rates) / median(bareRates),
      notes: [
        `a loop that verifies on two threads, and folds and hashes on a third: ${bareRates.map(Math.round).join(', ')} signatures/s`,
      ],
    },
  ];
}

/** A million gifts, one signature each. */
export async function auditBulk(context: BenchContext): Promise<readonly Measurement[]> {
  const { log, policyFile, size } = await bulkLog(context);
  const reports: AuditChildReport[] = [];
  for (let run = 0; run < (context.quick ? 1 : 3); run += 1) {
    context.progress(`audit of bulk: run ${run + 1}`);
    reports.push(await audit(context, { log, policyFile, merkleOnly: false, window: { from: 0, to: size } }));
  }
  const seconds = median(reports.map((report) => report.seconds));
  const notes = [
    `${size} events, ${((reports[0]?.signatures ?? 0) / size).toFixed(3)} signatures an event, ${Math.round(size / seconds)} events/s`,
    `findings: ${JSON.stringify(reports[0]?.findings)}`,
  ];
  return [
    { name: 'audit_1m_s', value: (seconds * 1_000_000) / size, notes },
    { name: 'audit_1m_peak_rss_mb', value: median(reports.map(({ peakRssMb }) => peakRssMb)), notes: [] },
  ];
}

const PROOFS = 1_000;

/** Proofs out of the files of the large log, each made, checked and thrown away. */
export async function inclusionProofs(context: BenchContext): Promise<readonly Measurement[]> {
  const { log } = await publishedLog(context);
  const hasher = createTreeHasher(nodeSha256);
  const read = async (path: string): Promise<Uint8Array> => new Uint8Array(await readFile(join(log, path)));
  const checkpoint = parseCheckpointOrThrow(parseNoteOrThrow(await read('checkpoint')).text);
  const times: number[] = [];
  for (let i = 0; i < PROOFS; i += 1) {
    const index = Math.floor((i * 7_919 * checkpoint.size) / PROOFS) % checkpoint.size;
    const entry = await readEntryOrThrow(read, { index, size: checkpoint.size });
    const start = performance.now();
    await proveInclusionOrThrow(read, { index, leafHash: hasher.leafHash(entry), checkpoint }, hasher);
    times.push(performance.now() - start);
  }
  const notes = [`${PROOFS} proofs of a log of ${checkpoint.size}; p99 ${percentile(times, 0.99).toFixed(2)} ms`];
  return [{ name: 'inclusion_proof_ms', value: median(times), notes }];
}

function audit(context: BenchContext, order: AuditChildOrder): Promise<AuditChildReport> {
  return runChild<AuditChildReport>(context, './audit-child.js', order);
}

async function runChild<T>(context: BenchContext, script: string, input: unknown): Promise<T> {
  const execArgv = profileOptions(context, 'audit');
  const child = new Child(new URL(script, import.meta.url), { execArgv, input });
  try {
    const report = await child.next<T>();
    await child.exit();
    return report;
  } finally {
    await child.end();
  }
}
