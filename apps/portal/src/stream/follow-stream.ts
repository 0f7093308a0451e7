/** As much of the browser's EventSource as is used. */
export interface EventStream {
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

/** `live`: what is published is told at once. `waiting`: the stream broke off, and is opened again after a while. */
export type StreamState = 'opening' | 'live' | 'waiting';

/** Events of `GET /public/stream`, and which of their members says how many leaves of the log they are about. */
const sizeMembers = { figures: 'cut', log: 'size' } as const;
export type Published = keyof typeof sizeMembers;

export interface StreamTools {
  /** Opens the stream of `GET /public/stream`. */
  readonly open: () => EventStream;
  /** Which event is listened to: that figures were published, or the log. */
  readonly event: Published;
  /** There was a publication, or may have been while nobody listened. `size`: of how many leaves, if it was told. */
  readonly onPublished: (size: number | undefined) => void;
  readonly onState: (state: StreamState) => void;
  /** Calls back once, after so many milliseconds, unless it is cancelled by what it returns. */
  readonly wait: (milliseconds: number, then: () => void) => () => void;
  /** From 0 to 1, so that not all pages come back in the same moment. */
  readonly random: () => number;
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

export interface FollowedStream {
  /** Does not wait any longer, as when the network has come back. */
  hurry(): void;
  close(): void;
}

/** Follows the stream until it is closed; one that broke off is opened again, after waits that double up to a minute. */
export function followStream({ event, onPublished, onState, open, random, wait }: StreamTools): FollowedStream {
  let stream: EventStream | undefined;
  let stopWaiting: (() => void) | undefined;
  let broken = 0;
  let wasOpen = false;
  const start = (): void => {
    stopWaiting = undefined;
    onState('opening');
    const opened = open();
    stream = opened;
    opened.addEventListener('open', () => {
      broken = 0;
      onState('live');
      if (wasOpen) onPublished(undefined);
      wasOpen = true;
    });
    opened.addEventListener(event, ({ data }) => onPublished(sizeIn(data, sizeMembers[event])));
    opened.addEventListener('error', () => {
      // The browser would come back by itself after some faults, and after others never: so we do, after all of them.
      if (stream !== opened) return;
      opened.close();
      stream = undefined;
      wasOpen = true;
      onState('waiting');
      const most = Math.min(FIRST_WAIT * 2 ** broken, LONGEST_WAIT);
      broken += 1;
      stopWaiting = wait(most * (0.5 + random() / 2), start);
    });
  };
  start();
  return {
    hurry(): void {
      if (stopWaiting === undefined) return;
      stopWaiting();
      start();
    },
    close(): void {
      stopWaiting?.();
      stopWaiting = undefined;
      const last = stream;
      stream = undefined;
      last?.close();
    },
  };
}

/** Untrusted: the data of an event. */
function sizeIn(data: unknown, member: string): number | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const size = (JSON.parse(data) as Readonly<Record<string, unknown>>)[member];
    return Number.isSafeInteger(size) ? (size as number) : undefined;
  } catch {
    return undefined;
  }
}
