import type * as Check from './run-check.js';

/** The code that verifies, which pages do not wait for. Undefined if it did not arrive; the next call asks again. */
export async function loadCheck(): Promise<typeof Check | undefined> {
  try {
    return await import('./run-check.js');
  } catch {
    return undefined;
  }
}
