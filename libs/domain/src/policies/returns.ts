import type { FundCommand } from '../fund/fund.commands.js';
import type { Recorded } from '../kernel/decider.js';
import { MAX_SEGMENTS_PER_EVENT } from '../kernel/segments.js';
import type { OfType } from '../kernel/table.js';
import type { VoucherEvent } from '../voucher/voucher.events.js';
import type { Effect } from './effect.js';

/** An event that ends the use of segments on a batch line. */
export type Ending = Recorded<OfType<VoucherEvent, 'VoucherExpired' | 'VoucherCancelled' | 'RedemptionReversed'>>;

/** An ending with the number of its voucher in the batch. */
export interface NumberedEnding {
  readonly number: number;
  readonly event: Ending;
}

/**
 * Cuts one run of endings of one batch into chunks of at most 500 segments: in order of number, then of position, each
 * chunk as full as it gets. A run is all expiries of a batch that follow from one DayStarted; a cancellation or a
 * reversal is a run of its own. Endings that give nothing back are left out. Same run, same chunks.
 */
export function chunkReturns(run: readonly NumberedEnding[]): readonly (readonly Ending[])[] {
  const ordered = run
    .filter(({ event }) => givesBack(event))
    .sort((a, b) => a.number - b.number || a.event.position - b.event.position);
  const chunks: Ending[][] = [];
  let room = 0;
  for (const { event } of ordered) {
    const size = event.data.segments.length;
    if (size > room) {
      chunks.push([]);
      room = MAX_SEGMENTS_PER_EVENT;
    }
    chunks[chunks.length - 1]?.push(event);
    room -= size;
  }
  return chunks;
}

/**
 * A chunk of endings → its segments come home (index 0 of the chunk's last event).
 *
 * Between the two the money is in transit: no voucher has it, and the fund cannot spend it yet. Repeating is harmless: the
 * chunks of a run are always the same, and each one's event id exists once.
 */
export function reactToEndings(chunk: readonly Ending[]): readonly Effect<FundCommand>[] {
  const first = chunk[0];
  if (first === undefined) return [];
  const { fund, batch } = first.data;
  const segments = chunk.flatMap(({ data }) => data.segments);
  return [{ index: 0, stream: `fund-${fund}`, command: { type: 'ReturnFunds', data: { fund, batch, segments } } }];
}

function givesBack(event: Ending): boolean {
  return event.type === 'RedemptionReversed' ? event.data.to === 'fund' : event.data.segments.length > 0;
}
