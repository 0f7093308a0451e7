import { HASH_LENGTH, type TreeHasher } from './rfc6962.js';
import { TILE_WIDTH } from './tile-path.js';
import { rootOfHashes } from './tile-rows.js';

/** The leaf hashes of a bundle's entries, one after the other, and their root if they are 256. */
export interface HashedEntries {
  readonly hashes: Uint8Array;
  readonly root?: Uint8Array;
}

export function hashEntries(entries: readonly Uint8Array[], hasher: TreeHasher): HashedEntries {
  const hashes = new Uint8Array(entries.length * HASH_LENGTH);
  entries.forEach((entry, i) => hashes.set(hasher.leafHash(entry), i * HASH_LENGTH));
  return entries.length === TILE_WIDTH ? { hashes, root: rootOfHashes(hashes, hasher) } : { hashes };
}
