import { StoreUnavailable } from '@aidtrail/event-store';
import type { System } from '../system/system.js';

/** What a process of a ledger depends on, some of it in other processes. */
export type Part = 'store' | 'database' | 'leader' | 'policies' | 'projector';

export interface Readiness {
  readonly ready: boolean;
  /** The number of events stored. */
  readonly head?: number;
  /** Events that the durable policies and the read models have still to do; absent if nobody could say. */
  readonly policyLag?: number;
  readonly projectorLag?: number;
  /** Why it is not ready, by name. */
  readonly waitingFor: readonly Part[];
  /** What the event store says is the matter with it: no password, and nothing that is stored. */
  readonly storeFault?: string;
  /** What is missing or far behind although it is ready, by name: somebody should look. */
  readonly warnings: readonly Part[];
}

export type WatchedSystem = Pick<System, 'role' | 'store' | 'database' | 'ledger' | 'projector'>;

/** How many events a follower may be behind before somebody should know. */
export const LARGEST_LAG = 5_000;

/**
 * Whether this process can do its work. A process that takes commands can without the one that leads: a shop must not stop
 * selling because a chart is late. So only what it needs for them, the events and PostgreSQL, stands in its way; the rest it
 * tells. A projector is there for the rest, and is ready when that is done. Never throws.
 */
export async function readinessOf(system: WatchedSystem, largestLag = LARGEST_LAG): Promise<Readiness> {
  const [policies, projected, database] = await Promise.all([
    orUndefined(() => system.ledger.policyPosition()),
    orUndefined(() => system.projector.position()),
    orUndefined(() => system.database.look()),
  ]);
  // The head last: a lag of 0 then means that nothing was left to do, and not that something came in between.
  let storeFault: string | undefined;
  const head = await orUndefined(async () => {
    try {
      return await system.store.head();
    } catch (fault) {
      // Its messages are its own words.
      if (fault instanceof StoreUnavailable) storeFault = fault.message;
      throw fault;
    }
  });
  const lagOf = (position: number | undefined) =>
    head === undefined || position === undefined ? undefined : Math.max(0, head - position);
  const policyLag = lagOf(policies);
  const projectorLag = lagOf(projected);
  const isAnswering = head !== undefined && database !== undefined;
  // While the store or the database is gone, nobody can say how far the others are.
  const isLate = (lag: number | undefined) => isAnswering && (lag === undefined || lag > largestLag);
  const missing = [
    ...(head === undefined ? (['store'] as const) : []),
    ...(database?.isWritable === true ? [] : (['database'] as const)),
  ];
  const late = [
    ...(database?.isLed === false ? (['leader'] as const) : []),
    ...(isLate(policyLag) ? (['policies'] as const) : []),
    ...(isLate(projectorLag) ? (['projector'] as const) : []),
  ];
  const takesCommands = system.role !== 'projector';
  const waitingFor = takesCommands ? missing : [...missing, ...late];
  return {
    ready: waitingFor.length === 0,
    ...(head === undefined ? {} : { head }),
    ...(policyLag === undefined ? {} : { policyLag }),
    ...(projectorLag === undefined ? {} : { projectorLag }),
    waitingFor,
    ...(storeFault === undefined ? {} : { storeFault }),
    warnings: takesCommands ? late : [],
  };
}

/** Who asks wants to know now: an answer that does not come in time is none. */
const ANSWER_MILLISECONDS = 3_000;

async function orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ANSWER_MILLISECONDS);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
