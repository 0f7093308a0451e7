import { increase, plus, type CellSum, type ToldSum } from './cell.js';
import { pooledSince, type Pool } from './pool.js';
import { addTo, emptyTally, type Increment, type ReleaseRules, type Tally } from './tally.js';

/**
 * One way of telling a family's sum apart: by campaign, say. At each release every cell is told as it is at that tree size,
 * but for those in the pool, of which only the sum is. Plain JSON.
 */
export interface Dimension {
  /** As it is now; known to nobody but the counter. */
  exact: Record<string, CellSum>;
  /** As it was last told apart. */
  told: Record<string, ToldSum>;
  /** Since the last release, of the cells outside the pool. Absent: nothing. */
  fresh: Record<string, Tally>;
  pool?: Pool;
  /** The sum of all cells at the last release: where something counts in several cells it is more than the family's. */
  all: ToldSum;
}

export function openDimension(): Dimension {
  return { exact: {}, told: {}, fresh: {}, all: { count: 0, amountMinor: 0, asOf: 0 } };
}

export function addToCell(dimension: Dimension, cell: string, increment: Increment, k: number): void {
  increase((dimension.exact[cell] ??= { count: 0, amountMinor: 0 }), increment);
  if (dimension.pool?.members[cell] === undefined) addTo((dimension.fresh[cell] ??= emptyTally()), increment, k);
  else pooledSince(dimension.pool, cell, increment, k);
}

/** Who goes into the pool and who leaves it, at a release. */
export interface Pooling {
  readonly fill: (dimension: Dimension, release: Release) => void;
  readonly leave: (dimension: Dimension, release: Release) => void;
}

/** Where and by which rules a family is released. */
export interface Release {
  /** Leaves before this one are counted. */
  readonly asOf: number;
  /** Number of the release, from 1. */
  readonly number: number;
  readonly rules: ReleaseRules;
  /** Cells that are best told together with this one come first. */
  readonly nearness: (cell: string, small: readonly string[]) => number;
  readonly pooling: Pooling;
}

/**
 * Tells each cell apart, as far as it may be. The caller has made sure that all that was added since the last release may be
 * told as one sum; the pool therefore finds a sum that may be told, at worst that of everything.
 */
export function releaseDimension(dimension: Dimension, release: Release): void {
  release.pooling.fill(dimension, release);
  release.pooling.leave(dimension, release);
  dimension.fresh = {};
  moveOn(dimension, release.asOf);
}

/** What is outside the pool is told as it is. */
export function moveOn(dimension: Dimension, asOf: number): void {
  let all: CellSum = { count: 0, amountMinor: 0 };
  for (const [cell, sum] of Object.entries(dimension.exact)) {
    all = plus(all, sum);
    if (!isPooled(dimension, cell)) dimension.told[cell] = { ...sum, asOf };
  }
  dimension.all = { ...all, asOf };
}

/** The cells that are told apart, all at the same tree size, are those outside the pool. */
export function isPooled(dimension: Dimension, cell: string): boolean {
  return dimension.pool?.members[cell] !== undefined;
}
