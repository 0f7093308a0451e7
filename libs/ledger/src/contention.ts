/** How often a decision is made again because somebody else appended first. */
export const MAX_ATTEMPTS = 20;

const LONGEST_PAUSE_MILLISECONDS = 50;

/** Thrown after that many conflicts in a row. Nothing was stored, and the same bytes may be handed in again. */
export class StreamContended extends Error {
  override readonly name = 'StreamContended';
}

/**
 * Steps aside after the n-th conflict, longer each time. Without it two processes in step can go on for ever with one of
 * them always first.
 */
export function giveWay(conflicts: number): Promise<void> {
  const pause = Math.min(2 ** conflicts, LONGEST_PAUSE_MILLISECONDS);
  return new Promise((resolve) => setTimeout(resolve, pause));
}
