import { FIGURE_DEFINITIONS } from '@aidtrail/figures';
import { createContext, use, type ReactNode } from 'react';
import { formatCount, withCurrency } from '../language/amounts.js';
import { useWords } from '../language/language.js';
import { howWords, knownTotal } from './how.words.js';
import { programmeWords } from './programme.words.js';
import type { ShownFigures, Told } from './read-figures.js';

/** What every number on the page needs to know. */
export interface Showing {
  readonly figures: ShownFigures;
  /** Paths of the numbers that just changed. */
  readonly changed: ReadonlySet<string>;
}

export const ShowingContext = createContext<Showing | undefined>(undefined);

export function useShowing(): Showing {
  const showing = use(ShowingContext);
  if (showing === undefined) throw new Error('Figures are shown outside of the page.');
  return showing;
}

/** A number that was published, marked for a moment if it just changed; or in few words why there is none. */
export function FigureNumber(of: { readonly told: Told; readonly unit: 'minor' | 'count'; readonly path: string }) {
  const { changed, figures } = useShowing();
  const { reason } = useWords(programmeWords);
  if ('suppressed' in of.told) {
    const word = Object.hasOwn(reason, of.told.suppressed)
      ? reason[of.told.suppressed as keyof typeof reason]
      : reason.k;
    return <span className="withheld">{word(figures.k)}</span>;
  }
  const { value } = of.told;
  const isChanged = changed.has(of.path);
  return (
    <span className={isChanged ? 'number changed' : 'number'} data-path={of.path}>
      {of.unit === 'minor' ? withCurrency(value, figures.currency) : formatCount(value)}
    </span>
  );
}

/** Beside a number that is older than the publication: a 0 must not look as if nothing had happened since. */
export function HeldBackSince({ asOf }: { readonly asOf: number | undefined }) {
  const words = useWords(howWords);
  const { figures } = useShowing();
  if (asOf === undefined || asOf >= figures.treeSize) return null;
  return <small className="held-back">{words.heldBack(formatCount(asOf))}</small>;
}

/** One tap away: how a figure is computed, from what, and by whom it can be computed again. */
export function How({
  level,
  name,
  children,
}: {
  readonly level: string;
  readonly name: string;
  readonly children: ReactNode;
}) {
  const words = useWords(howWords);
  return (
    <details className="how">
      <summary aria-label={words.of(level, name)}>{words.ask(level)}</summary>
      <div>
        {children}
        <p>{level === 'L2' ? words.L2 : words.L1}</p>
      </div>
    </details>
  );
}

export function HowTotal(of: {
  readonly figureKey: string;
  readonly level: string;
  readonly asOf: number | undefined;
  readonly name: string;
}) {
  const words = useWords(howWords);
  const { figures } = useShowing();
  const known = knownTotal(of.figureKey);
  return (
    <How level={of.level} name={of.name}>
      <p>{known === undefined ? of.figureKey : words.totals[known]}</p>
      {of.asOf !== undefined && <p>{words.asOf(formatCount(of.asOf))}</p>}
      {known !== undefined && FIGURE_DEFINITIONS[known].released && <p>{words.released(figures.k)}</p>}
    </How>
  );
}
