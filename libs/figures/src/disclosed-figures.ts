import type { Breakdown, FigureTotal, SuppressionRules } from './public-figures.js';

export const DISCLOSED_FORMAT = 'aidtrail-figures-disclosed';

/**
 * The second document of a publication: what an auditor with disclosures can compute and nobody else. Its bytes are canonical
 * JSON; their SHA-256 stands in the log beside that of the first. It is of the same leaves as the first, and is told at the
 * same leaves, so that nothing can be learnt from one that the other holds back.
 */
export interface DisclosedFigures {
  readonly format: typeof DISCLOSED_FORMAT;
  readonly v: 1;
  readonly log: string;
  readonly treeSize: number;
  readonly day: string;
  readonly currency: string;
  readonly demo: boolean;
  /** Digest (base64) of the publication's first document. */
  readonly figures: string;
  readonly rules: SuppressionRules;
  readonly totals: readonly FigureTotal[];
  /** By goods category and by merchant. */
  readonly breakdowns: readonly Breakdown[];
}
