import { base64DecodeOrThrow, keyIdOf, utf8Encode, type Sha256 } from '@aidtrail/envelope';
import type { ReadLogFile } from '@aidtrail/public-log';
import { holdsBytes } from './find-event.js';
import { leafIn } from './included-entry.js';
import { entriesOf } from './log-entries.js';

/**
 * Untrusted: `entry`. The event key that an entry of the log brings in: that of LedgerOpened at index 0, or of an
 * EventKeyRotated; undefined for every other entry.
 */
export function eventKeyIn(
  { index, entry }: { readonly index: number; readonly entry: Uint8Array },
  sha256: Sha256,
): { readonly keyId: string; readonly publicKey: Uint8Array } | undefined {
  const leaf = leafIn(entry);
  if (leaf?.stream !== 'ledger-main') return undefined;
  const key = keyNamedBy(leaf.type, index === 0, leaf.data);
  if (typeof key !== 'string') return undefined;
  try {
    const publicKey = base64DecodeOrThrow(key);
    return { keyId: keyIdOf(publicKey, sha256), publicKey };
  } catch {
    return undefined;
  }
}

/** Whether an entry may bring in an event key; reading it costs far more than this. */
export function mayBringEventKey({ index, entry }: { readonly index: number; readonly entry: Uint8Array }): boolean {
  return index === 0 || holdsBytes(entry, EVENT_KEY_ROTATED);
}

/** Untrusted: what `read` gives. The entry among the first `size` that brought in the event key with this id. */
export async function findEventKey(
  read: ReadLogFile,
  of: { readonly keyId: string; readonly size: number; readonly sha256: Sha256 },
): Promise<{ readonly index: number; readonly entry: Uint8Array; readonly publicKey: Uint8Array } | undefined> {
  for await (const at of entriesOf(read, of.size)) {
    const key = mayBringEventKey(at) ? eventKeyIn(at, of.sha256) : undefined;
    if (key?.keyId === of.keyId) return { ...at, publicKey: key.publicKey };
  }
  return undefined;
}

const EVENT_KEY_ROTATED = utf8Encode('"EventKeyRotated"');

function keyNamedBy(type: string, isFirst: boolean, data: Readonly<Record<string, unknown>>): unknown {
  if (type === 'LedgerOpened' && isFirst) return data['eventKey'];
  return type === 'EventKeyRotated' ? data['publicKey'] : undefined;
}
