import type { Concept, Context, RefusalText } from '../kernel/concept.js';
import { refuse, type Recorded, type Refusal } from '../kernel/decider.js';
import { actingOfficer, officerMissing, secondOfficerMissing, twoOfficers } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import { periodCommands, type PeriodCommand } from './period.commands.js';
import { periodEvents, type PeriodEvent } from './period.events.js';

/** A month. It is open until it is closed; corrections are published of either, and only counted here. */
export type PeriodState =
  | { readonly status: 'open'; readonly corrections: number }
  | {
      readonly status: 'closed';
      readonly corrections: number;
      readonly upTo: number;
      readonly balancesDigest: string;
    };

export interface PeriodFacts {
  readonly context: Context;
}

/** In order of precedence: whether it is the time, who asks, what is sealed. */
export const periodRefusals = {
  period_closed: { level: 'L1', zh: '该月份已经封账。', en: 'This month is closed already.' },
  period_not_over: { level: 'L1', zh: '该月份尚未结束。', en: 'This month is not over yet.' },
  period_not_begun: { level: 'L1', zh: '该月份尚未开始。', en: 'This month has not begun.' },
  officer_missing: officerMissing,
  second_officer_missing: secondOfficerMissing,
  beyond_checkpoint: {
    level: 'L1',
    zh: '封账位置不能超过已签名的检查点。',
    en: 'A month cannot be sealed beyond the latest signed checkpoint.',
  },
} as const satisfies Record<string, RefusalText>;

export type PeriodRefusal = keyof typeof periodRefusals;
type Decision = readonly PeriodEvent[] | Refusal<PeriodRefusal>;

/** A month of the accounts: sealed once by two officers, and corrected in public ever after. */
export const periodConcept = {
  category: 'period',
  events: periodEvents,
  commands: periodCommands,
  refusals: periodRefusals,
  decider: { initial: { status: 'open', corrections: 0 }, decide: decidePeriod, evolve: evolvePeriod },
  streamOf: (command) => `period-${command.data.period}`,
  needs: () => [],
} satisfies Concept<'period', PeriodState, PeriodCommand, PeriodFacts, PeriodEvent, PeriodRefusal>;

function decidePeriod(command: PeriodCommand, state: PeriodState, { context }: PeriodFacts): Decision {
  return command.type === 'ClosePeriod' ? close(command, state, context) : correct(command, context);
}

function close({ data }: OfType<PeriodCommand, 'ClosePeriod'>, state: PeriodState, context: Context): Decision {
  const { period, upTo, balancesDigest } = data;
  if (state.status === 'closed') return refuse('period_closed');
  if (period >= monthOf(context.day)) return refuse('period_not_over');
  const officers = twoOfficers(context);
  if (officers === undefined) return refuse('second_officer_missing');
  if (upTo > context.treeSize) return refuse('beyond_checkpoint');
  return [{ type: 'PeriodClosed', data: { upTo, balancesDigest, ...officers } }];
}

/** Repeating a correction is a second correction: what was said in public cannot be unsaid, only added to. */
function correct({ data }: OfType<PeriodCommand, 'PublishCorrection'>, context: Context): Decision {
  const { period, subject, noteZh, noteEn } = data;
  const officer = actingOfficer(context);
  if (period > monthOf(context.day)) return refuse('period_not_begun');
  if (officer === undefined) return refuse('officer_missing');
  return [{ type: 'CorrectionPublished', data: { subject, noteZh, noteEn, officer } }];
}

function monthOf(day: string): string {
  return day.slice(0, 7);
}

function evolvePeriod(state: PeriodState, { type, data }: Recorded<PeriodEvent>): PeriodState {
  if (type === 'CorrectionPublished') return { ...state, corrections: state.corrections + 1 };
  if (state.status === 'closed') return state;
  return { status: 'closed', corrections: state.corrections, upTo: data.upTo, balancesDigest: data.balancesDigest };
}
