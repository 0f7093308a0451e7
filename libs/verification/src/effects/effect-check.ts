import { policyTriggers, type PolicyTrigger } from '@aidtrail/domain';
import type { AuditedLeaf, CheckTools, LeafCheck } from '../audit/leaf-check.js';
import type { SettlementWindows } from '../money/settlement-windows.js';
import { OpenCauses } from './causes.js';
import { CommandRuns } from './command-runs.js';
import { EffectDesk } from './effect-desk.js';
import { ExpiryWatch, type OutstandingOf } from './expiries.js';
import { FundedBatches } from './funded-batches.js';
import { FundingWatch } from './fundings.js';
import { IntakeWatch } from './intakes.js';
import { IssuanceWatch } from './issuances.js';
import type { PolicyName, PolicyWatch } from './policy-watch.js';
import { ProposalWatch } from './proposals.js';
import { RecoveryWatch } from './recoveries.js';
import { ReturnsWatch } from './returns.js';
import { TransferWatch } from './transfers.js';

/** What the money check knows and this one rests on. It must have seen each leaf first. */
export interface MoneyFacts {
  readonly windows: SettlementWindows;
  readonly outstandingOf: OutstandingOf;
}

/**
 * Whether every event that must follow from another one does, just as it must, and none that must not. For each policy the
 * functions that the ledger itself runs are run again, on the same states.
 */
export class EffectCheck implements LeafCheck {
  private readonly queue = new OpenCauses();
  private readonly desk: EffectDesk;
  private readonly runs: CommandRuns;
  private readonly fundings: FundingWatch;
  private readonly expiries: ExpiryWatch;
  private readonly recoveries: RecoveryWatch;
  private readonly byCause = new Map<string, PolicyWatch>();
  private readonly byEffect = new Map<string, PolicyWatch>();

  constructor(tools: CheckTools, { windows, outstandingOf }: MoneyFacts) {
    const desk = new EffectDesk(tools);
    const batches = new FundedBatches();
    const { queue } = this;
    this.desk = desk;
    this.runs = new CommandRuns(desk);
    this.fundings = new FundingWatch(desk, queue);
    this.expiries = new ExpiryWatch(desk, queue, batches, outstandingOf);
    this.recoveries = new RecoveryWatch(desk, queue);
    const watches: Readonly<Record<PolicyName, PolicyWatch>> = {
      intake: new IntakeWatch(desk, queue),
      transfer: new TransferWatch(desk, queue),
      'batch-funding': this.fundings,
      issuance: new IssuanceWatch(desk, queue, batches),
      expiry: this.expiries,
      returns: new ReturnsWatch(desk, queue, batches),
      proposals: new ProposalWatch(desk, queue, windows, tools.report),
      recovery: this.recoveries,
    };
    for (const trigger of Object.keys(policyTriggers) as PolicyTrigger[]) {
      const { policy, events } = policyTriggers[trigger];
      this.byCause.set(trigger, watches[policy]);
      for (const type of events) this.byEffect.set(type, watches[policy]);
    }
  }

  take(leaf: AuditedLeaf): void {
    const { event } = leaf;
    const { command } = leaf.leaf;
    const effectOf = this.byEffect.get(event.type);
    if ('body' in command) {
      if (effectOf !== undefined)
        this.desk.find('effect_without_cause', leaf.index, { subject: event.stream, actual: command.body.type });
      this.runs.signed(leaf, command.body.id);
    } else if (effectOf !== undefined) effectOf.effect(leaf, command.ref);
    else this.runs.follows(leaf, command.ref);
    this.note(leaf);
    this.byCause.get(event.type)?.cause(leaf);
  }

  /** Nothing: what may still be on its way is pending. */
  end(): void {}

  /** How many causes still wait for effects, by policy. */
  pending(): Readonly<Record<string, number>> {
    return this.queue.pending();
  }

  /** What some policies must know of events that set off others, or none. */
  private note(leaf: AuditedLeaf): void {
    const { type, stream, position } = leaf.event;
    if (type === 'DayStarted') this.queue.dayStarted(position);
    else if (type === 'RedemptionReversed') {
      this.expiries.valueCameBack(leaf);
      this.recoveries.reversed(leaf);
    } else if (type === 'CampaignOpened' || type === 'CampaignExtended') this.expiries.campaignChanged(leaf);
    else if (this.fundings.areWaiting && stream.startsWith('fund-')) this.fundings.fundChanged(leaf);
  }
}
