import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '@aidtrail/event-store';
import type { PeopleRegistry } from '@aidtrail/privacy';
import { blankErased, type Projector, type ReadDatabase } from '@aidtrail/read-models';

/** A retry after a fault, and how soon another process's erasure is noticed. */
const PAUSE_MILLISECONDS = 10_000;
const AT_A_TIME = 1_000;

export interface BlankingParts {
  readonly people: Pick<PeopleRegistry, 'leftovers' | 'strikeLeftovers'>;
  readonly store: Pick<EventStore, 'head'>;
  readonly projector: Pick<Projector, 'waitFor'>;
  readonly reads: ReadDatabase;
}

/**
 * Takes out of the read models what the erased left there. True when nothing is left; false when the projection has not
 * come far enough within `patience`, and it must be called again.
 *
 * It blanks twice. The first time, at once, takes what stands there. Then the projection must have passed everything that
 * was in the log when the keys were gone: until then it may bring in what it had read before. The second time takes that,
 * and only then is it struck off the list, so a crash anywhere repeats it.
 */
export async function blankLeftovers(
  { people, store, projector, reads }: BlankingParts,
  { patience }: { /** Milliseconds. */ readonly patience: number },
): Promise<boolean> {
  for (;;) {
    const left = await people.leftovers(AT_A_TIME);
    if (left.vouchers.length + left.donations.length === 0) return true;
    await blankErased(reads, left);
    if (!(await projector.waitFor((await store.head()) - 1, patience))) return false;
    await blankErased(reads, left);
    await people.strikeLeftovers(left);
  }
}

/** Does so at the start, and again and again until the signal aborts: also for what other processes erase. */
export async function keepBlanking(
  parts: BlankingParts,
  { signal, onFault }: { readonly signal: AbortSignal; readonly onFault: (fault: unknown) => void },
): Promise<void> {
  while (!signal.aborted) {
    await blankLeftovers(parts, { patience: PAUSE_MILLISECONDS }).catch(onFault);
    await pause(PAUSE_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}
