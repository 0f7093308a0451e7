import type { Answer } from '../shell/server.js';

/** What a page shows of something that may change, and how new it is. Times are the server's. */
export interface Kept<T> {
  readonly answer: Answer<T>;
  /** When an answer first was as it is now. */
  readonly since: Date | undefined;
  /** When the last answer came. */
  readonly asked: Date | undefined;
  /** Whoever was asked last did not answer, and is asked again. */
  readonly isOld: boolean;
  /** How often it changed while the page was open. */
  readonly changes: number;
}

export interface AskingTools<T> {
  readonly ask: () => Promise<Answer<T>>;
  /** How many leaves of the log an answer counts. */
  readonly sizeOf: (value: T) => number;
  /** Whether two answers tell the same. */
  readonly isSame: (one: T, other: T) => boolean;
  readonly onKept: (kept: Kept<T>) => void;
  /** Calls back once, after so many milliseconds, unless it is cancelled by what it returns. */
  readonly wait: (milliseconds: number, then: () => void) => () => void;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface Asking {
  /** There was a publication, of so many leaves if that was told: asks soon, unless what is shown counts them. */
  published(size: number | undefined): void;
  /** Asks at once. */
  again(): void;
  close(): void;
}

/** Not all pages ask in the moment in which a publication is told; so late at most, in milliseconds, that it is seen in two seconds. */
const LONGEST_JITTER = 1_000;
const [FIRST_WAIT, LONGEST_WAIT] = [1_000, 60_000];

/**
 * Asks when it begins, and again after every publication, until it is closed. Where no answer comes, or one that does not count
 * what was published, it asks again after waits that double up to a minute; what was shown stays.
 */
export function keepAsking<T>({ ask, isSame, onKept, random, sizeOf, wait }: AskingTools<T>): Asking {
  let kept: Kept<T> | undefined;
  let waiting: { readonly isBackOff: boolean; readonly stop: () => void } | undefined;
  let [isAsking, isOver] = [false, false];
  /** What was told while it was asking: a size, which the answer may count already, or that there may be something new. */
  let told: 'size' | 'something' | undefined;
  let failures = 0;
  let newest = 0;
  const later = (milliseconds: number, isBackOff: boolean): void => {
    waiting?.stop();
    waiting = { isBackOff, stop: wait(milliseconds, () => void now()) };
  };
  const soon = (): void => {
    // A wait that goes on is not begun anew: then publications in quick succession would keep it waiting.
    if (waiting === undefined || waiting.isBackOff) later(random() * LONGEST_JITTER, false);
  };
  const now = async (): Promise<void> => {
    waiting?.stop();
    waiting = undefined;
    if (isAsking || isOver) return;
    isAsking = true;
    const answer = await ask();
    isAsking = false;
    if (isOver) return;
    kept = following(kept, answer, { isSame, sizeOf });
    onKept(kept);
    if (answer.kind === 'erased') return;
    const isEnough = answer.kind === 'answered' ? sizeOf(answer.value) >= newest : answer.kind === 'not_found';
    if (isEnough) failures = 0;
    if (told === 'something' || (told === 'size' && !isEnough)) soon();
    else if (!isEnough) later(Math.min(FIRST_WAIT * 2 ** failures++, LONGEST_WAIT) * (0.5 + random() / 2), true);
    told = undefined;
  };
  void now();
  return {
    published(size): void {
      if (isOver || kept?.answer.kind === 'erased') return;
      newest = Math.max(newest, size ?? 0);
      if (size !== undefined && kept?.isOld === false && countsIn(kept.answer, sizeOf) >= size) return;
      if (!isAsking) soon();
      else if (told !== 'something') told = size === undefined ? 'something' : 'size';
    },
    again: () => void now(),
    close(): void {
      isOver = true;
      waiting?.stop();
      waiting = undefined;
    },
  };
}

function countsIn<T>(answer: Answer<T>, sizeOf: (value: T) => number): number {
  return answer.kind === 'answered' ? sizeOf(answer.value) : -1;
}

/** What is on the page stays there when no answer comes, and is never followed by something older. */
function following<T>(
  before: Kept<T> | undefined,
  next: Answer<T>,
  { isSame, sizeOf }: Pick<AskingTools<T>, 'isSame' | 'sizeOf'>,
): Kept<T> {
  const at = next.kind === 'answered' ? next.at : undefined;
  const fresh: Kept<T> = { answer: next, since: at, asked: at, isOld: false, changes: before?.changes ?? 0 };
  if (before?.answer.kind !== 'answered' || next.kind === 'not_found' || next.kind === 'erased') return fresh;
  if (next.kind !== 'answered') return { ...before, isOld: true };
  if (sizeOf(next.value) < sizeOf(before.answer.value)) return before;
  if (isSame(before.answer.value, next.value)) return { ...fresh, since: before.since };
  return { ...fresh, changes: before.changes + 1 };
}
