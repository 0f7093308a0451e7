import type { StoredEvent } from '@aidtrail/event-store';
import { disclosedTypes } from '../projections/projection.js';
import { decodeStored, type DisclosureReader, type ProjectedEvent } from '../projected-event.js';

const EVENTS_PER_TURN = 250;

/** Reads the leaves of a batch and opens those disclosures that a projection has a use for. @throws ProjectionFault */
export async function decodeEvents(
  stored: readonly StoredEvent[],
  disclosures: DisclosureReader,
): Promise<readonly ProjectedEvent[]> {
  const events: (ProjectedEvent & { private?: ProjectedEvent['private'] })[] = [];
  const disclosing: StoredEvent[] = [];
  const opened: typeof events = [];
  for (const [i, each] of stored.entries()) {
    // Lets the connection take answers and send the statements that wait for them.
    if (i % EVENTS_PER_TURN === EVENTS_PER_TURN - 1) await new Promise(setImmediate);
    const event = decodeStored(each);
    events.push(event);
    if (!disclosedTypes.has(event.type)) continue;
    disclosing.push(each);
    opened.push(event);
  }
  if (disclosing.length === 0) return events;
  const disclosed = await disclosures.privateOf(disclosing);
  for (const [i, event] of opened.entries()) {
    const fields = disclosed[i];
    if (fields !== undefined) event.private = fields;
  }
  return events;
}
