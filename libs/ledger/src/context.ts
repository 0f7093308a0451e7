import type { Context, SignerView } from '@aidtrail/domain';
import type { FoldedStream } from './streams.js';

/** What every decision is told: the ledger's day (nothing reads a clock), who signed, how much of the log is signed. */
export function contextOf(parts: {
  readonly ledger: FoldedStream;
  readonly calendar: FoldedStream;
  readonly signers: readonly SignerView[];
  readonly treeSize: number;
}): Context {
  const ledger = parts.ledger.state as { readonly openingDay?: string; readonly k?: number };
  const calendar = parts.calendar.state as { readonly day?: string };
  return {
    day: calendar.day ?? ledger.openingDay ?? '1970-01-01',
    signers: parts.signers,
    treeSize: parts.treeSize,
    k: ledger.k ?? 10,
  };
}
