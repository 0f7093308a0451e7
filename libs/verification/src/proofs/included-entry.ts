import { parseLeafOrThrow, type Leaf } from '@aidtrail/envelope';
import {
  checkInclusion,
  proveInclusionOrThrow,
  type Checkpoint,
  type ReadLogFile,
  type TreeHasher,
} from '@aidtrail/public-log';

/** An entry of a log with the proof that it is one. */
export interface IncludedEntry {
  readonly index: number;
  /** Its bytes, as published. */
  readonly entry: Uint8Array;
  /** The inclusion proof of RFC 6962, the leaf's sibling first. */
  readonly proof: readonly Uint8Array[];
}

/** Untrusted: what `read` gives. Throws MalformedInput if the log's tiles do not prove it. */
export async function includeOrThrow(
  read: ReadLogFile,
  { index, entry }: { readonly index: number; readonly entry: Uint8Array },
  { checkpoint, hasher }: { readonly checkpoint: Checkpoint; readonly hasher: TreeHasher },
): Promise<IncludedEntry> {
  const proof = await proveInclusionOrThrow(read, { index, leafHash: hasher.leafHash(entry), checkpoint }, hasher);
  return { index, entry, proof };
}

/** Untrusted: the entry. Whether it stands where it says under the checkpoint. */
export function isIncluded(
  { index, entry, proof }: IncludedEntry,
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
  hasher: TreeHasher,
): boolean {
  return checkInclusion({ index, size, leafHash: hasher.leafHash(entry), proof, root }, hasher) === undefined;
}

/** Untrusted: `entry`. The leaf, or undefined for what no strict reader accepts. */
export function leafIn(entry: Uint8Array): Leaf | undefined {
  try {
    return parseLeafOrThrow(entry);
  } catch {
    return undefined;
  }
}
