import { nodeSha1, nodeSha256 } from '@aidtrail/crypto-node/built-in';
import {
  AuditStopped,
  LedgerAudit,
  type AnchorClaim,
  type AuditSummary,
  type LeafCheck,
  type LedgerReader,
  type Report,
} from '@aidtrail/verification';
import type { DisclosuresFile } from './disclosures-file.js';
import type { WorkPool } from './work/work-pool.js';

/** The largest bundle of entries: the disclosures of the next one must be at hand before it is read. */
const BUNDLE = 256;

export interface RulesReaderOptions {
  readonly origin: string;
  readonly report: Report;
  readonly pool: WorkPool;
  readonly disclosures?: DisclosuresFile;
  readonly moreChecks?: readonly LeafCheck[];
}

/** Looks at the rules of every entry on this thread, and leaves the signatures to the others. */
export class RulesReader implements LedgerReader {
  private readonly audit: LedgerAudit;
  private taken = 0;
  private stop: AuditStopped | undefined;
  /** Signatures that were handed over to be verified. */
  readonly signatures = { ledger: 0, actor: 0, second: 0 };

  constructor(private readonly options: RulesReaderOptions) {
    const { origin, report, pool, disclosures, moreChecks = [] } = options;
    this.audit = new LedgerAudit({
      ...{ origin, report, moreChecks, sha256: nodeSha256, sha1: nodeSha1 },
      onSignature: (job) => {
        this.signatures[job.by] += 1;
        pool.verify(job);
      },
      ...(disclosures === undefined ? {} : { disclosuresOf: (index: number) => disclosures.of(index) }),
    });
  }

  /** Why it went no further; undefined while it goes. */
  get stopped(): string | undefined {
    return this.stop?.message;
  }

  /** Entries whose rules were looked at. */
  get looked(): number {
    return this.stop?.leaf ?? this.taken;
  }

  /** Before the first entry. */
  async begin(): Promise<void> {
    await this.options.disclosures?.advance(0, BUNDLE);
  }

  take(entry: Uint8Array): void {
    if (this.stop !== undefined) return;
    try {
      this.audit.take(entry);
      this.taken += 1;
    } catch (fault) {
      if (!(fault instanceof AuditStopped)) throw fault;
      this.stop = fault;
    }
  }

  async room(): Promise<void> {
    await this.options.disclosures?.advance(this.taken, this.taken + BUNDLE);
    await this.options.pool.room();
  }

  anchors(): Iterable<AnchorClaim> {
    return this.audit.anchors();
  }

  /** After the last entry of the log, if it came so far: what is missing at the end is missing for good. */
  end(): AuditSummary {
    return this.audit.end();
  }
}
