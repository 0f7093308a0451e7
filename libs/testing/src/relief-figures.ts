import { base64Encode, parseLeafOrThrow, sha256 } from '@aidtrail/envelope';
import {
  countLeaf,
  cutFigures,
  figuresBytes,
  figuresOfLedger,
  type CountedLeaf,
  type FigureState,
} from '@aidtrail/figures';
import type { LedgerHarness } from './ledger-harness.js';
import { leavesOf } from './ledger-reading.js';
import type { ReliefScenario } from './relief-scenario.js';

/** The digest of the figures that count exactly these leaves, from what is public, as anybody would compute it. */
export function figuresDigestOf(leaves: readonly Uint8Array[]): string {
  let state: FigureState | undefined;
  const batches = new Map<string, string>();
  for (const [position, bytes] of leaves.entries()) {
    const leaf = { ...parseLeafOrThrow(bytes), position } as unknown as CountedLeaf;
    if (leaf.type === 'LedgerOpened') state = figuresOfLedger(leaf.data);
    if (leaf.type === 'VoucherIssued') batches.set(leaf.stream.slice('voucher-'.length), leaf.data.batch);
    if (state !== undefined) countLeaf(state, leaf, { batchOf: (voucher) => batches.get(voucher) });
  }
  if (state === undefined) throw new Error('The ledger was not opened.');
  return base64Encode(sha256(figuresBytes(cutFigures(state, { index: leaves.length, sha256 }).figures)));
}

/** Cuts the public figures and publishes what they are. */
export async function publishFigures(h: LedgerHarness, { keys }: ReliefScenario): Promise<void> {
  await h.accept({ type: 'CutFigures', data: {} }, [keys.service]);
  const leaves = (await leavesOf(h.store)).map(({ stored }) => stored.bytes);
  const cut = leaves.length - 1;
  const digest = figuresDigestOf(leaves.slice(0, cut));
  await h.accept({ type: 'PublishFigures', data: { cut, digest } }, [keys.service]);
}
