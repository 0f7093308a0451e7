import { base64DecodeOrThrow } from '@aidtrail/envelope';
import type { CheckpointStore } from '@aidtrail/ledger';
import type { LogDirectory } from '@aidtrail/log-files';
import { parseTilePathOrThrow, proveConsistencyOrThrow, type TreeHasher } from '@aidtrail/public-log';
import { WitnessFault } from './witness-fault.js';

export interface PublishedProofs {
  readonly directory: Pick<LogDirectory, 'readTileIfThere'>;
  readonly checkpoints: Pick<CheckpointStore, 'rootAt'>;
  readonly hasher: TreeHasher;
}

/**
 * The consistency proof between two signed checkpoints, made from the published tiles and checked before it is handed out;
 * empty from 0. Throws WitnessFault `bad_size` for a size that was never signed, which is what a witness names that lies,
 * and MalformedInput for tiles that are damaged.
 */
export async function proofFromTiles(
  { directory, checkpoints, hasher }: PublishedProofs,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Uint8Array[]> {
  if (from === 0 || from === to) return [];
  const [fromRoot, toRoot] = await Promise.all([checkpoints.rootAt(from), checkpoints.rootAt(to)]);
  if (fromRoot === undefined || toRoot === undefined) throw new WitnessFault('bad_size');
  const trees = {
    from: { size: from, root: base64DecodeOrThrow(fromRoot) },
    to: { size: to, root: base64DecodeOrThrow(toRoot) },
  };
  return proveConsistencyOrThrow((path) => directory.readTileIfThere(parseTilePathOrThrow(path)), trees, hasher);
}
