import type { EventType } from '@aidtrail/domain';
import type { CountedLeaf } from './counted-leaf.js';

/** A leaf of one of these types. */
export type LeafOf<T extends EventType> = Extract<CountedLeaf, { readonly type: T }>;

/** `voucher-…` → its id. */
export function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
