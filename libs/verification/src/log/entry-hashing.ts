import { hashEntries, type HashedEntries, type TreeHasher } from '@aidtrail/public-log';

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
