import { parseAmountMinor, multiplyMinor } from '../kernel/money.js';
import type { CampaignState } from '../campaign/campaign.decider.js';
import type { Concept, Context } from '../kernel/concept.js';
import { refuse, type Fact, type FactRequest, type Recorded, type Refusal } from '../kernel/decider.js';
import { actingOfficer } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import { approvalsFor, type ProgrammeState } from '../programme/programme.decider.js';
import { batchCommands, type BatchCommand } from './batch.commands.js';
import { batchEvents, type BatchEvent } from './batch.events.js';
import { batchRefusals, type BatchRefusal } from './batch.refusals.js';

type Drafted = OfType<BatchEvent, 'BatchDrafted'>;
type Ask<K extends BatchCommand['type']> = OfType<BatchCommand, K>;

export type BatchTerms = Omit<Drafted['data'], 'officer'>;

/** `approved`: the fund is asked, or vouchers are being issued; `unfunded`: the fund could not pay. */
export type BatchState =
  | { readonly status: 'none' }
  | {
      readonly status: 'drafted' | 'approved' | 'rejected' | 'unfunded' | 'completed';
      readonly terms: BatchTerms;
      readonly maker: string;
      readonly approvedBy: readonly string[];
      /** Absent without disclosures, like `communities`. */
      readonly partner?: string;
      readonly communities?: readonly string[];
    };

type Known = Exclude<BatchState, { status: 'none' }>;

export interface BatchFacts {
  readonly context: Context;
  /** For DraftBatch and ApproveBatch. */
  readonly campaign?: Fact<CampaignState>;
  /** That of the campaign; for DraftBatch and ApproveBatch. */
  readonly programme?: Fact<ProgrammeState>;
}

type Decision = readonly BatchEvent[] | Refusal<BatchRefusal>;

/** A batch of vouchers: drafted by a maker, approved by as many checkers as its total needs. */
export const batchConcept = {
  category: 'batch',
  events: batchEvents,
  commands: batchCommands,
  refusals: batchRefusals,
  decider: { initial: { status: 'none' }, decide: decideBatch, evolve: evolveBatch },
  streamOf: (command) => `batch-${command.data.batch}`,
  needs: batchNeeds,
} satisfies Concept<'batch', BatchState, BatchCommand, BatchFacts, BatchEvent, BatchRefusal>;

function batchNeeds(
  command: BatchCommand,
  _state: BatchState,
  have: Readonly<Record<string, unknown>>,
): readonly FactRequest[] {
  if (command.type !== 'DraftBatch' && command.type !== 'ApproveBatch') return [];
  const campaign = (have as Partial<BatchFacts>).campaign?.state;
  return [
    { name: 'campaign', stream: `campaign-${command.data.campaign}` },
    ...(campaign === undefined || campaign.status === 'none'
      ? []
      : [{ name: 'programme', stream: `programme-${campaign.programme}` }]),
  ];
}

function decideBatch(command: BatchCommand, state: BatchState, facts: BatchFacts): Decision {
  if (command.type === 'DraftBatch') return state.status === 'none' ? draft(command, facts) : refuse('batch_exists');
  if (state.status === 'none') return refuse('batch_unknown');
  switch (command.type) {
    case 'ApproveBatch':
      return approve(command, state, facts);
    case 'RejectBatch':
      return reject(command, state, facts);
    case 'RefuseBatchFunding':
      return refuseFunding(command, state);
    case 'CompleteBatch':
      return complete(command, state);
  }
}

function draft({ data, private: disclosed }: Ask<'DraftBatch'>, facts: BatchFacts): Decision {
  const { batch: _batch, ...terms } = data;
  const officer = actingOfficer(facts.context);
  if (officer === undefined) return refuse('officer_missing');
  const obstacle = obstacleOf(terms, facts);
  if (obstacle !== undefined) return refuse(obstacle);
  return [{ type: 'BatchDrafted', data: { ...terms, officer }, private: disclosed }];
}

function approve({ data }: Ask<'ApproveBatch'>, state: Known, facts: BatchFacts): Decision {
  const { batch: _batch, ...terms } = data;
  const officer = actingOfficer(facts.context);
  if (state.status !== 'drafted') return refuse('batch_not_drafted');
  if (officer === undefined) return refuse('officer_missing');
  if (officer === state.maker) return refuse('maker_is_checker');
  if (state.approvedBy.includes(officer)) return refuse('checker_repeats');
  if (!areTermsEqual(terms, state.terms)) return refuse('terms_differ');
  const obstacle = obstacleOf(terms, facts);
  const programme = facts.programme?.state;
  if (obstacle !== undefined) return refuse(obstacle);
  if (programme === undefined || programme.status === 'none') return refuse('programme_not_open');
  const approvals = approvalsFor(programme.approvalTiers, terms.totalMinor);
  // Capped: in a log whose tiers were tampered with, more checkers may have approved than the total needs.
  const approval = Math.min(state.approvedBy.length + 1, approvals);
  return [{ type: 'BatchApproved', data: { ...terms, officer, approval, approvals } }];
}

function reject({ data }: Ask<'RejectBatch'>, state: Known, facts: BatchFacts): Decision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'rejected') return [];
  if (state.status !== 'drafted') return refuse('batch_not_drafted');
  if (officer === undefined) return refuse('officer_missing');
  if (officer === state.maker) return refuse('maker_is_checker');
  return [{ type: 'BatchRejected', data: { officer, reason: data.reason } }];
}

function refuseFunding({ data }: Ask<'RefuseBatchFunding'>, state: Known): Decision {
  const { fund, totalMinor, refusal } = data;
  if (state.status === 'unfunded') return [];
  if (state.status !== 'approved') return refuse('batch_not_approved');
  if (fund !== state.terms.fund || totalMinor !== state.terms.totalMinor) return refuse('terms_differ');
  return [{ type: 'BatchFundingRefused', data: { fund, totalMinor, refusal } }];
}

function complete({ data }: Ask<'CompleteBatch'>, state: Known): Decision {
  const { count, totalMinor } = data;
  if (state.status === 'completed') return [];
  if (state.status !== 'approved') return refuse('batch_not_approved');
  if (count !== state.terms.count || totalMinor !== state.terms.totalMinor) return refuse('terms_differ');
  return [{ type: 'BatchCompleted', data: { count, totalMinor } }];
}

/** What keeps vouchers from being issued on these terms today. */
function obstacleOf(terms: BatchTerms, { context, campaign, programme }: BatchFacts): BatchRefusal | undefined {
  const of = campaign?.state;
  if (of?.status !== 'open') return 'campaign_not_open';
  if (programme?.state.status !== 'open') return 'programme_not_open';
  if (context.day > of.terms.lastDay) return 'last_day_passed';
  if (terms.fund !== of.fund) return 'fund_not_of_campaign';
  const face = parseAmountMinor(terms.faceMinor);
  if (face === undefined || multiplyMinor(face, terms.count) !== terms.totalMinor) return 'total_differs';
  return undefined;
}

function areTermsEqual(a: BatchTerms, b: BatchTerms): boolean {
  return (
    a.campaign === b.campaign &&
    a.fund === b.fund &&
    a.count === b.count &&
    a.faceMinor === b.faceMinor &&
    a.totalMinor === b.totalMinor &&
    a.rosterRoot === b.rosterRoot
  );
}

function evolveBatch(state: BatchState, event: Recorded<BatchEvent>): BatchState {
  if (event.type === 'BatchDrafted') {
    const { officer: maker, ...terms } = event.data;
    return state.status === 'none' ? { status: 'drafted', terms, maker, approvedBy: [], ...event.private } : state;
  }
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'BatchApproved': {
      const { officer, approval, approvals } = event.data;
      const status = approval >= approvals ? 'approved' : state.status;
      return { ...state, status, approvedBy: [...state.approvedBy, officer] };
    }
    case 'BatchRejected':
      return { ...state, status: 'rejected' };
    case 'BatchFundingRefused':
      return { ...state, status: 'unfunded' };
    case 'BatchCompleted':
      return { ...state, status: 'completed' };
  }
}
