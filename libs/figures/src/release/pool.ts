import { addTo, copyOf, emptyTally, unionOf, type Increment, type Tally } from './tally.js';

/**
 * Cells that are not told apart. What is added to them is told as one sum at each release. A cell that leaves is told whole,
 * back to where it was last told apart; see ADR 0027 for why this tells nothing else.
 */
export interface Pool {
  /** The release at which it was made; who joined then is a founder. */
  readonly founded: number;
  /** Since the last release. */
  fresh: Tally;
  readonly members: Record<string, PoolMember>;
}

export interface PoolMember {
  readonly joined: number;
  /** Since the cell was last told apart. */
  readonly whole: Tally;
  /** Since the release before the one at which some later member joined, by the number of that one. */
  readonly since: Record<string, Tally>;
  /** Since the last release. */
  latest: Tally;
}

/** Members remember what they added since so many later joins; of more, only the last ones. */
const MAX_JOINS = 3;

export function pooledSince(pool: Pool, cell: string, increment: Increment, k: number): void {
  const member = pool.members[cell];
  if (member === undefined) return;
  addTo(pool.fresh, increment, k);
  addTo(member.whole, increment, k);
  addTo(member.latest, increment, k);
  for (const tally of Object.values(member.since)) addTo(tally, increment, k);
}

/** Cells enter with what was added to them since the last release, at which they were told apart. */
export function join(
  pool: Pool,
  joiners: readonly { readonly cell: string; readonly fresh: Tally }[],
  number: number,
): void {
  for (const member of Object.values(pool.members)) {
    member.since[number] = copyOf(member.latest);
    for (const dropped of joinsOf(member).slice(1, -(MAX_JOINS - 1))) delete member.since[dropped];
  }
  for (const { cell, fresh } of joiners)
    pool.members[cell] = { joined: number, whole: copyOf(fresh), since: {}, latest: copyOf(fresh) };
}

/** What these members added since release `joined` at least, each from its own entry on if that was later. */
export function addedSince(members: readonly PoolMember[], joined: number, k: number): Tally {
  return unionOf(
    members.map((member) => {
      if (member.joined >= joined) return member.whole;
      const from = firstFrom(joinsOf(member), joined);
      return from === undefined ? emptyTally() : (member.since[from] as Tally);
    }),
    k,
  );
}

/** After a release: what was added before it is told, and what no member's leaving will ask for is forgotten. */
export function beginAnew(pool: Pool): void {
  const times = new Set(Object.values(pool.members).map(({ joined }) => joined));
  pool.fresh = emptyTally();
  for (const member of Object.values(pool.members)) {
    member.latest = emptyTally();
    const joins = joinsOf(member);
    const needed = new Set([...times].filter((time) => time > member.joined).map((time) => firstFrom(joins, time)));
    for (const each of joins) if (!needed.has(each)) delete member.since[each];
  }
}

function firstFrom(joins: readonly number[], time: number): number | undefined {
  return joins.find((join) => join >= time);
}

function joinsOf({ since }: PoolMember): readonly number[] {
  return Object.keys(since)
    .map(Number)
    .sort((a, b) => a - b);
}
