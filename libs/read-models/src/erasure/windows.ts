import { windowOf, type Work } from '../projector/work.js';

/**
 * The windows in which something at a position has been counted so far, the present one last: a cut-off is set later than
 * the tree size that it ends at, and what happened in between moves on to the next window.
 */
export function windowsTouched(work: Work, position: number): { readonly first: number; readonly last: number } {
  let first = work.cutoffs.size + 1;
  while (first > 1 && work.cutoffs.getOrThrow(String(first - 1)).position > position) first -= 1;
  return { first, last: windowOf(work, position) };
}
