import { HASH_LENGTH, rootOfHashes, TILE_WIDTH, type TreeHasher } from '@aidtrail/public-log';

/** The leaf hashes of a bundle's entries, one after the other, and their root if they are 256. */
export interface HashedEntries {
  readonly hashes: Uint8Array;
  readonly root?: Uint8Array;
}

/**
 * Hashes the entries of one bundle, which a program may let another thread do. `bundle` is well formed, `entries` are views
 * of it; neither may be changed before the promise settles.
 */
export interface EntryHashing {
  hash(bundle: Uint8Array, entries: readonly Uint8Array[]): Promise<HashedEntries>;
}

/** On the thread that asks. */
export function inlineEntryHashing(hasher: TreeHasher): EntryHashing {
  return { hash: (_, entries) => Promise.resolve(hashEntries(entries, hasher)) };
}

export function hashEntries(entries: readonly Uint8Array[], hasher: TreeHasher): HashedEntries {
  const hashes = new Uint8Array(entries.length * HASH_LENGTH);
  entries.forEach((entry, i) => hashes.set(hasher.leafHash(entry), i * HASH_LENGTH));
  return entries.length === TILE_WIDTH ? { hashes, root: rootOfHashes(hashes, hasher) } : { hashes };
}
