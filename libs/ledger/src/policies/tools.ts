import type { DomainEvent, Recorded } from '@aidtrail/domain';
import type { EventStore } from '@aidtrail/event-store';
import type { DonorRegister, LedgerCrypto, LedgerObserver, PeopleRegistry, PolicyMemory } from '../ports.js';
import type { AnyRecorded, Streams } from '../streams.js';
import type { Effects } from './effects.js';

/** What the durable policies work with. */
export interface PolicyTools {
  readonly store: EventStore;
  readonly streams: Streams;
  readonly effects: Effects;
  readonly memory: PolicyMemory;
  readonly people: PeopleRegistry;
  readonly donors: DonorRegister;
  readonly crypto: LedgerCrypto;
  readonly ledgerSecret: Uint8Array;
  readonly observer?: LedgerObserver;
  /** Rows or vouchers handled at a time. */
  readonly rowsAtATime: number;
}

/** Large enough to fill the workers, small enough that several pages under way stay in the processor's cache. */
export const ROWS_AT_A_TIME = 500;

/** The id of the stream's entity: what follows the category. */
export function idIn(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}

/** A recorded event as the domain types it; its type was checked by whoever dispatched it. */
export function as<E extends DomainEvent>(event: AnyRecorded): Recorded<E> {
  return event as unknown as Recorded<E>;
}

/**
 * At which merchants events moved money, by event id: as they say themselves or, where the household was erased, as
 * `keepMerchants` kept it. One that was not kept (a crash in the middle of an erasure, or a restore from before it) is
 * reported and missing; no policy waits for what nobody can bring back.
 */
export async function merchantsOf(
  { memory, observer }: Pick<PolicyTools, 'memory' | 'observer'>,
  policy: string,
  events: readonly { readonly id: string; readonly private?: { readonly merchant: string } }[],
): Promise<ReadonlyMap<string, string>> {
  const unreadable = events.filter((event) => event.private?.merchant === undefined);
  const merchants = new Map(await memory.keptMerchants(unreadable.map(({ id }) => id)));
  for (const event of events) {
    const merchant = event.private?.merchant ?? merchants.get(event.id);
    if (merchant === undefined) observer?.policyFault?.(policy, 'merchant_erased');
    else merchants.set(event.id, merchant);
  }
  return merchants;
}
