import type { Concept, Context, RefusalText } from '../kernel/concept.js';
import { refuse, type Recorded, type Refusal } from '../kernel/decider.js';
import { cutoffCommands, type CutoffCommand } from './cutoff.commands.js';
import { cutoffEvents, type CutoffEvent } from './cutoff.events.js';

/** The latest window: leaves from `from` up to, not including, `to`. The next one starts at `to`. Number 0: none yet. */
export interface CutoffState {
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

export interface CutoffFacts {
  readonly context: Context;
}

export const cutoffRefusals = {
  cutoff_not_later: {
    level: 'L1',
    zh: '新的结算截点必须在上一个之后。',
    en: 'A cut-off must lie behind the one before it.',
  },
  beyond_checkpoint: {
    level: 'L1',
    zh: '结算截点不能超过已签名的检查点。',
    en: 'A cut-off cannot lie beyond the latest signed checkpoint.',
  },
} as const satisfies Record<string, RefusalText>;

export type CutoffRefusal = keyof typeof cutoffRefusals;

/** Cut-offs that all merchants share: every leaf is in exactly one window, so no merchant's window can be chosen. */
export const cutoffConcept = {
  category: 'cutoff',
  events: cutoffEvents,
  commands: cutoffCommands,
  refusals: cutoffRefusals,
  decider: { initial: { number: 0, from: 0, to: 0 }, decide: decideCutoff, evolve: evolveCutoff },
  streamOf: () => 'cutoff-main',
  needs: () => [],
} satisfies Concept<'cutoff', CutoffState, CutoffCommand, CutoffFacts, CutoffEvent, CutoffRefusal>;

function decideCutoff(
  command: CutoffCommand,
  state: CutoffState,
  { context }: CutoffFacts,
): readonly CutoffEvent[] | Refusal<CutoffRefusal> {
  const { to } = command.data;
  if (state.number > 0 && to === state.to) return [];
  if (to <= state.to) return refuse('cutoff_not_later');
  if (to > context.treeSize) return refuse('beyond_checkpoint');
  return [{ type: 'CutoffSet', data: { number: state.number + 1, from: state.to, to } }];
}

function evolveCutoff(_state: CutoffState, { data }: Recorded<CutoffEvent>): CutoffState {
  return { number: data.number, from: data.from, to: data.to };
}
