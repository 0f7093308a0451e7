import { parseDisclosureOrThrow } from '@aidtrail/envelope';
import type { System } from '@aidtrail/nest';

/** With what a donor finds the own gift in the public log, and sees that its leaf says the same as this answer. */
export interface GiftEvidence {
  /** Leaf index of the gift's DonationReceived. */
  readonly leafIndex: number;
  /** Those private fields of the leaf that say how much it was and where it lies, salted (RFC 9901). */
  readonly disclosures: readonly string[];
}

/** A reference of the payment, or the channel, could tell who gave; the holder of a code need not be the donor. */
const SHOWN = new Set(['amountMinor', 'feeMinor', 'interval']);

/** Undefined while no signed checkpoint covers the leaf: until then it looks like one that does not exist. */
export async function evidenceOf(
  { store, ledger, disclosures }: Pick<System, 'store' | 'ledger' | 'disclosures'>,
  leafIndex: number,
): Promise<GiftEvidence | undefined> {
  if (leafIndex >= (await ledger.latestCheckpoint()).size) return undefined;
  for await (const [event] of store.readAll({ from: leafIndex, before: leafIndex + 1 })) {
    if (event === undefined) break;
    const [all = []] = await disclosures.of([event]);
    return { leafIndex, disclosures: all.filter((one) => SHOWN.has(parseDisclosureOrThrow(one).name)) };
  }
  return undefined;
}
