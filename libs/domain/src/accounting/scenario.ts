import type { FundState } from '../fund/fund.state.js';
import type { Context, SignerView } from '../kernel/concept.js';
import { isRefusal, type DomainEvent } from '../kernel/decider.js';
import type { OfType } from '../kernel/table.js';
import { reactToBatchApproval, reactToFundingRefusal } from '../policies/batch-funding.js';
import type { Effect } from '../policies/effect.js';
import { reactToDay } from '../policies/expiry.js';
import { reactToBatchFunding } from '../policies/issuance.js';
import { reactToPayment } from '../policies/recovery.js';
import { chunkReturns, reactToEndings, type Ending } from '../policies/returns.js';
import { reactToTransfer } from '../policies/transfer.js';
import { commandConcept, streamConcept, type AnyConcept } from '../schema/registry.js';
import type { AnyCommand } from '../schema/tables.js';
import type { VoucherState } from '../voucher/voucher.state.js';
import type { SweptEvent } from './findings.js';

/*
 * A ledger in memory, for property tests: real deciders, real policies, ids instead of UUIDs, no signatures. Campaigns,
 * merchants and batches are plain facts. For specs only; `index.ts` does not export it.
 */
export interface BatchTerms {
  readonly fund: string;
  readonly campaign: string;
  readonly fundingMode: 'merchant-funded' | 'prepaid';
  readonly count: number;
  readonly faceMinor: number;
}

export class World {
  readonly log: SweptEvent[] = [];
  readonly batches = new Map<string, BatchTerms>();
  readonly settlements: {
    readonly id: string;
    readonly merchant: string;
    readonly window: readonly [number, number];
  }[] = [];
  day = 1;
  private readonly states = new Map<string, unknown>();
  private readonly ids = new Set<string>();
  private commands = 0;

  /** `plainFacts`: folded states of streams that the test does not run. */
  constructor(
    private readonly plainFacts: (stream: string) => unknown,
    private readonly onEvent: (event: SweptEvent) => void,
  ) {}

  dayName(day = this.day): string {
    return `2026-11-${String(day).padStart(2, '0')}`;
  }

  fund(id: string): Exclude<FundState, { status: 'none' }> {
    return this.states.get(`fund-${id}`) as Exclude<FundState, { status: 'none' }>;
  }

  voucher(id: string): VoucherState {
    return (this.states.get(`voucher-${id}`) ?? { status: 'none' }) as VoucherState;
  }

  /** True if it was accepted. Ids of its events are made of the command's. */
  ask(
    command: { readonly type: string; readonly data: object; readonly private?: object },
    signers: readonly SignerView[] = [],
  ): boolean {
    this.commands += 1;
    const id = `command-${this.commands}`;
    return this.decide({ ...command, id } as AnyCommand, { causeId: id, index: 0, signers });
  }

  /** Runs an effect; false if the domain refused it. An event whose id exists is not appended again. */
  effect(cause: { readonly id: string }, { command, index }: Effect<AnyCommand>): boolean {
    return this.decide(
      { ...command, id: `${cause.id}/${index}` },
      {
        causeId: cause.id,
        index,
        signers: [],
      },
    );
  }

  /** An event of a stream whose decider the test does not run. */
  record(stream: string, event: { readonly type: string; readonly data: object }): SweptEvent {
    return this.append(stream, event, `recorded-${this.log.length}`);
  }

  /** A batch with its approval: what the fund can pay for is funded and issued, by policy. */
  approve(batch: string, terms: BatchTerms): void {
    this.batches.set(batch, terms);
    const { fund, campaign, count, faceMinor } = terms;
    this.record(`batch-${batch}`, {
      type: 'BatchApproved',
      data: {
        fund,
        campaign,
        count,
        faceMinor,
        totalMinor: count * faceMinor,
        rosterRoot: '',
        officer: 'x',
        approval: 1,
        approvals: 1,
      },
    });
  }

  /** Runs what follows from an event. */
  react(event: SweptEvent): void {
    switch (event.type) {
      case 'TransferSent':
        for (const effect of reactToTransfer(event, idOf(event.stream))) this.effect(event, effect);
        return;
      case 'BatchApproved':
        return this.fundBatch(event);
      case 'BatchFunded': {
        const { count, faceMinor } = this.batches.get(event.data.batch) as BatchTerms;
        const rows = Array.from({ length: count }, (_, number) => ({
          ...{
            number,
            voucher: `${event.data.batch}-${number}`,
            commitment: '',
            group: '',
            community: '',
            partner: '',
          },
        }));
        const chunk = { cause: event, fund: idOf(event.stream), count, faceMinor, rows };
        for (const effect of reactToBatchFunding(chunk)) this.effect(event, effect);
        return;
      }
      case 'VoucherCancelled':
      case 'RedemptionReversed':
        return this.giveBack([{ number: 0, event }]);
      case 'SettlementPaid':
        return this.recover(event);
      default:
        return;
    }
  }

  /** A day begins; expired vouchers give their money back, batch by batch. */
  startDay(lastDayOf: (campaign: string) => string): void {
    this.day += 1;
    const cause = this.record('calendar-main', { type: 'DayStarted', data: { day: this.dayName() } });
    this.expire(cause as Extract<SweptEvent, { type: 'DayStarted' }>, lastDayOf);
  }

  expire(cause: Extract<SweptEvent, { type: 'DayStarted' }>, lastDayOf: (campaign: string) => string): void {
    let base = 0;
    const known = this.log
      .slice(0, cause.position)
      .flatMap((event) => (event.type === 'BatchFunded' ? [event.data.batch] : []));
    for (const batch of new Set(known)) {
      const { campaign, count } = this.batches.get(batch) as BatchTerms;
      const vouchers = Array.from({ length: count }, (_, number) => ({ number, voucher: `${batch}-${number}` }));
      const before = this.log.length;
      for (const effect of reactToDay({ cause, base, lastDay: lastDayOf(campaign), vouchers }))
        this.effect(cause, effect);
      const run = this.log.slice(before).flatMap((event) => (event.type === 'VoucherExpired' ? [event] : []));
      this.giveBack(run.map((event) => ({ number: Number(event.stream.split('-').pop()), event })));
      base += count;
    }
  }

  private fundBatch(event: Extract<SweptEvent, { type: 'BatchApproved' }>): void {
    const batch = idOf(event.stream);
    const { fundingMode } = this.batches.get(batch) as BatchTerms;
    for (const effect of reactToBatchApproval(event, { batch, fundingMode })) {
      if (this.effect(event, effect)) continue;
      const [refusal] = reactToFundingRefusal(event, { batch, refusal: 'insufficient_funds' });
      const { type, data } = (refusal as Effect<OfType<AnyCommand, 'RefuseBatchFunding'>>).command;
      if (type === 'RefuseBatchFunding')
        this.append(`batch-${batch}`, { type: 'BatchFundingRefused', data }, `${event.id}/0`);
    }
  }

  private giveBack(run: readonly { readonly number: number; readonly event: Ending }[]): void {
    for (const chunk of chunkReturns(run))
      for (const effect of reactToEndings(chunk)) this.effect(chunk[chunk.length - 1] as Ending, effect);
  }

  private recover(cause: Extract<SweptEvent, { type: 'SettlementPaid' }>): void {
    const id = idOf(cause.stream);
    const { merchant } = this.settlements.find((entry) => entry.id === id) as World['settlements'][number];
    const mine = this.log.filter(
      (event) => 'private' in event && (event.private as { merchant?: string }).merchant === merchant,
    );
    const reversals = mine.flatMap((event) =>
      event.type === 'RedemptionReversed' && event.data.to === 'recoverable' && event.position < cause.position
        ? [event]
        : [],
    );
    const recoveredBeforeMinor = mine.reduce(
      (sum, event) =>
        sum + (event.type === 'SettlementPaid' && event.position < cause.position ? event.data.recoveredMinor : 0),
      0,
    );
    const effects = reactToPayment({ cause, settlement: id, merchant, reversals, recoveredBeforeMinor });
    for (const effect of effects) this.effect(cause, effect);
  }

  private decide(
    command: AnyCommand,
    how: { readonly causeId: string; readonly index: number; readonly signers: readonly SignerView[] },
  ): boolean {
    const concept = commandConcept(command.type) as AnyConcept;
    const stream = concept.streamOf(command);
    const state = this.states.get(stream) ?? concept.decider.initial;
    const facts: Record<string, unknown> & { readonly context: Context } = {
      context: { day: this.dayName(), signers: how.signers, treeSize: this.log.length, k: 5 },
    };
    for (let missing = true; missing;) {
      missing = false;
      for (const { name, stream: wanted } of concept.needs(command, state, facts)) {
        if (name in facts) continue;
        const found = this.factState(wanted);
        facts[name] = found === undefined ? undefined : { stream: wanted, version: 1, state: found };
        missing = true;
      }
    }
    const outcome = concept.decider.decide(command, state, facts);
    if (isRefusal(outcome)) return false;
    for (const [j, event] of outcome.entries()) this.append(stream, event, `${how.causeId}/${how.index + j}`);
    return true;
  }

  private factState(stream: string): unknown {
    const match = /^settlement\?redemption=(\d+)&merchant=(.+)&mode=/.exec(stream);
    if (match === null) return this.states.get(stream) ?? this.plainFacts(stream);
    const position = Number(match[1]);
    const covering = this.settlements.find(
      ({ merchant, window }) => merchant === match[2] && window[0] <= position && position < window[1],
    );
    return covering === undefined ? undefined : this.states.get(`settlement-${covering.id}`);
  }

  private append(stream: string, event: DomainEvent, id: string): SweptEvent {
    const recorded = { ...event, id, position: this.log.length, day: this.dayName(), stream } as unknown as SweptEvent;
    if (this.ids.has(id)) return recorded;
    this.ids.add(id);
    this.log.push(recorded);
    const concept = streamConcept(stream);
    if (concept !== undefined)
      this.states.set(stream, concept.decider.evolve(this.states.get(stream) ?? concept.decider.initial, recorded));
    this.onEvent(recorded);
    this.react(recorded);
    return recorded;
  }
}

function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
