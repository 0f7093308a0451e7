import { reactToDay, type CampaignState, type VoucherState } from '@aidtrail/domain';
import type { AuditedLeaf } from '../audit/leaf-check.js';
import type { OpenCause, OpenCauses } from './causes.js';
import { idIn, type EffectDesk } from './effect-desk.js';
import type { FundedBatch, FundedBatches } from './funded-batches.js';
import { LastDays } from './last-days.js';
import { eventAs, type PolicyWatch } from './policy-watch.js';

type DayStarted = ReturnType<typeof eventAs<'DayStarted'>>;

/** What can still be spent of a batch's vouchers, whatever the day. */
export type OutstandingOf = (batch: string) => number;

interface Unfinished {
  readonly funded: FundedBatch;
  readonly leftMinor: number;
  /** Expiries that did not come home. */
  readonly coming: number;
}

/**
 * DayStarted → every voucher with something left whose last day has passed expires, and all of it comes home. No voucher
 * is looked at for it: a batch of which nothing is outstanding has nothing that could expire.
 */
export class ExpiryWatch implements PolicyWatch {
  private readonly days = new Map<string, DayStarted>();
  private latestDay = '';
  private readonly lastDays = new LastDays();

  constructor(
    private readonly desk: EffectDesk,
    private readonly queue: OpenCauses,
    private readonly batches: FundedBatches,
    private readonly outstandingOf: OutstandingOf,
  ) {}

  cause(leaf: AuditedLeaf): void {
    const cause = eventAs<'DayStarted'>(leaf);
    const { id, position, data } = cause;
    this.days.set(id, cause);
    this.latestDay = data.day;
    const day: OpenCause = {
      policy: 'expiry',
      position,
      isComplete: () => this.unfinished(cause).next().done === true,
      reportMissing: () => this.reportMissing(cause),
    };
    this.queue.add(day);
  }

  /** The terms of a campaign, or new ones. */
  campaignChanged({ event, after }: AuditedLeaf): void {
    const campaign = after.state as CampaignState;
    if (campaign.status !== 'none') this.lastDays.set(event.stream, after.version, campaign.terms.lastDay);
  }

  /** Decided where nobody had heard of the new day yet, a reversal may give value back after the last day. */
  valueCameBack(leaf: AuditedLeaf): void {
    const { data, stream, position } = eventAs<'RedemptionReversed'>(leaf);
    const voucher = leaf.before.state as VoucherState;
    if (data.to !== 'voucher' || voucher.status === 'none') return;
    if (this.latestDay > this.lastDays.latest(`campaign-${voucher.campaign}`))
      this.batches.get(data.batch)?.revived.set(stream, position);
  }

  effect(leaf: AuditedLeaf, ref: string): void {
    const { stream, data } = eventAs<'VoucherExpired'>(leaf);
    const cause = this.days.get(ref);
    const batch = this.batches.get(data.batch);
    const voucher = leaf.before.state as VoucherState;
    if (cause === undefined || batch === undefined || voucher.status === 'none') {
      this.desk.find('effect_without_cause', leaf.index, { subject: stream, actual: ref });
      return;
    }
    this.queue.reached(cause.position);
    const lastDay = this.lastDays.at(`campaign-${batch.campaign}`, leaf.leaf.facts);
    const { number } = voucher;
    const chunk = { cause, base: batch.base, lastDay, vouchers: [{ number, voucher: idIn(stream) }] };
    const effects = batch.position < cause.position ? reactToDay(chunk) : [];
    const facts = { campaign: { state: { status: 'open', terms: { lastDay } } } };
    for (const effect of effects) this.desk.check(leaf, { cause: ref, effect, facts });
    if (effects.length === 0) this.desk.notDue(leaf, `last day ${lastDay}`);
  }

  /** A batch that stays as it is is reported for the first day only. */
  private reportMissing(cause: DayStarted): void {
    for (const { funded, leftMinor, coming } of this.unfinished(cause)) {
      if (funded.overdueMinor === leftMinor && coming === 0) continue;
      funded.overdueMinor = leftMinor;
      const subject = `batch-${funded.batch}`;
      const { position } = cause;
      if (leftMinor > 0) this.desk.find('effect_missing', position, { subject, expected: 0, actual: leftMinor });
      if (coming > 0)
        this.desk.find('effect_missing', position, { subject, expected: 'FundsReturned', actual: coming });
    }
  }

  /**
   * Batches that the day should have ended and of which something is outstanding, or expired and did not come home. What
   * was given back to a voucher after the day is for the next one.
   */
  private *unfinished({ id, position, data }: DayStarted): Generator<Unfinished> {
    for (const funded of this.batches.all()) {
      if (funded.position > position) return;
      const coming = funded.runs.get(id)?.size ?? 0;
      const isOver = data.day > this.lastDays.latest(`campaign-${funded.campaign}`);
      const leftMinor = isOver ? this.outstandingOf(funded.batch) - this.revivedMinor(funded, position) : 0;
      if (leftMinor > 0 || coming > 0) yield { funded, leftMinor, coming };
    }
  }

  private revivedMinor({ revived }: FundedBatch, after: number): number {
    let sum = 0;
    for (const [stream, position] of revived) {
      const voucher = this.desk.states.stateOf(stream)?.state as VoucherState | undefined;
      if (position < after || voucher === undefined || voucher.status === 'none') continue;
      for (const [, length] of voucher.unspent) sum += length;
    }
    return sum;
  }
}
