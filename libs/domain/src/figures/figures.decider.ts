import type { Concept, Context, RefusalText } from '../kernel/concept.js';
import { refuse, type Recorded, type Refusal } from '../kernel/decider.js';
import { figuresCommands, type FiguresCommand } from './figures.commands.js';
import { figuresEvents, type FiguresEvent } from './figures.events.js';

/** The latest cut, and what was published of it. */
export interface FiguresState {
  /** Leaf index of the latest FiguresCut: so many leaves were counted. Absent before the first. */
  readonly cut?: number;
  readonly published?: { readonly digest: string; readonly disclosedDigest?: string };
}

export interface FiguresFacts {
  readonly context: Context;
}

export const figuresRefusals = {
  figures_not_cut: {
    level: 'L1',
    zh: '只能公布最近一次截取的公开数字。',
    en: 'Only the figures of the latest cut can be published.',
  },
  figures_already_published: {
    level: 'L1',
    zh: '这次截取的公开数字已经公布，且内容不同；已公布的不能收回。',
    en: 'Other figures of this cut were published already, and what was published is not taken back.',
  },
} as const satisfies Record<string, RefusalText>;

export type FiguresRefusal = keyof typeof figuresRefusals;

/** The public figures: where they were cut, and to what the ledger committed itself. */
export const figuresConcept = {
  category: 'figures',
  events: figuresEvents,
  commands: figuresCommands,
  refusals: figuresRefusals,
  decider: { initial: {}, decide: decideFigures, evolve: evolveFigures },
  streamOf: () => 'figures-main',
  needs: () => [],
} satisfies Concept<'figures', FiguresState, FiguresCommand, FiguresFacts, FiguresEvent, FiguresRefusal>;

/** Whether a digest is the right one is for whoever folds the log to say: no decision can count all of it. */
function decideFigures(
  command: FiguresCommand,
  { cut, published }: FiguresState,
): readonly FiguresEvent[] | Refusal<FiguresRefusal> {
  if (command.type === 'CutFigures') return [{ type: 'FiguresCut', data: {} }];
  const { data } = command;
  if (data.cut !== cut) return refuse('figures_not_cut');
  if (published === undefined) return [{ type: 'FiguresPublished', data }];
  const isSame = published.digest === data.digest && published.disclosedDigest === data.disclosedDigest;
  return isSame ? [] : refuse('figures_already_published');
}

function evolveFigures(state: FiguresState, event: Recorded<FiguresEvent>): FiguresState {
  if (event.type === 'FiguresCut') return { cut: event.position };
  const { digest, disclosedDigest } = event.data;
  return { ...state, published: { digest, ...(disclosedDigest === undefined ? {} : { disclosedDigest }) } };
}
