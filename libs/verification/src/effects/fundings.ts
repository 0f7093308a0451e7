import {
  isRefusal,
  reactToBatchApproval,
  reactToFundingRefusal,
  type CampaignState,
  type DomainEvent,
  type FundRefusal,
} from '@aidtrail/domain';
import type { AuditedLeaf } from '../audit/leaf-check.js';
import { CauseBook, type OpenCause, type OpenCauses } from './causes.js';
import { decideEffect, idIn, type DueEffect, type EffectDesk } from './effect-desk.js';
import { eventAs, type PolicyWatch } from './policy-watch.js';

interface Funding extends OpenCause {
  readonly due: DueEffect;
  readonly approval: ReturnType<typeof eventAs<'BatchApproved'>>;
  /** Why the fund would have said no at some time since the approval. */
  readonly refusals: Set<string>;
  /** The parts, once the first one came. */
  parts: readonly DomainEvent[] | undefined;
  come: number;
  isDone: boolean;
}

/**
 * The last BatchApproved → the fund commits the money in one part or several, or the batch says why it could not. That it
 * could not is believed if the fund would have said so at any time between the approval and the batch's saying so.
 */
export class FundingWatch implements PolicyWatch {
  private readonly fundings: CauseBook<Funding>;
  /** Those that are not decided yet, by the stream of their fund. */
  private readonly waiting = new Map<string, Set<Funding>>();

  constructor(
    private readonly desk: EffectDesk,
    queue: OpenCauses,
  ) {
    this.fundings = new CauseBook(desk, queue);
  }

  cause(leaf: AuditedLeaf): void {
    const event = eventAs<'BatchApproved'>(leaf);
    const { id, position, stream } = event;
    const campaign = this.desk.states.stateOf(`campaign-${event.data.campaign}`)?.state as CampaignState | undefined;
    if (campaign === undefined || campaign.status === 'none') return;
    const { fundingMode } = campaign.terms;
    for (const effect of reactToBatchApproval(event, { batch: idIn(stream), fundingMode })) {
      const funding: Funding = {
        policy: 'batch-funding',
        position,
        due: { cause: id, effect, facts: { campaign: { state: campaign } } },
        approval: event,
        refusals: new Set(),
        parts: undefined,
        come: 0,
        isDone: false,
        isComplete: () => funding.isDone,
        reportMissing: () => this.reportMissing(funding),
      };
      this.fundings.add(id, funding);
      const ofFund = this.waiting.get(effect.stream) ?? new Set();
      this.waiting.set(effect.stream, ofFund.add(funding));
      this.ask(funding, this.desk.states.stateOf(effect.stream)?.state ?? { status: 'none' }, event.day);
    }
  }

  get areWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** An event of a fund's stream: what it says to the batches that wait for it may be something else now. */
  fundChanged({ event, after }: AuditedLeaf): void {
    for (const funding of this.waiting.get(event.stream) ?? []) this.ask(funding, after.state, event.day);
  }

  effect(leaf: AuditedLeaf, ref: string): void {
    const funding = this.fundings.causeOf(leaf, ref);
    if (funding === undefined) return;
    this.noLongerWaits(funding);
    if (leaf.event.type === 'BatchFunded') this.funded(leaf, funding);
    else this.refused(leaf, funding);
    funding.isDone = funding.come >= (funding.parts?.length ?? 0);
    if (funding.isDone) this.fundings.close(ref);
  }

  private noLongerWaits(funding: Funding): void {
    const { stream } = funding.due.effect;
    const ofFund = this.waiting.get(stream);
    ofFund?.delete(funding);
    if (ofFund?.size === 0) this.waiting.delete(stream);
  }

  private ask({ due, refusals }: Funding, fund: unknown, day: string): void {
    const outcome = decideEffect(due.effect, fund, { day, facts: due.facts });
    if (isRefusal(outcome)) refusals.add(outcome.refused);
  }

  /** All parts are decided at once, on the state before the first one. */
  private funded(leaf: AuditedLeaf, funding: Funding): void {
    const { due, come } = funding;
    const decided = funding.parts ?? this.desk.decide(leaf, due);
    funding.parts = isRefusal(decided) ? [] : decided;
    funding.come += 1;
    this.desk.checkId(leaf, due.cause, due.effect.index + come);
    if (isRefusal(decided)) this.desk.notDue(leaf, decided.refused);
    else this.desk.compare(leaf, due.effect.stream, decided[come]);
  }

  private refused(leaf: AuditedLeaf, funding: Funding): void {
    const { refusal } = eventAs<'BatchFundingRefused'>(leaf).data;
    const { due, approval, refusals, come } = funding;
    if (come > 0 || !refusals.has(refusal)) this.desk.notDue(leaf, 'BatchFunded');
    const at = { batch: idIn(approval.stream), refusal: refusal as FundRefusal };
    for (const effect of reactToFundingRefusal(approval, at)) this.desk.check(leaf, { cause: due.cause, effect });
    funding.parts ??= [];
    funding.come = funding.parts.length;
  }

  private reportMissing({ position, due, parts, come }: Funding): void {
    const subject = due.effect.stream;
    if (parts === undefined) this.desk.find('effect_missing', position, { subject, expected: 'BatchFunded' });
    else this.desk.find('effect_missing', position, { subject, expected: parts.length, actual: come });
  }
}
