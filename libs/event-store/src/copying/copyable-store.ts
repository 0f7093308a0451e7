import type { CommandOutcome, EventStore } from '../port.js';

/**
 * What an adapter can do besides the port, so that a ledger can move from one store to another. Events need nothing more
 * than the port; outcomes are otherwise only ever written with their events, and only ever read one by one.
 */
export interface CopyableStore extends EventStore {
  /**
   * Every outcome that was stored before the reading began, each once, in batches that are never empty. Their order means
   * nothing: an outcome is found by its command alone.
   */
  readOutcomes(): AsyncIterable<readonly CommandOutcome[]>;

  /**
   * Stores an outcome that was given in another store, accepted or refused, without events. If the command id has an
   * outcome already, that one is returned and nothing is stored.
   */
  keepOutcome(outcome: CommandOutcome): Promise<CommandOutcome>;
}
