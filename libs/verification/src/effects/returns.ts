import { chunkReturns, reactToEndings, type Ending, type VoucherState } from '@aidtrail/domain';
import type { AuditedLeaf } from '../audit/leaf-check.js';
import { CauseBook, type OpenCause, type OpenCauses } from './causes.js';
import type { DueEffect, EffectDesk } from './effect-desk.js';
import { ExpiryRun } from './expiry-run.js';
import type { FundedBatches } from './funded-batches.js';
import { eventAs, type PolicyWatch } from './policy-watch.js';

interface Homecoming extends OpenCause {
  readonly due: DueEffect;
  isHome: boolean;
}

/**
 * VoucherExpired, VoucherCancelled, RedemptionReversed → what was not spent comes home to the fund. A cancellation and a
 * reversal come home one by one, the expiries of a batch on one day together (`ExpiryRun`).
 */
export class ReturnsWatch implements PolicyWatch {
  private readonly single: CauseBook<Homecoming>;

  constructor(
    private readonly desk: EffectDesk,
    queue: OpenCauses,
    private readonly batches: FundedBatches,
  ) {
    this.single = new CauseBook(desk, queue);
  }

  cause(leaf: AuditedLeaf): void {
    if (leaf.event.type === 'VoucherExpired') this.expired(leaf);
    else this.ended(leaf, leaf.event as Ending);
  }

  effect(leaf: AuditedLeaf, ref: string): void {
    if (this.ofRun(leaf, ref)) return;
    const homecoming = this.single.causeOf(leaf, ref);
    if (homecoming === undefined) return;
    this.desk.check(leaf, homecoming.due);
    homecoming.isHome = true;
    this.single.close(ref);
  }

  /** An expiry of no known day or batch has no run; it has been reported as an effect. */
  private expired({ event, leaf, before }: AuditedLeaf): void {
    const { id, position, data } = event as Extract<Ending, { type: 'VoucherExpired' }>;
    const voucher = before.state as VoucherState;
    const batch = this.batches.get(data.batch);
    if (batch === undefined || voucher.status === 'none' || !('ref' in leaf.command)) return;
    const day = leaf.command.ref;
    const run = batch.runs.get(day) ?? new ExpiryRun({ batch: data.batch, fund: data.fund });
    batch.runs.set(day, run);
    run.add(voucher.number, { id, position, data });
  }

  private ended(leaf: AuditedLeaf, event: Ending): void {
    const { id, position } = event;
    for (const chunk of chunkReturns([{ number: 0, event }]))
      for (const effect of reactToEndings(chunk)) {
        const homecoming: Homecoming = {
          policy: 'returns',
          position,
          due: { cause: id, effect },
          isHome: false,
          isComplete: () => homecoming.isHome,
          reportMissing: () =>
            this.desk.find('effect_missing', leaf.index, { subject: effect.stream, expected: 'FundsReturned' }),
        };
        this.single.add(id, homecoming);
      }
  }

  /** True if the leaf is the next return of an unfinished run of its batch. */
  private ofRun(leaf: AuditedLeaf, ref: string): boolean {
    const { data } = eventAs<'FundsReturned'>(leaf);
    for (const [day, run] of this.batches.get(data.batch)?.runs ?? [])
      for (const chunk of run.nextChunks()) {
        if (chunk.id !== ref) continue;
        for (const effect of reactToEndings(chunk.endings)) this.desk.check(leaf, { cause: ref, effect });
        run.cameHome(chunk);
        if (run.size === 0) this.batches.get(data.batch)?.runs.delete(day);
        return true;
      }
    return false;
  }
}
