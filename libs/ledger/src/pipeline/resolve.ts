import type { FactRequest } from '@aidtrail/domain';
import type { EventStore } from '@aidtrail/event-store';
import { settlementIdOf } from '../ids.js';
import type { LedgerCrypto } from '../ports.js';
import type { Streams } from '../streams.js';
import type { ResolveStream } from './facts.js';

/**
 * Resolves `settlement?redemption=<leaf index>&merchant=<uuid>&mode=<funding mode>` to the settlement of the window that
 * covers the redemption, or to nothing while that window is open.
 */
export function createResolver(tools: {
  readonly store: EventStore;
  readonly streams: Streams;
  readonly crypto: LedgerCrypto;
  readonly ledgerSecret: Uint8Array;
}): ResolveStream {
  return async ({ stream }: FactRequest) => {
    const [kind, query] = stream.split('?', 2);
    if (kind !== 'settlement') throw new RangeError('A decider asked for a stream that the ledger cannot resolve.');
    const parameters = new URLSearchParams(query);
    const position = Number(parameters.get('redemption'));
    const cutoff = await cutoffCovering(position, tools);
    if (cutoff === undefined) return undefined;
    const merchant = parameters.get('merchant') ?? '';
    const fundingMode = parameters.get('mode') ?? '';
    return `settlement-${settlementIdOf(tools.ledgerSecret, { merchant, fundingMode, cutoff }, tools.crypto.hmacSha256)}`;
  };
}

/** There is one cut-off a day or so: reading them all is quicker than keeping an index of them. */
async function cutoffCovering(
  position: number,
  tools: { readonly store: EventStore; readonly streams: Streams },
): Promise<number | undefined> {
  const events = await tools.streams.recorded(await tools.store.readStream('cutoff-main'));
  for (const { data } of events) {
    const { number, from, to } = data as { number: number; from: number; to: number };
    if (position >= from && position < to) return number;
  }
  return undefined;
}
