import type { Ledger } from '@aidtrail/ledger';
import type { Config } from '../config/config.js';
import type { OpenedFigures } from '../figures/open-public-figures.js';
import { leading, type LeaderLoop } from '../leadership/leader-loops.js';
import { keepLooking } from '../publisher/keep-looking.js';
import type { ServingHold } from '../moving/nobody-serves.js';
import type { OpenedLog } from '../publisher/open-log.js';
import { keepBlanking, type BlankingParts } from './blank-leftovers.js';
import type { Closers } from './closers.js';
import { runProjection } from './run-projection.js';

/** How soon a signed checkpoint is published. */
const PUBLISH_EVERY_MILLISECONDS = 250;

export interface Background {
  /** Begins the loops; `failed` is told when one had to stop for good. */
  start(failed: (fault: unknown) => void): void;
  /** Stops them, then releases everything. Can be repeated. */
  close(): Promise<void>;
}

type Loop = (signal: AbortSignal) => Promise<void>;

export interface BackgroundParts {
  readonly ledger: Ledger;
  readonly opened: OpenedLog;
  readonly blanking: BlankingParts;
  readonly figures: OpenedFigures;
  readonly serving: ServingHold;
  readonly connectionString: string;
  /** Whoever plays a reproducible ledger runs its policies and checkpoints. */
  readonly isPlayed: boolean;
  readonly onFault: (where: string) => (fault: unknown) => void;
}

/** What a process of this role does beside the requests: some of it each process, the rest the one that leads. */
export function backgroundLoops(config: Config, parts: BackgroundParts): readonly Loop[] {
  const { figures, ledger, opened, serving, onFault } = parts;
  const ofEach: readonly Loop[] = [
    (signal) => ledger.follow(signal),
    (signal) => keepLooking(opened.publisher, { signal, onFault: onFault('published log') }),
    (signal) => serving.keep(signal),
    (signal) => figures.watch.run(signal, onFault('public figures')),
  ];
  if (config.role === 'api') return ofEach;
  const loops = leaderLoops(config, parts);
  return [...ofEach, (signal) => leading(config, { onFault: onFault('leadership'), signal, loops })];
}

function leaderLoops(config: Config, parts: BackgroundParts): readonly LeaderLoop[] {
  const { ledger, opened, blanking, connectionString, isPlayed, onFault } = parts;
  return [
    ...(isPlayed ? [] : [({ signal }: Parameters<LeaderLoop>[0]) => ledger.work(signal)]),
    ({ signal, requireHeld }) => {
      const timing = { everyMilliseconds: PUBLISH_EVERY_MILLISECONDS, onFault: onFault('publisher') };
      return opened.publisher.run(signal, { ...timing, requireHeld });
    },
    ({ signal }) => opened.witnesses.run(signal),
    ({ signal }) => keepBlanking(blanking, { signal, onFault: onFault('blanking') }),
    ({ signal }) => runProjection({ config, connectionString }, { signal, onFault: onFault('projector') }),
  ];
}

/** The loops that run beside the requests, and how they end: first they, then what they use. */
export function background(loops: readonly ((signal: AbortSignal) => Promise<void>)[], closers: Closers): Background {
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  return {
    start: (failed) => {
      running = Promise.allSettled(loops.map((loop) => loop(stopping.signal).catch(failed)));
    },
    close: () =>
      (closing ??= (async () => {
        stopping.abort();
        await running;
        await closers.closeAll();
      })()),
  };
}
