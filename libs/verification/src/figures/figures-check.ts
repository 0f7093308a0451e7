import type { VoucherState } from '@aidtrail/domain';
import { base64Encode, MalformedInput, type Sha256 } from '@aidtrail/envelope';
import {
  countLeaf,
  cutFigures,
  figuresBytes,
  figuresOfLedger,
  type FigureLookups,
  type FigureState,
} from '@aidtrail/figures';
import type { AuditedLeaf, CheckTools, LeafCheck } from '../audit/leaf-check.js';

/** The figures that the ledger committed itself to last: what a downloaded document can be compared with. */
export interface PublishedDigest {
  /** Leaf index of FiguresCut: so many leaves were counted. */
  readonly cut: number;
  /** base64 of SHA-256 */
  readonly digest: string;
}

export interface FiguresSummary {
  /** How often figures were published. */
  readonly publications: number;
  /** Of how many the second document could not be recomputed, because disclosures are missing. */
  readonly notChecked: number;
  readonly newest?: PublishedDigest;
}

/**
 * Counts what the public figures count, cuts them where the ledger did, and compares the digests that it published with
 * those of its own documents, byte for byte.
 */
export class FiguresCheck implements LeafCheck {
  /** Absent before the opening. */
  private state: FigureState | undefined;
  private cut: { readonly digest: string; readonly disclosedDigest?: string } | undefined;
  private publications = 0;
  private notChecked = 0;
  private newest: PublishedDigest | undefined;
  /** The leaf that is being counted. */
  private counted: AuditedLeaf | undefined;
  private readonly lookups: FigureLookups = { batchOf: (voucher) => this.batchOf(voucher) };

  constructor(private readonly tools: Pick<CheckTools, 'report' | 'sha256' | 'states'>) {}

  take(leaf: AuditedLeaf): void {
    const { event, index } = leaf;
    if (event.type === 'LedgerOpened' && this.state === undefined) this.state = figuresOfLedger(event.data);
    const { state } = this;
    if (state === undefined) return;
    if (event.type === 'FiguresCut') this.cut = this.documentsAt(state, index);
    else if (event.type === 'FiguresPublished') this.compare(index, event.data);
    this.counted = leaf;
    countLeaf(state, event, this.lookups);
  }

  end(): void {
    // A cut that nothing was published of yet is on its way.
  }

  summary(): FiguresSummary {
    const { newest, notChecked, publications } = this;
    return { publications, notChecked, ...(newest === undefined ? {} : { newest }) };
  }

  private documentsAt(
    state: FigureState,
    index: number,
  ): { readonly digest: string; readonly disclosedDigest?: string } {
    const { sha256 } = this.tools;
    const cut = orTooLarge(() => cutFigures(state, { index, sha256 }));
    if (cut === undefined) return { digest: 'none, as sums are too large for a number' };
    const { figures, disclosed } = cut;
    const digest = digestOf(figuresBytes(figures), this.tools.sha256);
    if (disclosed === undefined) return { digest };
    return { digest, disclosedDigest: digestOf(figuresBytes(disclosed), this.tools.sha256) };
  }

  private compare(
    leaf: number,
    {
      cut,
      digest,
      disclosedDigest,
    }: { readonly cut: number; readonly digest: string; readonly disclosedDigest?: string },
  ): void {
    const subject = `figures of cut ${cut}`;
    this.publications += 1;
    this.newest = { cut, digest };
    const expected = this.cut;
    if (expected === undefined) return;
    if (digest !== expected.digest)
      this.tools.report({ code: 'figures_differ', leaf, subject, expected: expected.digest, actual: digest });
    if (disclosedDigest === undefined) return;
    if (expected.disclosedDigest === undefined) this.notChecked += 1;
    else if (disclosedDigest !== expected.disclosedDigest)
      this.tools.report({
        ...{ code: 'disclosed_figures_differ', leaf, subject },
        ...{ expected: expected.disclosedDigest, actual: disclosedDigest },
      });
  }

  /** The state of a leaf's own stream is at hand; others have to be looked up. */
  private batchOf(voucher: string): string | undefined {
    const stream = `voucher-${voucher}`;
    const { counted } = this;
    const folded = counted?.leaf.stream === stream ? counted.after : this.tools.states.stateOf(stream);
    const state = folded?.state as VoucherState | undefined;
    return state === undefined || state.status === 'none' ? undefined : state.batch;
  }
}

/** Sums that no honest ledger can have are no reason for an audit to end. */
function orTooLarge<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof MalformedInput) return undefined;
    throw error;
  }
}

function digestOf(bytes: Uint8Array, sha256: Sha256): string {
  return base64Encode(sha256(bytes));
}
