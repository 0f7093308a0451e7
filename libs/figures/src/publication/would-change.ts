import type { FigureState } from '../counting/figure-state.js';
import { cutFigures } from './cut-figures.js';

/**
 * Whether a cut now would say anything that the last one did not. How old a figure is and what day it is are no news, and
 * neither is what does not come from the leaves.
 */
export function figuresWouldChange(state: FigureState): boolean {
  const copy = JSON.parse(JSON.stringify(state)) as FigureState;
  cutFigures(copy, {
    index: Number.MAX_SAFE_INTEGER,
    sha256: () => new Uint8Array(),
  });
  return copy.said !== state.said || copy.saidDisclosed !== state.saidDisclosed;
}
