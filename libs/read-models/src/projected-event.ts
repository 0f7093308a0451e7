import { viewLeafOrThrow } from '@aidtrail/envelope';
import type { StoredEvent } from '@aidtrail/event-store';

/** An event as the projections see it: the parsed leaf and, where they can be opened, its disclosures. */
export interface ProjectedEvent {
  /** Leaf index. */
  readonly position: number;
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  /** Local day of the ledger, YYYY-MM-DD. */
  readonly day: string;
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * All opened disclosures of the leaf merged into one object, those of the signed command as well (merchant, store, time
   * and basket of a redemption, say). Absent when there are none, when no projection reads those of its type, or when they
   * can no longer be opened: after the erasure of a person. Projections must do without it; amounts are public, so totals
   * stay right.
   */
  readonly private?: Readonly<Record<string, unknown>>;
}

/**
 * Opens disclosures. The answer has an entry for each event given, in the same order: the merged fields, or undefined
 * where an event has none or its key has been destroyed. It rejects only when it cannot say which of the two (key store
 * unreachable): then nothing of the batch is projected, and it is asked again.
 */
export interface DisclosureReader {
  privateOf(events: readonly StoredEvent[]): Promise<readonly (Readonly<Record<string, unknown>> | undefined)[]>;
}

/** Events stored in the log that this version does not know, or that contradict what was projected before. */
export class ProjectionFault extends Error {
  override readonly name = 'ProjectionFault';
}

/** Reads the public leaf of a stored event, only the part that projections use. @throws ProjectionFault if it is none. */
export function decodeStored({ position, id, stream, version, bytes }: StoredEvent): Omit<ProjectedEvent, 'private'> {
  try {
    const { type, day, data } = viewLeafOrThrow(bytes);
    return { position, id, stream, version, type, day, data };
  } catch (cause) {
    throw new ProjectionFault(`The event at position ${position} is not a leaf.`, { cause });
  }
}
