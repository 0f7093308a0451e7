import type { Config } from '../config/config.js';
import { whileLeading, type Term } from './leadership.js';

/** Work of which one process does it at a time. Resolves soon after the term's signal aborts. */
export type LeaderLoop = (term: Pick<Term, 'signal' | 'requireHeld'>) => Promise<void>;

/**
 * Runs the loops while this process leads, until the signal aborts. Rejects, with all of them ended, when one rejects.
 * Nobody else can lead where the database is the data directory's own: whoever started it owns that.
 */
export async function leading(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  {
    loops,
    signal,
    onFault,
  }: {
    readonly loops: readonly LeaderLoop[];
    readonly signal: AbortSignal;
    readonly onFault: (fault: unknown) => void;
  },
): Promise<void> {
  if (databaseUrl === undefined) return together(loops, { signal, requireHeld: () => undefined });
  await whileLeading({ connectionString: databaseUrl, onFault }, signal, (term) =>
    together(loops, { signal: term.signal, requireHeld: () => term.requireHeld() }),
  );
}

async function together(
  loops: readonly LeaderLoop[],
  { signal, requireHeld }: Pick<Term, 'signal' | 'requireHeld'>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const ends = await Promise.allSettled(
    loops.map((loop) =>
      loop({ signal: either, requireHeld }).catch((fault: unknown) => {
        failed.abort();
        throw fault;
      }),
    ),
  );
  const fault = ends.find((end) => end.status === 'rejected');
  if (fault !== undefined) throw fault.reason;
}
