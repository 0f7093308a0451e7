import type { KnownKey, SignerToCheck } from '../kernel/entitlement.js';
import type { Signatures } from '../kernel/table.js';
import type { LedgerState } from '../ledger/ledger.decider.js';
import type { AnyCommand } from './tables.js';

/** A root officer's key, as whoever checks a signature knows it. */
export interface KnownRootKey {
  /** base64 of 32 bytes */
  readonly publicKey: string;
  readonly key: KnownKey;
}

/** The roots of leaf 0 are those that it names itself. A former root's key still identifies its owner, who is refused. */
export function rootKeysOf(command: AnyCommand, ledger: LedgerState): readonly KnownRootKey[] {
  const entry =
    (status: 'approved' | 'revoked') =>
    (root: { readonly officer: string; readonly publicKey: string }): KnownRootKey => ({
      publicKey: root.publicKey,
      key: { status, role: 'root', officer: root.officer },
    });
  if (ledger.status === 'none') return command.type === 'OpenLedger' ? command.data.roots.map(entry('approved')) : [];
  return [...ledger.roots.map(entry('approved')), ...ledger.formerRoots.map(entry('revoked'))];
}

/** The public key (base64) that signs a voucher's command in second place: the new holder's for a claim, else the holder's. */
export function holderKeyOf(
  command: AnyCommand,
  target: { readonly stream: string; readonly state: unknown },
): string | undefined {
  if (command.type === 'ClaimVoucher') return command.data.holder;
  return target.stream.startsWith('voucher-') ? (target.state as { readonly holder?: string }).holder : undefined;
}

/**
 * A stranger in the holder's place is shown to the voucher as a holder with no key: it never matches, and the voucher
 * knows best whether to say "expired", "not claimed" or "no consent". Whatever the voucher says, nothing may be accepted
 * with a signature that nobody could verify.
 */
export function strangerIn(signatures: Signatures, place: number, keyId: string): SignerToCheck {
  const key = { status: 'none' } as const;
  return signatures === 'holder' && place === 1 ? { keyId, key, holder: '' } : { keyId, key };
}
