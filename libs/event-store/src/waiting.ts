import type { Linger } from './port.js';

/** Ends early when the signal aborts. */
export function linger(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

/** The pause of a subscription after a batch of so many events. */
export function lingerAfter(delivered: number, how: Linger, signal: AbortSignal): Promise<void> {
  return linger(typeof how === 'number' ? how : how(delivered), signal);
}

/**
 * For a subscriber to whom a batch costs much beside its events: it keeps up within a tenth of a second while little
 * happens, and within half a second while tills are busy, which then need the processors.
 */
export const unhurried = (delivered: number): number => (delivered < MANY_EVENTS ? 100 : 400);

const MANY_EVENTS = 50;
