import type { Append, NewEvent, StoredEvent } from '../port.js';

/** An append that takes the same positions again, if it is made in its turn. */
export interface PlacedAppend extends Append {
  readonly firstPosition: number;
}

const mostEvents = 1_000;
const mostBytes = 4 * 1_048_576;

/**
 * Events in the order of their positions as appends: neighbours of one stream go together. Where the source's own appends
 * began and ended is not kept anywhere, and nobody can see it.
 */
export function appendsOf(events: readonly StoredEvent[]): PlacedAppend[] {
  const appends: (PlacedAppend & { readonly events: NewEvent[] })[] = [];
  let bytesInLast = 0;
  for (const { position, stream, version, id, bytes, sealed } of events) {
    const event = { id, bytes, ...(sealed && { sealed }) };
    const size = bytes.length + (sealed?.length ?? 0);
    const last = appends.at(-1);
    if (last?.stream === stream && last.events.length < mostEvents && bytesInLast + size <= mostBytes) {
      last.events.push(event);
      bytesInLast += size;
    } else {
      appends.push({ stream, expectedVersion: version - 1, events: [event], firstPosition: position });
      bytesInLast = size;
    }
  }
  return appends;
}

/** Cuts appends into calls of `appendMany`, which take each stream once. */
export function callsOf(appends: readonly PlacedAppend[]): PlacedAppend[][] {
  const calls: PlacedAppend[][] = [];
  let streams = new Set<string>();
  for (const append of appends) {
    const last = calls.at(-1);
    if (last === undefined || streams.has(append.stream)) {
      calls.push([append]);
      streams = new Set([append.stream]);
    } else {
      last.push(append);
      streams.add(append.stream);
    }
  }
  return calls;
}
