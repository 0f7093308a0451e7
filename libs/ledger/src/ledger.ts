import type { SignedCommand } from '@aidtrail/envelope';
import type { CommandResult } from './pipeline/results.js';
import type { SignedCheckpoint } from './ports.js';

/** The ledger at work: commands in, signed answers out, and what must follow from them done in the background. */
export interface Ledger {
  /**
   * Takes a signed command. Durable when it resolves as accepted or refused. Rejects with `StoreUnavailable` when the
   * outcome is unknown: the same bytes may be handed in again, and are answered once.
   */
  handle(signed: SignedCommand): Promise<CommandResult>;

  /** Keeps the cached streams fresh with what other processes append, until the signal aborts. Each process does. */
  follow(signal: AbortSignal): Promise<void>;

  /**
   * Signs checkpoints and runs the durable policies until the signal aborts; resolves when both have stopped. Of several
   * processes one does, so that nothing is done twice in vain; if two did, what is stored would be the same.
   */
  work(signal: AbortSignal): Promise<void>;

  /** Signs a checkpoint now if anything is unsigned; with `force` also when a slot would wait for k voucher events. */
  checkpoint(options?: { readonly force?: boolean }): Promise<SignedCheckpoint | undefined>;

  latestCheckpoint(): Promise<SignedCheckpoint>;

  /** Runs the policies up to the head of the store and back to rest; for tests, `demo` and `--deterministic`. */
  settle(): Promise<void>;

  /** How far the durable policies are: they have done everything that follows from the events before this position. */
  policyPosition(): Promise<number>;

  /** The folded state of a stream, with its version; 0 if it does not exist. */
  stateOf(stream: string): Promise<{ readonly stream: string; readonly version: number; readonly state: unknown }>;

  /**
   * Runs the erasure of a household whose vouchers these are: keeps for the books at which merchants they moved money,
   * then erases, while no command on these vouchers is being decided in this process. Resolves a second later, when what
   * other processes had under way has been kept as well. Throws when that could not be kept for half a minute: the erasure
   * is done all the same.
   */
  whileKeepingBooks<T>(voucherIds: readonly string[], erase: () => Promise<T>): Promise<T>;
}
