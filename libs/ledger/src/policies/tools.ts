import type { DomainEvent, Recorded } from '@aidtrail/domain';
import type { EventStore } from '@aidtrail/event-store';
import type { DonorRegister, LedgerCrypto, PeopleRegistry, PolicyMemory } from '../ports.js';
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
