import { reactToCutoff, type AnyCommand, type Effect, type Movement, type OfType } from '@aidtrail/domain';
import type { AuditedLeaf } from '../audit/leaf-check.js';
import type { Report } from '../findings/finding.js';
import { areEqual, shownSums, type SettlementWindow, type SettlementWindows } from '../money/settlement-windows.js';
import { CauseBook, type OpenCause, type OpenCauses } from './causes.js';
import { idIn, type EffectDesk } from './effect-desk.js';
import { eventAs, type PolicyWatch } from './policy-watch.js';

type ProposalEffect = Effect<OfType<AnyCommand, 'ProposeSettlement'>>;
type Proposed = ReturnType<typeof eventAs<'SettlementProposed'>>;

interface Proposal extends OpenCause {
  readonly window: SettlementWindow;
  readonly cause: ReturnType<typeof eventAs<'CutoffSet'>>;
  /** What moved, until the first settlement comes; undefined unless all merchants are disclosed. */
  movements: readonly Movement[] | undefined;
  /** What must still come, from the first settlement on; undefined unless all merchants are disclosed. */
  due: ProposalEffect[] | undefined;
  come: number;
}

/**
 * CutoffSet → one settlement for each merchant that moved money in the window. Whose each one is stays private; in public
 * they add up to what moved, to the fen. With disclosures each merchant's figures are held against its own redemptions.
 */
export class ProposalWatch implements PolicyWatch {
  private readonly proposals: CauseBook<Proposal>;
  /** Whether all settlements so far said whose they are. */
  private areChainsKnown = true;
  /** The settlements of each merchant so far, as far as disclosed. */
  private readonly chains = new Map<string, { readonly cutoff: number; readonly settlement: string }[]>();

  constructor(
    private readonly desk: EffectDesk,
    queue: OpenCauses,
    private readonly windows: SettlementWindows,
    private readonly report: Report,
  ) {
    this.proposals = new CauseBook(desk, queue);
  }

  cause(leaf: AuditedLeaf): void {
    const cause = eventAs<'CutoffSet'>(leaf);
    const { latest: window, latestMovements: movements } = this.windows;
    if (window === undefined) return;
    const proposal: Proposal = {
      policy: 'proposals',
      position: cause.position,
      window,
      cause,
      movements,
      due: undefined,
      come: 0,
      isComplete: () => areEqual(window.moved, window.proposed),
      reportMissing: () => this.reportMissing(proposal),
    };
    this.proposals.add(cause.id, proposal);
  }

  effect(leaf: AuditedLeaf, ref: string): void {
    const proposal = this.proposals.causeOf(leaf, ref);
    if (proposal === undefined) return;
    const event = eventAs<'SettlementProposed'>(leaf);
    const settlement = idIn(event.stream);
    // By now all settlements of the windows before are there, so that each merchant's chain is known.
    if (proposal.movements !== undefined) proposal.due = this.dueOf(proposal, proposal.movements);
    proposal.movements = undefined;
    const effect = this.effectOf(proposal, event, settlement);
    if (effect === undefined) this.desk.notDue(leaf, 'no movement');
    else {
      this.desk.check(leaf, { cause: ref, effect });
      if (proposal.due !== undefined && this.areChainsKnown) this.desk.comparePrivate(leaf, effect.command.private);
    }
    this.remember(proposal, event, settlement);
  }

  private dueOf({ cause }: Proposal, movements: readonly Movement[]): ProposalEffect[] {
    const { number } = cause.data;
    // The id is an HMAC that only the ledger can compute; it is taken from each leaf.
    const settlementIdOf = (): string => '';
    const previousOf = (merchant: string): string | undefined =>
      this.chains.get(merchant)?.findLast(({ cutoff }) => cutoff < number)?.settlement;
    const window = { cause, movements, proposed: new Set<string>(), settlementIdOf, previousOf };
    return [...reactToCutoff(window)] as ProposalEffect[];
  }

  /** In public any figures that are not nothing will do for one settlement, as long as all of them add up. */
  private effectOf({ cause, due, come }: Proposal, event: Proposed, settlement: string): ProposalEffect | undefined {
    const { number, from, to } = cause.data;
    const { count, grossMinor, reversalsMinor, recoverableMinor } = event.data;
    const figures = { count, grossMinor, reversalsMinor, recoverableMinor };
    if (due === undefined && count + reversalsMinor === 0) return undefined;
    const command: ProposalEffect['command'] | undefined =
      due === undefined
        ? {
            type: 'ProposeSettlement',
            data: { settlement, cutoff: number, window: [from, to], fundingMode: 'merchant-funded', ...figures },
            private: { merchant: '' },
          }
        : takeDue(due, event.private?.merchant)?.command;
    if (command === undefined) return undefined;
    return { index: come, stream: event.stream, command: { ...command, data: { ...command.data, settlement } } };
  }

  private remember(proposal: Proposal, { private: disclosed }: Proposed, settlement: string): void {
    const { cause } = proposal;
    proposal.come += 1;
    if (disclosed === undefined) this.areChainsKnown = false;
    else {
      const chain = this.chains.get(disclosed.merchant) ?? [];
      this.chains.set(disclosed.merchant, [...chain, { cutoff: cause.data.number, settlement }]);
    }
    if (proposal.isComplete()) this.proposals.close(cause.id);
  }

  private reportMissing({ position, window, cause }: Proposal): void {
    const { moved, proposed, settlements } = window;
    if (settlements === 0)
      this.desk.find('effect_missing', position, { subject: cause.stream, expected: 'SettlementProposed' });
    else {
      const more = { expected: shownSums(moved), actual: shownSums(proposed) };
      this.report({ code: 'window_sum_differs', leaf: position, subject: `window ${window.number}`, ...more });
    }
  }
}

/** The merchant's own, in whatever order they come; the next one if it does not say whose it is, or says what is not due. */
function takeDue(due: ProposalEffect[], merchant: string | undefined): ProposalEffect | undefined {
  const own = due.findIndex(({ command }) => command.private.merchant === merchant);
  return due.splice(Math.max(own, 0), 1)[0];
}
