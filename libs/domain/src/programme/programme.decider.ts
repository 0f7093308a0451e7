import type { Concept, Context, RefusalText } from '../kernel/concept.js';
import { refuse, type Recorded, type Refusal } from '../kernel/decider.js';
import { actingOfficer, officerMissing } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import { programmeCommands, type ProgrammeCommand } from './programme.commands.js';
import { programmeEvents, type ProgrammeEvent } from './programme.events.js';

type Opened = OfType<ProgrammeEvent, 'ProgrammeOpened'>['data'];
type Published = OfType<ProgrammeEvent, 'GoodsPolicyPublished'>['data'];

export type ApprovalTiers = Opened['approvalTiers'];

export type ProgrammeState =
  | { readonly status: 'none' }
  | {
      readonly status: 'open' | 'closed';
      readonly name: string;
      readonly approvalTiers: ApprovalTiers;
      /** The latest goods policy; absent until the first is published. */
      readonly policy?: Pick<Published, 'policyVersion' | 'rules' | 'unknown'>;
    };

export interface ProgrammeFacts {
  readonly context: Context;
}

/** In order of precedence: what exists, who asks, what is asked. */
export const programmeRefusals = {
  programme_exists: { level: 'L1', zh: '该项目已经设立。', en: 'This programme is open already.' },
  programme_unknown: { level: 'L1', zh: '没有这个项目。', en: 'There is no such programme.' },
  programme_closed: { level: 'L1', zh: '项目已结束。', en: 'The programme is closed.' },
  officer_missing: officerMissing,
  approval_tiers_invalid: {
    level: 'L1',
    zh: '审批额度必须逐级递增，审批人数不得减少，且仅最后一级不设上限。',
    en: 'The tiers must rise, never ask for fewer approvals, and only the last has no upper bound.',
  },
  duplicate_category: {
    level: 'L1',
    zh: '同一商品类别只能有一条规则。',
    en: 'A category of goods may have one rule only.',
  },
} as const satisfies Record<string, RefusalText>;

export type ProgrammeRefusal = keyof typeof programmeRefusals;

/** A programme of relief campaigns: its limits of approval and what its vouchers may pay for. */
export const programmeConcept = {
  category: 'programme',
  events: programmeEvents,
  commands: programmeCommands,
  refusals: programmeRefusals,
  decider: { initial: { status: 'none' }, decide: decideProgramme, evolve: evolveProgramme },
  streamOf: (command) => `programme-${command.data.programme}`,
  needs: () => [],
} satisfies Concept<'programme', ProgrammeState, ProgrammeCommand, ProgrammeFacts, ProgrammeEvent, ProgrammeRefusal>;

function decideProgramme(
  command: ProgrammeCommand,
  state: ProgrammeState,
  { context }: ProgrammeFacts,
): readonly ProgrammeEvent[] | Refusal<ProgrammeRefusal> {
  const officer = actingOfficer(context);
  if (command.type === 'OpenProgramme') {
    const { name, approvalTiers } = command.data;
    if (state.status !== 'none') return refuse('programme_exists');
    if (officer === undefined) return refuse('officer_missing');
    if (!areTiersValid(approvalTiers)) return refuse('approval_tiers_invalid');
    return [{ type: 'ProgrammeOpened', data: { name, approvalTiers, officer } }];
  }
  if (state.status === 'none') return refuse('programme_unknown');
  if (command.type === 'CloseProgramme') {
    if (state.status === 'closed') return [];
    if (officer === undefined) return refuse('officer_missing');
    return [{ type: 'ProgrammeClosed', data: { officer } }];
  }
  const { rules, unknown } = command.data;
  if (state.status === 'closed') return refuse('programme_closed');
  if (officer === undefined) return refuse('officer_missing');
  if (new Set(rules.map(({ category }) => category)).size < rules.length) return refuse('duplicate_category');
  const policyVersion = (state.policy?.policyVersion ?? 0) + 1;
  return [{ type: 'GoodsPolicyPublished', data: { policyVersion, rules, unknown, officer } }];
}

function areTiersValid(tiers: ApprovalTiers): boolean {
  return tiers.every((tier, index) => {
    const isLast = index === tiers.length - 1;
    if (isLast !== (tier.uptoMinor === undefined)) return false;
    const before = tiers[index - 1];
    if (before === undefined) return true;
    const rises = tier.uptoMinor === undefined || (before.uptoMinor !== undefined && tier.uptoMinor > before.uptoMinor);
    return rises && tier.approvals >= before.approvals;
  });
}

/** How many different checkers a batch of this total needs. */
export function approvalsFor(tiers: ApprovalTiers, totalMinor: number): number {
  const tier = tiers.find(({ uptoMinor }) => uptoMinor === undefined || totalMinor <= uptoMinor);
  // Only a log with invalid tiers gets here; the strictest number that a tier can hold is the safe answer.
  return tier?.approvals ?? 5;
}

function evolveProgramme(state: ProgrammeState, event: Recorded<ProgrammeEvent>): ProgrammeState {
  if (event.type === 'ProgrammeOpened') {
    const { name, approvalTiers } = event.data;
    return state.status === 'none' ? { status: 'open', name, approvalTiers } : state;
  }
  if (state.status === 'none') return state;
  if (event.type === 'ProgrammeClosed') return { ...state, status: 'closed' };
  const { policyVersion, rules, unknown } = event.data;
  return { ...state, policy: { policyVersion, rules, unknown } };
}
