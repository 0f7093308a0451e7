import { base64Encode, sha256 } from '@aidtrail/envelope';
import {
  countLeaf,
  cutFigures,
  figuresBytes,
  openFigures,
  type CountedLeaf,
  type FigureState,
} from '@aidtrail/figures';
import type { LedgerHarness } from './ledger-harness.js';
import { leavesOf } from './ledger-reading.js';
import type { ReliefScenario } from './relief-scenario.js';

/** Cuts the public figures and publishes what they are, from public leaves alone. */
export async function publishFigures(h: LedgerHarness, { keys }: ReliefScenario): Promise<void> {
  await h.accept({ type: 'CutFigures', data: {} }, [keys.service]);
  const read = await leavesOf(h.store);
  const cut = read.length - 1;
  let state: FigureState | undefined;
  const batches = new Map<string, string>();
  for (const { leaf: parsed, stored } of read.slice(0, cut)) {
    const leaf = { ...parsed, index: stored.position } as unknown as CountedLeaf;
    if (leaf.type === 'LedgerOpened') {
      const { currency, demo = false, k, origin: log } = leaf.data;
      state = openFigures({ log, currency, demo, k });
    }
    if (leaf.type === 'VoucherIssued') batches.set(leaf.stream.slice('voucher-'.length), leaf.data.batch);
    if (state !== undefined) countLeaf(state, leaf, { batchOf: (voucher) => batches.get(voucher) });
  }
  if (state === undefined) throw new Error('The ledger was not opened.');
  const digest = base64Encode(sha256(figuresBytes(cutFigures(state, { index: cut, sha256 }).figures)));
  await h.accept({ type: 'PublishFigures', data: { cut, digest } }, [keys.service]);
}
