import { runAudit, sodiumWorker } from '@aidtrail/auditor';
import type { AuditWindow } from './audit-window.js';
import { inputOfChild, tellParent } from './children.js';

export interface AuditChildOrder {
  readonly log: string;
  readonly policyFile: string;
  readonly merkleOnly: boolean;
  /** The part of the log that is timed for itself. */
  readonly window: AuditWindow;
}

export interface AuditChildReport {
  readonly entries: number;
  readonly signatures: number;
  readonly seconds: number;
  readonly windowSeconds: number;
  readonly peakRssMb: number;
  readonly findings: Readonly<Record<string, number>>;
}

/** One audit as the command line does it, in a process of its own. */
async function auditOnce(order: AuditChildOrder): Promise<AuditChildReport> {
  let peak = 0;
  const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 100);
  const start = performance.now();
  let [windowStart, windowEnd] = [start, start];
  const onProgress = (entries: number): void => {
    if (entries <= order.window.from) windowStart = performance.now();
    if (entries <= order.window.to) windowEnd = performance.now();
  };
  const { report } = await runAudit(order, { workerScript: sodiumWorker, onProgress });
  const end = performance.now();
  clearInterval(look);
  const { ledger, actor, second } = report.counts.signatures;
  return {
    entries: report.counts.entries,
    signatures: ledger + actor + second,
    seconds: (end - start) / 1_000,
    windowSeconds: (windowEnd - windowStart) / 1_000,
    peakRssMb: Math.round(peak / 2 ** 20),
    findings: report.findingCounts,
  };
}

await tellParent(await auditOnce(await inputOfChild<AuditChildOrder>()));
process.disconnect();
