import type { BatchState } from '@aidtrail/domain';
import type { ExpiryRun } from './expiry-run.js';

/** A batch whose money is committed, so that its vouchers are issued. */
export interface FundedBatch {
  readonly batch: string;
  readonly fund: string;
  readonly campaign: string;
  readonly count: number;
  /** Leaf index of the last BatchFunded. */
  readonly position: number;
  /** The count of the vouchers of the batches that were funded before. */
  readonly base: number;
  /** Expiries by the id of the DayStarted that caused them, and what of them came home. */
  readonly runs: Map<string, ExpiryRun>;
  /** Vouchers that got value back when their last day was over already, and the leaf at which. */
  readonly revived: Map<string, number>;
  /** What was left when a day that should have ended the batch was reported. */
  overdueMinor: number;
}

/** The batches in the order of their funding, on which the indexes of expiries are counted. */
export class FundedBatches {
  private readonly byId = new Map<string, FundedBatch>();
  private vouchers = 0;

  add(batch: Pick<FundedBatch, 'batch' | 'fund' | 'campaign' | 'count' | 'position'>): void {
    if (this.byId.has(batch.batch)) return;
    this.byId.set(batch.batch, { ...batch, base: this.vouchers, runs: new Map(), revived: new Map(), overdueMinor: 0 });
    this.vouchers += batch.count;
  }

  get(batch: string): FundedBatch | undefined {
    return this.byId.get(batch);
  }

  all(): Iterable<FundedBatch> {
    return this.byId.values();
  }
}

/** What a batch's vouchers are issued on; undefined if there is no such batch. */
export function termsOf(state: unknown): Exclude<BatchState, { status: 'none' }>['terms'] | undefined {
  const batch = state as BatchState | undefined;
  return batch === undefined || batch.status === 'none' ? undefined : batch.terms;
}
