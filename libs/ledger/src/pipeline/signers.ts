import {
  entitle,
  commandConcept,
  type AnyCommand,
  type FactRequest,
  type KnownKey,
  type SignerToCheck,
  type SignerView,
} from '@aidtrail/domain';
import { base64DecodeOrThrow, keyIdOf, type Sha256, type SignedCommand } from '@aidtrail/envelope';
import type { FoldedStream, Streams } from '../streams.js';
import type { RejectionCode } from './results.js';

/** Who signed, before the signatures are verified. `publicKeys` stand in the order of the signatures. */
export type IdentifiedSigners =
  | {
      readonly views: readonly SignerView[];
      readonly publicKeys: readonly Uint8Array[];
      readonly facts: readonly FactRequest[];
    }
  | { readonly refused: string; readonly publicKeys: readonly Uint8Array[] };

/**
 * Finds the public key of each signature: an enrolled key, a root officer's, or the voucher's holder. A key that none
 * of these knows makes the command a rejection; a known key that may not do this makes it a refusal, which is final and
 * therefore given only after the signatures were verified.
 */
export async function identifySigners(
  tools: { readonly streams: Streams; readonly sha256: Sha256 },
  signed: SignedCommand,
  command: AnyCommand,
  target: FoldedStream,
): Promise<IdentifiedSigners | { readonly rejected: RejectionCode }> {
  const found: Found[] = [];
  for (const { key } of signed.sigs) {
    const one =
      holderOf(key, command, target, tools.sha256) ??
      (await enrolled(key, tools.streams)) ??
      (await rootOf(key, command, tools));
    if (one === undefined) return { rejected: 'key_unknown' };
    found.push(one);
  }
  const publicKeys = found.map(({ publicKey }) => base64DecodeOrThrow(publicKey));
  const spec = commandConcept(command.type)?.commands[command.type];
  if (spec === undefined) return { rejected: 'unknown_command' };
  const entitled = entitle(
    spec,
    found.map(({ signer }) => signer),
  );
  if ('refused' in entitled) return { refused: entitled.refused, publicKeys };
  const facts = found.flatMap(({ stream }): FactRequest[] => (stream === undefined ? [] : [{ name: stream, stream }]));
  return { views: entitled, publicKeys, facts: [CALENDAR, ...facts] };
}

const CALENDAR: FactRequest = { name: 'calendar', stream: 'calendar-main' };

interface Found {
  readonly signer: SignerToCheck;
  readonly publicKey: string;
  /** The stream that says so; a holder's key stands in the voucher itself. */
  readonly stream?: string;
}

function holderOf(keyId: string, command: AnyCommand, target: FoldedStream, sha256: Sha256): Found | undefined {
  const holder =
    command.type === 'ClaimVoucher' ? command.data.holder : (target.state as { readonly holder?: string }).holder;
  if (holder === undefined || !target.stream.startsWith('voucher-')) return undefined;
  if (keyIdOf(base64DecodeOrThrow(holder), sha256) !== keyId) return undefined;
  return { signer: { keyId, key: { status: 'none' }, holder }, publicKey: holder };
}

interface RootEntry {
  readonly officer: string;
  readonly publicKey: string;
}

/** The roots of leaf 0 are those that it names itself. */
async function rootOf(
  keyId: string,
  command: AnyCommand,
  { streams, sha256 }: { readonly streams: Streams; readonly sha256: Sha256 },
): Promise<Found | undefined> {
  const ledger = (await streams.load('ledger-main')).state as { readonly roots?: readonly RootEntry[] };
  const roots = command.type === 'OpenLedger' ? command.data.roots : (ledger.roots ?? []);
  const root = roots.find(({ publicKey }) => keyIdOf(base64DecodeOrThrow(publicKey), sha256) === keyId);
  if (root === undefined) return undefined;
  const key: KnownKey = { status: 'approved', role: 'root', officer: root.officer };
  const stream = command.type === 'OpenLedger' ? {} : { stream: 'ledger-main' };
  return { signer: { keyId, key }, publicKey: root.publicKey, ...stream };
}

async function enrolled(keyId: string, streams: Streams): Promise<Found | undefined> {
  const stream = `key-${keyId}`;
  const state = (await streams.load(stream)).state as KnownKey & { readonly publicKey?: string };
  if (state.status === 'none' || state.publicKey === undefined) return undefined;
  return { signer: { keyId, key: state }, publicKey: state.publicKey, stream };
}
