import type pg from 'pg';
import { totalOf, type SegmentList } from '@aidtrail/domain';
import type { Followed } from './follow.js';
import { clip, hullOf } from './intervals.js';
import { TraceMismatch } from './trace-mismatch.js';

/** The followed fen on the line of one fund, in minor units. The last five and what moved on sum to `passedMinor`. */
export interface FundPart {
  readonly fund: string;
  readonly kind: string;
  readonly name: string;
  /** Fen that lie or once lay on this line; those that came back from a batch count again. */
  readonly passedMinor: number;
  readonly sentMinor: number;
  readonly fundedMinor: number;
  readonly freeMinor: number;
  readonly inTransitMinor: number;
  readonly refundReservedMinor: number;
  readonly refundedMinor: number;
  readonly spentOnAdministrationMinor: number;
}

type HoldKind = 'transit' | 'reserved' | 'refunded' | 'spent';

/** Free is what neither moved nor is held. */
export async function fundPartsOf(
  client: pg.ClientBase,
  lines: ReadonlyMap<string, SegmentList>,
  followed: Followed,
): Promise<readonly FundPart[]> {
  if (lines.size === 0) return [];
  const [held, { rows }] = await Promise.all([
    heldOn(client, lines),
    client.query<{ fund: string; kind: string; name: string }>({
      name: 'trace_funds',
      text: 'select fund, kind, name from read.funds where fund = any($1::uuid[]) order by opened_day, fund',
      values: [[...lines.keys()]],
    }),
  ]);
  return rows.map(({ fund, kind, name }) => {
    const passedMinor = totalOf(lines.get(fund) as SegmentList);
    const left = followed.left.get(fund) ?? {};
    const holds = held.get(fund) ?? { transit: 0, reserved: 0, refunded: 0, spent: 0 };
    const sentMinor = left.transfer ?? 0;
    const fundedMinor = left.batch ?? 0;
    const away = sentMinor + fundedMinor + holds.transit + holds.reserved + holds.refunded + holds.spent;
    if (away > passedMinor) throw new TraceMismatch(`Fen on the line of fund ${fund} are in two states at once.`);
    return {
      fund,
      kind,
      name,
      passedMinor,
      sentMinor,
      fundedMinor,
      freeMinor: passedMinor - away,
      inTransitMinor: holds.transit,
      refundReservedMinor: holds.reserved,
      refundedMinor: holds.refunded,
      spentOnAdministrationMinor: holds.spent,
    };
  });
}

async function heldOn(
  client: pg.ClientBase,
  lines: ReadonlyMap<string, SegmentList>,
): Promise<ReadonlyMap<string, Record<HoldKind, number>>> {
  const hulls = [...lines.values()].map(hullOf);
  const { rows } = await client.query<{ line: string; kind: HoldKind; segments: SegmentList }>({
    name: 'trace_holds',
    text: `select h.line, h.kind, h.segments
           from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as q(line, low, high)
           join read.line_holds h on h.line = q.line and h.line_start < q.high and h.line_end > q.low
           where h.kind in ('transit', 'reserved', 'refunded', 'spent')`,
    values: [[...lines.keys()], hulls.map(([low]) => low), hulls.map(([, high]) => high)],
  });
  const held = new Map<string, Record<HoldKind, number>>();
  for (const { kind, line, segments } of rows) {
    const onLine = held.get(line) ?? { transit: 0, reserved: 0, refunded: 0, spent: 0 };
    held.set(line, onLine);
    for (const [start, length] of segments)
      onLine[kind] += totalOf(clip(lines.get(line) as SegmentList, start, start + length));
  }
  return held;
}
