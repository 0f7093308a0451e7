import { StoreUnavailable } from '@aidtrail/event-store';
import { acceptedEvent, type LedgerHarness } from './ledger-harness.js';

/**
 * A harness that outlives its process: whenever the store becomes unavailable in the middle of something, another
 * process is started beside it and given the same signed bytes again, as an actor with an unknown outcome does.
 */
export function survivor(first: LedgerHarness, restart: () => Promise<LedgerHarness>): LedgerHarness {
  let current = first;
  async function outlive<T>(task: (h: LedgerHarness) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await task(current);
      } catch (fault) {
        if (!(fault instanceof StoreUnavailable)) throw fault;
        current = await restart();
      }
    }
  }
  const submit: LedgerHarness['submit'] = async (command, signers) => {
    const signed = await outlive((h) => h.sign(command, signers));
    return outlive((h) => h.ledger.handle(signed));
  };
  return {
    ...first,
    submit,
    accept: async (command, signers) => {
      const result = await submit(command, signers);
      if (result.kind === 'accepted') return acceptedEvent(result);
      throw new Error(`${command.type} was not accepted.`);
    },
    ledger: {
      ...first.ledger,
      handle: (signed) => outlive((h) => h.ledger.handle(signed)),
      settle: () => outlive((h) => h.ledger.settle()),
      checkpoint: (options) => outlive((h) => h.ledger.checkpoint(options)),
      stateOf: (stream) => outlive((h) => h.ledger.stateOf(stream)),
      policyPosition: () => outlive((h) => h.ledger.policyPosition()),
    },
  };
}
