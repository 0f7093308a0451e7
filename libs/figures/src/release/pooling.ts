import type { Dimension, Pooling, Release } from './dimension.js';
import { addedSince, beginAnew, join, type Pool, type PoolMember } from './pool.js';
import { emptyTally, isEmpty, mayBeTold, objectionTo, unionOf, type Tally } from './tally.js';

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
  let sum = unionOf([pool?.fresh ?? emptyTally(), ...joiners.map((cell) => fresh[cell] as Tally)], rules.k);
  while (!mayBeTold(sum, rules) || (pool === undefined && joiners.length === 1)) {
    const complement = others.shift();
    if (complement === undefined) break;
    joiners.push(complement);
    sum = unionOf([sum, fresh[complement] as Tally], rules.k);
  }
  // Where only one cell grew it is the sum of all, which may be told.
  if (joiners.length === 0 || (pool === undefined && joiners.length === 1)) return;
  const entering = joiners.map((cell) => ({ cell, fresh: fresh[cell] as Tally }));
  const filled: Pool = pool ?? { founded: number, fresh: emptyTally(), members: {} };
  join(filled, entering, number);
  dimension.pool = filled;
  for (const cell of joiners) Reflect.deleteProperty(fresh, cell);
}

function byCount(fresh: Record<string, Tally>, a: string, b: string): number {
  return (fresh[a]?.count ?? 0) - (fresh[b]?.count ?? 0);
}

/**
 * Protection against differencing: members leave once all that was added to them since they were last told apart may be told,
 * if what stays, with a founder among it, added enough during their time in the pool to be told as well. For company others
 * stay, those first which have the least to show.
 */
function leavePool(dimension: Dimension, { rules }: Release): void {
  const { pool } = dimension;
  if (pool === undefined) return;
  const members = Object.entries(pool.members).sort(
    ([a, { whole: left }], [b, { whole: right }]) => left.count - right.count || (a < b ? -1 : 1),
  );
  const isReady = ([, { whole }]: readonly [string, PoolMember]): boolean => objectionTo(whole, rules) === undefined;
  const ready = members.filter(isReady);
  const lastJoined = Math.max(0, ...ready.map(([, { joined }]) => joined));
  const added = ([, member]: readonly [string, PoolMember]): Tally => addedSince([member], lastJoined, rules.k);
  const staying = members.filter((each) => !isReady(each));
  const isFounder = ([, { joined }]: readonly [string, PoolMember]): boolean => joined === pool.founded;
  if (!staying.some(isFounder)) {
    const founders = ready.filter(isFounder);
    const founder = founders.find((each) => objectionTo(added(each), rules) === undefined) ?? founders[0];
    if (founder !== undefined) staying.push(founder);
  }
  const others = ready.filter((each) => !staying.includes(each));
  let sum = unionOf(staying.map(added), rules.k);
  const isAlone = (): boolean => staying.length === 1 && !staying.every(isReady);
  while (objectionTo(sum, rules) !== undefined || isAlone()) {
    const company = others.shift();
    if (company === undefined) break;
    staying.push(company);
    sum = unionOf([sum, added(company)], rules.k);
  }
  for (const [cell] of others) Reflect.deleteProperty(pool.members, cell);
  if (staying.length === 1) delete dimension.pool;
  else beginAnew(pool);
}
