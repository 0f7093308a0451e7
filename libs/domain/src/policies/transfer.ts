import type { FundCommand } from '../fund/fund.commands.js';
import type { FundEvent } from '../fund/fund.events.js';
import type { Recorded } from '../kernel/decider.js';
import type { OfType } from '../kernel/table.js';
import type { Effect } from './effect.js';

/**
 * `TransferSent` → the receiving fund takes this part in (index 0). `fund` is the sender, whose stream holds the cause.
 *
 * Between the two the money is in transit, and stays so over a crash; nothing can spend it. Repeating is harmless: the id
 * of the part's `TransferReceived` exists once. A fund that has closed meanwhile still takes it in.
 */
export function reactToTransfer(
  cause: Recorded<OfType<FundEvent, 'TransferSent'>>,
  fund: string,
): readonly Effect<FundCommand>[] {
  const { transfer, toFund, amountMinor, segments, part, parts } = cause.data;
  return [
    {
      index: 0,
      stream: `fund-${toFund}`,
      command: {
        type: 'ReceiveTransfer',
        data: { fund: toFund, transfer, fromFund: fund, amountMinor, segments, part, parts },
      },
    },
  ];
}
