import type { Dimension, Pooling, Release } from './dimension.js';
import { addedSince, beginAnew, join, type Pool, type PoolMember } from './pool.js';
import { emptyTally, isEmpty, mayBeTold, objectionTo, unionOf, type ReleaseRules, type Tally } from './tally.js';

/** What the figures are published by. Specs show that anything weaker is found out. */
export const strictPooling: Pooling = { fill: fillPool, leave: leavePool };

/**
 * Primary suppression: what may not be told alone goes into the pool. Complementary suppression, to a fixed point: as long as
 * the sum of the pool may not be told either, or is that of one cell, another cell goes in.
 */
function fillPool(dimension: Dimension, { number, rules, nearness }: Release): void {
  const { fresh, pool } = dimension;
  const waiting = Object.keys(fresh).filter((cell) => !isEmpty(fresh[cell] ?? emptyTally()));
  const joiners = waiting.filter((cell) => !mayBeTold(fresh[cell] as Tally, rules));
  const small = [...joiners];
  const others = waiting
    .filter((cell) => !joiners.includes(cell))
    .sort((a, b) => nearness(a, small) - nearness(b, small) || byCount(fresh, a, b) || (a < b ? -1 : 1));
  while (!isSafeSum(dimension, joiners, rules)) {
    const complement = others.shift();
    if (complement === undefined) break;
    joiners.push(complement);
  }
  // Where only one cell grew it is the sum of all, which may be told.
  if (joiners.length === 0 || (pool === undefined && joiners.length === 1)) return;
  const entering = joiners.map((cell) => ({ cell, fresh: fresh[cell] as Tally }));
  const filled: Pool = pool ?? { founded: number, fresh: emptyTally(), members: {} };
  join(filled, entering, number);
  dimension.pool = filled;
  for (const cell of joiners) Reflect.deleteProperty(fresh, cell);
}

function isSafeSum({ fresh, pool }: Dimension, joiners: readonly string[], rules: ReleaseRules): boolean {
  if (pool === undefined && joiners.length === 1) return false;
  const sums = joiners.map((cell) => fresh[cell] as Tally);
  return mayBeTold(unionOf(pool === undefined ? sums : [pool.fresh, ...sums], rules.k), rules);
}

function byCount(fresh: Record<string, Tally>, a: string, b: string): number {
  return (fresh[a]?.count ?? 0) - (fresh[b]?.count ?? 0);
}

/**
 * Protection against differencing: a member leaves once all that was added to it since it was last told apart may be told,
 * and what stays, with a founder among it, added enough during the member's time in the pool to be told as well.
 */
function leavePool(dimension: Dimension, { rules }: Release): void {
  const { pool } = dimension;
  if (pool === undefined) return;
  const leaving: PoolMember[] = [];
  for (let left = nextToLeave(pool, leaving, rules); left !== undefined; left = nextToLeave(pool, leaving, rules)) {
    leaving.push(pool.members[left] as PoolMember);
    Reflect.deleteProperty(pool.members, left);
  }
  if (Object.keys(pool.members).length === 1) delete dimension.pool;
  else beginAnew(pool);
}

/** The one with the most first, so that those stay which have the least to show. */
function nextToLeave(pool: Pool, leaving: readonly PoolMember[], rules: ReleaseRules): string | undefined {
  return Object.entries(pool.members)
    .sort(([a, { whole: left }], [b, { whole: right }]) => right.count - left.count || (a < b ? -1 : 1))
    .find(([cell]) => mayLeave(pool, cell, leaving, rules))?.[0];
}

function mayLeave(pool: Pool, cell: string, leaving: readonly PoolMember[], rules: ReleaseRules): boolean {
  const { [cell]: member, ...rest } = pool.members;
  if (member === undefined || objectionTo(member.whole, rules) !== undefined) return false;
  const staying = Object.values(rest);
  const [last] = staying;
  if (last === undefined || !staying.some(({ joined }) => joined === pool.founded)) return false;
  if (staying.length === 1 && objectionTo(last.whole, rules) !== undefined) return false;
  const lastJoined = Math.max(member.joined, ...leaving.map(({ joined }) => joined));
  return objectionTo(addedSince(staying, lastJoined, rules.k), rules) === undefined;
}
