import {
  commandConcept,
  entitledSigners,
  isRefusal,
  type AnyCommand,
  type FactRequest,
  type KeyView,
  type RootsView,
  type SignerView,
} from '@aidtrail/domain';
import { base64DecodeOrThrow, keyIdOf as keyIdOfBytes, type Sha256, type SignedCommand } from '@aidtrail/envelope';
import type { FoldedStream, Streams } from '../streams.js';
import type { RejectionCode } from './results.js';

/** Who signed, before the signatures are verified. */
export type IdentifiedSigners = (
  { readonly views: readonly SignerView[]; readonly facts: readonly FactRequest[] } | { readonly refused: string }
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
  tools: { readonly streams: Streams; readonly sha256: Sha256 },
  signed: SignedCommand,
  command: AnyCommand,
  target: FoldedStream,
): Promise<IdentifiedSigners | { readonly rejected: RejectionCode }> {
  const spec = commandConcept(command.type)?.commands[command.type];
  if (spec === undefined) return { rejected: 'unknown_command' };
  const keys = signed.sigs.map(({ key }) => key);
  const ledger = await tools.streams.load('ledger-main');
  const roots = ledger.state as RootsView;
  const enrolled = new Map<string, FoldedStream>();
  for (const key of keys) enrolled.set(key, await tools.streams.load(`key-${key}`));
  const keyIdOf = (publicKey: string): string => keyIdOfBytes(base64DecodeOrThrow(publicKey), tools.sha256);
  const holder = holderIn(command, target);
  const publicKeys = keys.map((key) => {
    const known = enrolledKey(enrolled.get(key)) ?? rootKey(key, { command, roots, keyIdOf });
    const found = known ?? (holder !== undefined && keyIdOf(holder) === key ? holder : undefined);
    return found === undefined ? undefined : base64DecodeOrThrow(found);
  });
  if (publicKeys[0] === undefined) return { rejected: 'key_unknown' };
  const views = entitledSigners({
    type: command.type,
    spec,
    data: command.data,
    keys,
    ledger: roots,
    keyOf: (key) => enrolled.get(key)?.state as KeyView | undefined,
    keyIdOf,
    ...(holder === undefined ? {} : { holder }),
  });
  if (isRefusal(views)) return { refused: views.refused, publicKeys };
  return { views, publicKeys, facts: factsOf(keys, enrolled, ledger) };
}

/** The calendar, and the streams that say who the signers are; a holder's key stands in the voucher itself. */
function factsOf(
  keys: readonly string[],
  enrolled: ReadonlyMap<string, FoldedStream>,
  ledger: FoldedStream,
): readonly FactRequest[] {
  const streams = new Set(['calendar-main']);
  for (const key of keys) {
    const { version = 0, stream = '' } = enrolled.get(key) ?? {};
    if (version > 0) streams.add(stream);
  }
  if (streams.size === 1 && ledger.version > 0) streams.add('ledger-main');
  return [...streams].map((stream) => ({ name: `fact of ${stream}`, stream }));
}

function holderIn(command: AnyCommand, target: FoldedStream): string | undefined {
  if (command.type === 'ClaimVoucher') return command.data.holder;
  return target.stream.startsWith('voucher-') ? (target.state as { readonly holder?: string }).holder : undefined;
}

function enrolledKey(folded: FoldedStream | undefined): string | undefined {
  return (folded?.state as { readonly publicKey?: string } | undefined)?.publicKey;
}

/** The roots of leaf 0 are those that it names itself. A former root's key still identifies him; he is refused. */
function rootKey(
  keyId: string,
  known: {
    readonly command: AnyCommand;
    readonly roots: RootsView;
    readonly keyIdOf: (publicKey: string) => string;
  },
): string | undefined {
  const { command, roots, keyIdOf } = known;
  const named = command.type === 'OpenLedger' ? command.data.roots : [];
  const standing = roots.status === 'open' ? [...roots.roots, ...roots.formerRoots] : [];
  return [...named, ...standing].find(({ publicKey }) => keyIdOf(publicKey) === keyId)?.publicKey;
}
