import { ConfigProblem } from '../config/config.js';
import type { LedgerFile } from '../identity/ledger-file.js';

/**
 * A ledger that comes out the same in every run, to the byte, for tests that compare roots. Its random numbers come from
 * a seed, so everybody can compute its keys, and it is never anything but a demo. Policies and checkpoints do not run by
 * themselves: whoever plays it calls `settle` and `checkpoint` where they belong.
 */
export interface Reproducible {
  /** The id of the command that opens the ledger: a UUID of version 4. */
  readonly openingId: string;
  /** A source of bytes, the same for the same purpose; each purpose has its own, so that none depends on another. */
  readonly bytesFor: (purpose: string) => (length: number) => Uint8Array;
}

/** @throws ConfigProblem for a ledger that does not say `demo` in leaf 0. */
export function requireDemo(reproducible: Reproducible | undefined, { demo, origin }: LedgerFile): void {
  if (reproducible === undefined || demo) return;
  throw new ConfigProblem([`Keys from a seed are for demo ledgers, and ${origin} is none.`]);
}
