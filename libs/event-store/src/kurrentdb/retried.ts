import { StoreUnavailable } from '../port.js';
import type { WriteResult } from './connection.js';
import { StoreClosed } from './faults.js';

const attempts = 5;
const firstPauseMilliseconds = 50;

/** What makes further attempts needless. */
interface Until {
  readonly enough: Promise<void>;
  readonly isEnough: () => boolean;
}

/**
 * Repeats an append while its outcome is unknown: with the same ids at the same revision it is written once. A conflict
 * tells that no attempt was or will be written, because the revision has passed; only a stream that is shorter than
 * expected might still take an earlier attempt.
 */
export async function retried(
  request: () => Promise<WriteResult>,
  revision: number,
  until?: Until,
): Promise<WriteResult | 'enough'> {
  let pause = firstPauseMilliseconds;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const sent = request();
      sent.catch(() => undefined);
      const result = await Promise.race(until ? [sent, until.enough.then(() => 'enough' as const)] : [sent]);
      if (attempt > 1 && result !== 'enough' && !result.written && result.actualRevision < revision) {
        throw new StoreUnavailable('KurrentDB did not say what became of an append to a stream that is too short');
      }
      return result;
    } catch (error) {
      if (!(error instanceof StoreUnavailable))
        throw attempt === 1 ? error : new StoreUnavailable((error as Error).message);
      if (error instanceof StoreClosed || attempt === attempts) throw error;
    }
    let timer: NodeJS.Timeout | undefined;
    const paused = new Promise<void>((resolve) => (timer = setTimeout(resolve, pause)));
    await Promise.race([paused, until?.enough ?? paused]);
    clearTimeout(timer);
    if (until?.isEnough()) return 'enough';
    pause = Math.min(pause * 3, 1_000);
  }
}
