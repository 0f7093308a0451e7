import type { System } from '../system/system.js';

export interface Readiness {
  readonly ready: boolean;
  /** The number of events stored. */
  readonly head?: number;
  /** Events that the durable policies and the read models have still to do; absent if nobody could say. */
  readonly policyLag?: number;
  readonly projectorLag?: number;
  /** What stands in the way, by name. */
  readonly waitingFor: readonly ('store' | 'policies' | 'projector')[];
}

/** How many events a follower may be behind before the process should get no more requests. */
export const LARGEST_LAG = 5_000;

/** Whether this process can take and answer requests as it should. Never throws. */
export async function readinessOf(
  system: Pick<System, 'store' | 'ledger' | 'projector'>,
  largestLag = LARGEST_LAG,
): Promise<Readiness> {
  const [policies, projected] = await Promise.all([
    orUndefined(() => system.ledger.policyPosition()),
    orUndefined(() => system.projector.position()),
  ]);
  // The head last: a lag of 0 then means that nothing was left to do, and not that something came in between.
  const head = await orUndefined(() => system.store.head());
  const lagOf = (position: number | undefined) =>
    head === undefined || position === undefined ? undefined : Math.max(0, head - position);
  const policyLag = lagOf(policies);
  const projectorLag = lagOf(projected);
  const waitingFor = [
    ...(head === undefined ? (['store'] as const) : []),
    ...(policyLag === undefined || policyLag > largestLag ? (['policies'] as const) : []),
    ...(projectorLag === undefined || projectorLag > largestLag ? (['projector'] as const) : []),
  ];
  return {
    ready: waitingFor.length === 0,
    ...(head === undefined ? {} : { head }),
    ...(policyLag === undefined ? {} : { policyLag }),
    ...(projectorLag === undefined ? {} : { projectorLag }),
    waitingFor,
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
