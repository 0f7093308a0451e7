import {
  holderKeyOf,
  rootKeysOf,
  strangerIn,
  type AnyCommand,
  type CommandSpec,
  type KnownKey,
  type LedgerState,
  type SignerToCheck,
} from '@aidtrail/domain';
import type { SignatureEntry } from '@aidtrail/envelope';
import type { FoldedStream } from '../replay/states.js';
import type { FactsOfLeaf } from './facts-of-leaf.js';
import type { PublicKeys } from './public-keys.js';

/** One signature of a command: whose it is said to be, and the public key of which the log knows that. */
export interface Signatory {
  readonly check: SignerToCheck;
  /** Undefined for a key that nobody knows. */
  readonly publicKey: Uint8Array | undefined;
}

/**
 * Whose keys signed a command, as the write path finds them: in second place the voucher's holder, else an enrolled key,
 * else a root officer's; each in the version of its stream that the leaf names.
 */
export function signatoriesOf(
  {
    sigs,
    command,
    spec,
    target,
  }: {
    readonly sigs: readonly SignatureEntry[];
    readonly command: AnyCommand;
    readonly spec: CommandSpec;
    readonly target: { readonly stream: string; readonly state: unknown };
  },
  { facts, keys }: { readonly facts: FactsOfLeaf; readonly keys: PublicKeys },
): readonly Signatory[] {
  const holder = holderKeyOf(command, target);
  return sigs.map(({ key: keyId }, place): Signatory => {
    if (place === 1 && holder !== undefined) {
      const key = keys.once(holder);
      if (key.keyId === keyId) return { check: { keyId, key: { status: 'none' }, holder }, publicKey: key.bytes };
    }
    return (
      enrolled(keyId, facts.needIfThere(`key-${keyId}`), keys) ??
      rootOfficer(keyId, command, { facts, keys }) ?? {
        check: strangerIn(spec.signatures, place, keyId),
        publicKey: undefined,
      }
    );
  });
}

/** A key stream whose key has another id than its name says was reported where it began; nobody signs with it. */
function enrolled(keyId: string, folded: FoldedStream | undefined, keys: PublicKeys): Signatory | undefined {
  const state = folded?.state as (KnownKey & { readonly publicKey?: string }) | undefined;
  if (state?.publicKey === undefined) return undefined;
  const key = keys.get(state.publicKey);
  return key.keyId === keyId ? { check: { keyId, key: state }, publicKey: key.bytes } : undefined;
}

function rootOfficer(
  keyId: string,
  command: AnyCommand,
  { facts, keys }: { readonly facts: FactsOfLeaf; readonly keys: PublicKeys },
): Signatory | undefined {
  const find = (ledger: LedgerState): Signatory | undefined => {
    const root = rootKeysOf(command, ledger).find(({ publicKey }) => keys.get(publicKey).keyId === keyId);
    return root && { check: { keyId, key: root.key }, publicKey: keys.get(root.publicKey).bytes };
  };
  const present = facts.peek('ledger-main');
  if (present === undefined || present.version === 0) return find({ status: 'none' });
  // Only a leaf that a root has signed names the ledger's own stream for the sake of its signers.
  if (find(present.state as LedgerState) === undefined) return undefined;
  const named = facts.need('ledger-main');
  return named && find(named.state as LedgerState);
}
