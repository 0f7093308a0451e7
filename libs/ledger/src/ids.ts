import { utf8Encode, uuidV8, type HmacSha256 } from '@aidtrail/envelope';

/**
 * The settlement of a merchant for a window: UUIDv8 of an HMAC under the ledger's secret, so that nobody can tell from
 * the id whose it is, and every process finds the same one.
 */
export function settlementIdOf(
  ledgerSecret: Uint8Array,
  of: { readonly merchant: string; readonly fundingMode: string; readonly cutoff: number },
  hmac: HmacSha256,
): string {
  const name = JSON.stringify(['settlement', of.merchant, of.fundingMode, of.cutoff]);
  return uuidV8(hmac(ledgerSecret, utf8Encode(name)));
}

/** The key of a stream that has no subject: derived from the ledger's secret, 32 bytes. */
export function streamKeyOf(ledgerSecret: Uint8Array, stream: string, hmac: HmacSha256): Uint8Array {
  return hmac(ledgerSecret, utf8Encode(`aidtrail stream key v1 ${stream}`));
}
