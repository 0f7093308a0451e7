import { setTimeout as pause } from 'node:timers/promises';
import type { Publisher } from './publisher.js';

const LOOK_EVERY_MILLISECONDS = 500;

/** Keeps what this process says of the published log up to date while another one publishes, until the signal aborts. */
export async function keepLooking(
  publisher: Publisher,
  { signal, onFault }: { readonly signal: AbortSignal; readonly onFault: (fault: unknown) => void },
): Promise<void> {
  while (!signal.aborted) {
    await publisher.look().catch((fault: unknown) => {
      if (!signal.aborted) onFault(fault);
    });
    // An abort rejects, and ends the loop.
    await pause(LOOK_EVERY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}
