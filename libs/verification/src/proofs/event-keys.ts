import { base64DecodeOrThrow, keyIdOf, type Sha256 } from '@aidtrail/envelope';
import { leafIn } from './included-entry.js';

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

function keyNamedBy(type: string, isFirst: boolean, data: Readonly<Record<string, unknown>>): unknown {
  if (type === 'LedgerOpened' && isFirst) return data['eventKey'];
  return type === 'EventKeyRotated' ? data['publicKey'] : undefined;
}
