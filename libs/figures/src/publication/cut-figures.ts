import { base64Encode, canonicalBytes } from '@aidtrail/envelope';
import type { FigureState } from '../counting/figure-state.js';
import { FIGURES_FORMAT, FIGURES_VERSION, type PrivacyFigures, type PublicFigures } from '../public-figures.js';
import { DISCLOSED_FORMAT, type DisclosedFigures } from '../disclosed-figures.js';
import { FIGURE_DEFINITIONS } from '../figure-definitions.js';
import type { Pooling } from '../release/dimension.js';
import { cutFamily } from '../release/family.js';
import { strictPooling } from '../release/pooling.js';
import { tellPrivacy } from '../privacy-count.js';
import { breakdownsOf, disclosedBreakdowns } from './breakdowns.js';
import { settlementFigures, tellSettlements } from './settlements.js';
import { newsOf } from './news.js';
import { totalsOf } from './totals.js';

export interface FigureCut {
  /** Leaf index of the FiguresCut: the leaves before it are counted. */
  readonly index: number;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** Entries of the list of erasures, which stands beside the log. */
  readonly erasureCount?: number;
}

export interface Publication {
  /** L1: follows from the public leaves. */
  readonly figures: PublicFigures;
  /** L2: present where disclosures were counted. */
  readonly disclosed?: DisclosedFigures;
}

/**
 * At a FiguresCut: what is published. The state moves on: what is told here counts as told, whether or not anybody publishes
 * it, so that all who fold the log say the same at the next cut.
 */
export function cutFigures(state: FigureState, cut: FigureCut): Publication {
  return cutWith(strictPooling, state, cut);
}

export function cutWith(pooling: Pooling, state: FigureState, cut: FigureCut): Publication {
  const { index, sha256 } = cut;
  const { campaigns, day } = state;
  const { rules } = state;
  const sumsOf = (campaign: string): Readonly<Record<string, string>> => {
    const known = campaigns[campaign];
    return known === undefined ? {} : { phase: known.phase, region: known.region };
  };
  for (const family of Object.values(state.families))
    cutFamily(family, { asOf: index, month: day.slice(0, 7), rules, sumsOf, pooling });
  tellSettlements(state.settlements, { index, k: rules.k });
  const figures = figuresOf(state, cut);
  state.previous = base64Encode(sha256(figuresBytes(figures)));
  state.said = newsOf(figures);
  const disclosed = tellsMore(state) ? disclosedOf(state, cut, state.previous) : undefined;
  if (disclosed !== undefined) state.saidDisclosed = newsOf(disclosed);
  return { figures, ...(disclosed === undefined ? {} : { disclosed }) };
}

/** Before the first redemption a second document would be empty. */
function tellsMore({ families, isDisclosed }: FigureState): boolean {
  return isDisclosed && families.redemptions.exact.count > 0;
}

function figuresOf(state: FigureState, { index }: FigureCut): PublicFigures {
  const { log, currency, demo } = state.setting;
  return {
    format: FIGURES_FORMAT,
    v: FIGURES_VERSION,
    log,
    treeSize: index,
    day: state.day,
    currency,
    demo,
    ...(state.previous === undefined ? {} : { previous: state.previous }),
    rules: state.rules,
    totals: totalsOf(state, index),
    breakdowns: breakdownsOf(state),
    settlements: settlementFigures(state),
    corrections: state.corrections,
    privacy: privacyOf(state, index),
  };
}

function privacyOf({ privacy, rules }: FigureState, asOf: number): PrivacyFigures {
  const told = tellPrivacy(privacy, { asOf, k: rules.k });
  return told === undefined ? { level: 'L1', suppressed: 'k' } : { level: 'L1', ...told };
}

function disclosedOf(state: FigureState, { erasureCount, index }: FigureCut, figures: string): DisclosedFigures {
  const { log, currency, demo } = state.setting;
  const { level, unit } = FIGURE_DEFINITIONS.erasureCount;
  const erasures = { key: 'erasureCount', level, unit } as const;
  return {
    format: DISCLOSED_FORMAT,
    v: 1,
    log,
    treeSize: index,
    day: state.day,
    currency,
    demo,
    figures,
    rules: state.rules,
    totals: erasureCount === undefined ? [] : [{ ...erasures, value: erasureCount, asOf: index }],
    breakdowns: disclosedBreakdowns(state),
  };
}

/** RFC 8785: the bytes that are digested, published and served. */
export function figuresBytes(document: PublicFigures | DisclosedFigures): Uint8Array {
  return canonicalBytes(document);
}
