import type { checkWords } from './check.words.js';
import { isAboutEntry, isCompared, isFirstVisit, missingWitnesses, verdictOfAll, type Step } from './step.js';

export interface VerdictWords {
  readonly title: string;
  readonly texts: readonly string[];
}

/**
 * What all steps together are called: first what holds, then, by itself, what is missing. That no change was found is said only
 * where the checkpoint of the last visit was met again.
 */
export function verdictWords(
  { steps, isDemo }: { readonly steps: readonly Step[]; readonly isDemo: boolean },
  words: (typeof checkWords)['zh'],
): VerdictWords {
  const all = verdictOfAll(steps);
  const missing = missingWitnesses(steps);
  const first = isFirstVisit(steps) ? [words.firstVisit] : [];
  if (missing === undefined)
    return { title: words.all[all], texts: [words.allText[all], ...(all === 'good' ? first : [])] };
  const about = isAboutEntry(steps) ? 'entry' : 'log';
  return {
    title: words.unwitnessed[isCompared(steps) ? (`${about}Compared` as const) : about],
    texts: [words.unwitnessed[isDemo && missing === 'ownMachine' ? 'demo' : missing], ...first],
  };
}
