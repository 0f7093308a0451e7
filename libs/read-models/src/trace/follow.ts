import type pg from 'pg';
import { totalOf, type Interval, type SegmentList } from '@aidtrail/domain';
import { clip, hullOf, mapPieces, merged } from './intervals.js';

/** What some fen did: every line that they have lain on, and how many of them left it by which kind of move. */
export interface Followed {
  /** Line (fund or batch) → the addresses there, normal. */
  readonly visited: ReadonlyMap<string, SegmentList>;
  readonly left: ReadonlyMap<string, Readonly<Partial<Record<MoveKind, number>>>>;
}

export type MoveKind = 'transfer' | 'batch' | 'return' | 'recovery';

interface Group {
  readonly position: number;
  readonly kind: MoveKind;
  readonly from_line: string;
  readonly from_start: number;
  readonly from_end: number;
  readonly to_line: string;
  readonly to_start: number;
  readonly total_minor: number;
  /** Absent where the move lies within what is followed, but for holes. */
  readonly segments: SegmentList | null;
}

/**
 * Follows addresses from line to line until nothing moves any further. A move whose pieces are all followed is taken as a
 * whole, from its one row; only moves at the edge of what is followed are looked at piece by piece. No fen ever comes
 * back to an address, so this ends.
 */
export async function followMoves(client: pg.ClientBase, start: ReadonlyMap<string, SegmentList>): Promise<Followed> {
  const visited = new Map<string, SegmentList>();
  const left = new Map<string, Partial<Record<MoveKind, number>>>();
  let frontier = start;
  while (frontier.size > 0) {
    for (const [line, list] of frontier) visited.set(line, merged([...(visited.get(line) ?? []), ...list]));
    const groups = await groupsTouching(client, frontier);
    const holed = await piecesAroundHoles(client, groups, frontier);
    const next = new Map<string, Interval[]>();
    for (const group of groups) {
      const followed = frontier.get(group.from_line) as SegmentList;
      const arrived = isWhole(group, followed)
        ? [[group.to_start, group.total_minor] as const]
        : mapPieces(group.segments ?? holed.get(group.position) ?? [], group.to_start, followed);
      if (arrived.length === 0) continue;
      const arrivals = next.get(group.to_line) ?? [];
      next.set(group.to_line, arrivals);
      for (const interval of arrived) arrivals.push(interval);
      const leaving = left.get(group.from_line) ?? {};
      left.set(group.from_line, leaving);
      leaving[group.kind] = (leaving[group.kind] ?? 0) + totalOf(arrived);
    }
    frontier = new Map([...next].map(([line, intervals]) => [line, merged(intervals)]));
  }
  return { visited, left };
}

async function groupsTouching(
  client: pg.ClientBase,
  frontier: ReadonlyMap<string, SegmentList>,
): Promise<readonly Group[]> {
  const hulls = [...frontier.values()].map(hullOf);
  const { rows } = await client.query<Group>({
    name: 'trace_moves',
    text: `select m.position, m.kind, m.from_line, m.from_start, m.from_end, m.to_line, m.to_start, m.total_minor,
                  case when m.from_start < q.low or m.from_end > q.high then m.segments end as segments
           from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as q(line, low, high)
           join read.line_moves m on m.from_line = q.line and m.from_start < q.high and m.from_end > q.low`,
    values: [[...frontier.keys()], hulls.map(([low]) => low), hulls.map(([, high]) => high)],
  });
  return rows;
}

async function piecesAroundHoles(
  client: pg.ClientBase,
  groups: readonly Group[],
  frontier: ReadonlyMap<string, SegmentList>,
): Promise<ReadonlyMap<number, SegmentList>> {
  const edges = groups.filter((group) => {
    if (group.segments !== null) return false;
    const followed = frontier.get(group.from_line) as SegmentList;
    return !isWhole(group, followed) && clip(followed, group.from_start, group.from_end).length > 0;
  });
  if (edges.length === 0) return new Map();
  const { rows } = await client.query<{ position: number; segments: SegmentList }>({
    name: 'trace_pieces',
    text: 'select position, segments from read.line_moves where position = any($1::bigint[])',
    values: [edges.map((group) => group.position)],
  });
  return new Map(rows.map((row) => [row.position, row.segments]));
}

function isWhole(group: Group, followed: SegmentList): boolean {
  const covered = clip(followed, group.from_start, group.from_end);
  return covered.length === 1 && covered[0]?.[1] === group.from_end - group.from_start;
}
