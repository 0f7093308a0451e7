import { StoreUnavailable, type Append, type EventStore } from '@aidtrail/event-store';

/** How a write goes wrong: nothing stored; only the first half of `appendMany` stored; all stored and the reply lost. */
export const WRITE_FAULTS = ['nothing stored', 'a part stored', 'reply lost'] as const;
export type WriteFault = (typeof WRITE_FAULTS)[number];

/** Which write fails, counted from 1 over `append`, `appendMany` and `refuse`; counts on while it wraps several stores. */
export interface FaultPlan {
  readonly at: number;
  readonly fault: WriteFault;
  writes: number;
  /** The writes that `a part stored` can cut in two. */
  readonly many: number[];
}

export function faultPlan(at = 0, fault: WriteFault = 'nothing stored'): FaultPlan {
  return { at, fault, writes: 0, many: [] };
}

/** A store whose n-th write fails as planned, once. With `at: 0` it only counts. */
export function faultyStore(store: EventStore, plan: FaultPlan): EventStore {
  async function write<T>(whole: () => Promise<T>, part: () => Promise<unknown>): Promise<T> {
    plan.writes += 1;
    if (plan.writes !== plan.at) return whole();
    if (plan.fault === 'reply lost') await whole();
    if (plan.fault === 'a part stored') await part();
    throw new StoreUnavailable('a planned fault');
  }
  const nothing = (): Promise<void> => Promise.resolve();
  const half = async (appends: readonly Append[]): Promise<void> => {
    if (appends.length > 1) await store.appendMany(appends.slice(0, appends.length >> 1));
  };
  return {
    append: (append) => write(() => store.append(append), nothing),
    appendMany: (appends) => {
      plan.many.push(plan.writes + 1);
      return write(
        () => store.appendMany(appends),
        () => half(appends),
      );
    },
    refuse: (refusal) => write(() => store.refuse(refusal), nothing),
    outcomeOf: (commandId) => store.outcomeOf(commandId),
    readStream: (stream, options) => store.readStream(stream, options),
    readStreams: (streams) => store.readStreams(streams),
    versionsOf: (streams) => store.versionsOf(streams),
    readEvent: (eventId) => store.readEvent(eventId),
    readAll: (options) => store.readAll(options),
    readLeaves: (options) => store.readLeaves(options),
    head: () => store.head(),
    subscribe: (options) => store.subscribe(options),
    close: () => store.close(),
  };
}
