import { folderSource } from '@aidtrail/auditor';
import { viewLeafOrThrow } from '@aidtrail/envelope';
import { parseEntryBundleOrThrow, TILE_WIDTH, tilePath } from '@aidtrail/public-log';

/** Entries `from` … `to` - 1; both stand at the beginning of a bundle. */
export interface AuditWindow {
  readonly from: number;
  readonly to: number;
}

const SHARE = 0.1;
const MAX_BUNDLE_BYTES = 20_000_000;

/** The entries of one bundle of a published log. */
export async function entriesOf(log: string, index: number, size: number): Promise<readonly Uint8Array[]> {
  const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
  const bundle = await folderSource(log).read(tilePath({ level: 'entries', index, width }), MAX_BUNDLE_BYTES);
  if (!(bundle instanceof Uint8Array)) throw new Error('A bundle of the log is missing.');
  return parseEntryBundleOrThrow(bundle, width);
}

/** The tenth of the log in which households shop most. */
export async function busiestWindow(log: string, size: number): Promise<AuditWindow> {
  const redemptions: number[] = [];
  for (let index = 0; (index + 1) * TILE_WIDTH <= size; index += 1) {
    const entries = await entriesOf(log, index, size);
    redemptions.push(entries.filter((entry) => viewLeafOrThrow(entry).type === 'VoucherRedeemed').length);
  }
  const bundles = Math.max(1, Math.floor(redemptions.length * SHARE));
  let best = { from: 0, count: -1 };
  for (let from = 0; from + bundles <= redemptions.length; from += 1) {
    const count = redemptions.slice(from, from + bundles).reduce((sum, one) => sum + one, 0);
    if (count > best.count) best = { from, count };
  }
  return { from: best.from * TILE_WIDTH, to: (best.from + bundles) * TILE_WIDTH };
}
