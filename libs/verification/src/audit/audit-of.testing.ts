import { sha1, sha256 } from '@aidtrail/envelope';
import type { ReadLog } from '@aidtrail/testing/forging';
import { verifier } from '@aidtrail/testing/reading';
import type { Finding } from '../findings/finding.js';
import { LedgerAudit, type AnchorClaim, type AuditSummary, type SignatureJob } from './ledger-audit.js';

/** All that an audit says of a log. */
export interface Audited {
  readonly findings: readonly Finding[];
  /** Signatures that do not verify, by leaf and signer. */
  readonly forged: readonly Pick<SignatureJob, 'leaf' | 'by'>[];
  readonly anchors: readonly AnchorClaim[];
  readonly summary: AuditSummary;
}

export function auditOf(
  log: ReadLog,
  options: { readonly disclosed?: boolean; readonly verify?: boolean } = {},
): Audited {
  const findings: Finding[] = [];
  const forged: Pick<SignatureJob, 'leaf' | 'by'>[] = [];
  const { disclosed = false, verify = true } = options;
  const audit = new LedgerAudit({
    origin: log.origin,
    sha256,
    sha1,
    report: (finding) => findings.push(finding),
    onSignature: (job) => {
      if (verify && !verifier.verify(job)) forged.push({ leaf: job.leaf, by: job.by });
    },
    ...(disclosed ? { disclosuresOf: (index) => log.disclosures[index] } : {}),
  });
  // Bytes that are gone after the call, as those of a tile are.
  const memory = new Uint8Array(65_536);
  for (const leaf of log.leaves) {
    memory.set(leaf);
    audit.take(memory.subarray(0, leaf.length));
    memory.fill(0);
  }
  const summary = audit.end();
  return { findings, forged, anchors: [...audit.anchors()], summary };
}
