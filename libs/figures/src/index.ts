export * from './public-figures.js';
export * from './figure-definitions.js';
export { DISCLOSED_FORMAT, type DisclosedFigures } from './disclosed-figures.js';
export { countLeaf } from './counting/count-leaf.js';
export type { CountedLeaf, FigureLookups } from './counting/counted-leaf.js';
export { figuresOfLedger, forgetDisclosures, type FigureState } from './counting/figure-state.js';
export { cutFigures, figuresBytes, type FigureCut, type Publication } from './publication/cut-figures.js';
export { figuresWouldChange } from './publication/would-change.js';
