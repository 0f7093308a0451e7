import {
  broughtKeysOf,
  commandConcept,
  entitle,
  holderKeyOf,
  rootKeysOf,
  strangerIn,
  type AnyCommand,
  type FactRequest,
  type KnownKey,
  type LedgerState,
  type SignerToCheck,
  type SignerView,
} from '@aidtrail/domain';
import {
  base64DecodeOrThrow,
  isAcceptablePublicKey,
  keyIdOf as keyIdOfBytes,
  type Sha256,
  type SignedCommand,
} from '@aidtrail/envelope';
import type { FoldedStream, StreamSource } from '../streams.js';
import type { RejectionCode } from './results.js';

/** Who signed, before the signatures are verified. */
export type IdentifiedSigners = (
  | {
      readonly views: readonly SignerView[];
      /** To be recorded: the calendar, and what says who the signers are. */
      readonly facts: readonly FactRequest[];
      /** The streams that say who the signers are, as they were read. */
      readonly read: readonly FoldedStream[];
    }
  | { readonly refused: string }
) & {
  /** In the order of the signatures; undefined for a second party that nobody knows, which is refused in any case. */
  readonly publicKeys: readonly (Uint8Array | undefined)[];
};

/**
 * Finds the public key of each signature: an enrolled key, a root officer's, or the voucher's holder. An unknown actor
 * makes the command a rejection; a known one who may not do this is refused, which is final and therefore given only
 * after his signature was verified.
 */
export async function identifySigners(
  tools: { readonly streams: StreamSource; readonly sha256: Sha256 },
  signed: SignedCommand,
  command: AnyCommand,
  target: FoldedStream,
): Promise<IdentifiedSigners | { readonly rejected: RejectionCode }> {
  const spec = commandConcept(command.type)?.commands[command.type];
  if (spec === undefined) return { rejected: 'unknown_command' };
  const keyIdOf = (publicKey: string): string => keyIdOfBytes(base64DecodeOrThrow(publicKey), tools.sha256);
  const ledger = await tools.streams.load('ledger-main');
  const roots = rootKeysOf(command, ledger.state as LedgerState);
  const holder = holderKeyOf(command, target);
  const found = await Promise.all(
    signed.sigs.map(async ({ key: keyId }, i): Promise<Found> => {
      // First, because it spares asking the store for a key stream that does not exist.
      if (i === 1 && holder !== undefined && keyIdOf(holder) === keyId)
        return { check: { keyId, key: { status: 'none' }, holder }, publicKey: holder };
      const enrolled = await tools.streams.load(`key-${keyId}`);
      const state = enrolled.state as KnownKey & { readonly publicKey?: string };
      if (state.publicKey !== undefined)
        return { check: { keyId, key: state }, publicKey: state.publicKey, fact: enrolled };
      const root = roots.find(({ publicKey }) => keyIdOf(publicKey) === keyId);
      if (root !== undefined) return { check: { keyId, key: root.key }, publicKey: root.publicKey, fact: ledger };
      return { check: strangerIn(spec.signatures, i, keyId) };
    }),
  );
  if (found[0]?.publicKey === undefined) return { rejected: 'key_unknown' };
  const publicKeys = found.map(({ publicKey }) =>
    publicKey === undefined ? undefined : base64DecodeOrThrow(publicKey),
  );
  const views = entitle(
    spec,
    found.map(({ check }) => check),
  );
  if ('refused' in views) return { refused: views.refused, publicKeys };
  if (broughtKeysOf(command).some(isUnacceptable)) return { refused: 'public_key_unacceptable', publicKeys };
  const read = found.flatMap(({ fact }) => (fact !== undefined && fact.version > 0 ? [fact] : []));
  return { views, publicKeys, facts: factsOf(read), read };
}

function isUnacceptable(publicKey: string): boolean {
  return !isAcceptablePublicKey(base64DecodeOrThrow(publicKey));
}

interface Found {
  readonly check: SignerToCheck;
  /** base64; absent for a key that nobody knows */
  readonly publicKey?: string;
  /** The stream that says so; a holder's key stands in the voucher itself. */
  readonly fact?: FoldedStream;
}

function factsOf(read: readonly FoldedStream[]): readonly FactRequest[] {
  const streams = new Set(['calendar-main', ...read.map(({ stream }) => stream)]);
  return [...streams].map((stream) => ({ name: `fact of ${stream}`, stream }));
}
