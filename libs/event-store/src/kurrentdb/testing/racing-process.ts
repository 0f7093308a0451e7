import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Append, AppendOutcome, StoredEvent } from '../../port.js';

export type Order =
  | { readonly does: 'append'; readonly appends: readonly Append[]; readonly inBulk: boolean }
  | { readonly does: 'look'; readonly events: number };

export type Answer =
  { readonly outcomes: readonly AppendOutcome[] } | { readonly sight: Sight } | { readonly fault: string };

/** The log as a process sees it: as its subscription gave it since the start, and as it reads it now. */
export interface Sight {
  readonly followed: readonly StoredEvent[];
  readonly read: readonly StoredEvent[];
  readonly head: number;
}

/** A process with a store of its own. One order at a time. */
export interface RacingProcess {
  /** All at once; the outcomes stand in the order given. */
  append(appends: readonly Append[]): Promise<readonly AppendOutcome[]>;
  appendMany(appends: readonly Append[]): Promise<readonly AppendOutcome[]>;
  /** What it sees once its subscription has given so many events. */
  look(events: number): Promise<Sight>;
  kill(): Promise<void>;
}

/** Needs the compiled package: `node tools/build.mjs`. */
export function startRacingProcess(connectionString: string): RacingProcess {
  const worker = fileURLToPath(new URL('../../../dist/kurrentdb/testing/racing-worker.js', import.meta.url));
  const child = fork(worker, [connectionString], { serialization: 'advanced', execArgv: [] });
  const gone = once(child, 'exit');
  const tell = async (order: Order): Promise<Answer> => {
    const answered = once(child, 'message') as Promise<[Answer]>;
    child.send(order);
    const ended = gone.then(() => Promise.reject(new Error('A racing process ended before it had answered.')));
    const [answer] = await Promise.race([answered, ended]);
    if ('fault' in answer) throw new Error(answer.fault);
    return answer;
  };
  const append = async (appends: readonly Append[], inBulk: boolean): Promise<readonly AppendOutcome[]> => {
    const answer = await tell({ does: 'append', appends, inBulk });
    return 'outcomes' in answer ? answer.outcomes : [];
  };
  return {
    append: (appends) => append(appends, false),
    appendMany: (appends) => append(appends, true),
    look: async (events) => {
      const answer = await tell({ does: 'look', events });
      if (!('sight' in answer)) throw new Error('A racing process answered what was not asked.');
      return answer.sight;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
