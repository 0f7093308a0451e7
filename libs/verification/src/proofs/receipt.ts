import {
  base64DecodeOrThrow,
  base64Encode,
  canonicalBytes,
  MalformedInput,
  parseCanonicalOrThrow,
  parseLeafOrThrow,
  requireDisclosuresMatch,
  type Ed25519Verifier,
  type JsonValue,
  type Leaf,
  type Sha256,
} from '@aidtrail/envelope';
import {
  createTreeHasher,
  formatProofFile,
  openProofFileOrThrow,
  parseProofFileOrThrow,
  type LogPolicy,
  type WitnessedCheckpoint,
} from '@aidtrail/public-log';

/** That one event stands in the log, with as much of its private part as its holder wants to show. */
export interface Receipt {
  readonly index: number;
  /** The leaf's bytes, as published. */
  readonly leaf: Uint8Array;
  /** As `encodeDisclosure` writes them; those that the holder chose. */
  readonly disclosures: readonly string[];
  /** The inclusion proof of RFC 6962, the leaf's sibling first. */
  readonly proof: readonly Uint8Array[];
  /** The checkpoint with its witnesses' cosignatures, a signed note. */
  readonly checkpoint: string;
}

/** What a receipt proves. */
export interface OpenedReceipt {
  readonly index: number;
  readonly leaf: Leaf;
  /** RFC 6962 leaf hash, 32 bytes. */
  readonly leafHash: Uint8Array;
  /** Private fields by name, each held to its digest in the leaf. */
  readonly disclosed: Readonly<Record<string, JsonValue>>;
  readonly witnessed: WitnessedCheckpoint;
}

/** Whom and what a check of receipts rests on. */
export interface ReceiptTrust {
  readonly policy: LogPolicy;
  readonly verifier: Ed25519Verifier;
  readonly sha256: Sha256;
}

const MAX_EXTRA_BYTES = 1_048_576;

/** A C2SP `.tlog-proof` file whose `extra` holds leaf and disclosures; docs/reference/receipt.md. */
export function formatReceipt({ index, leaf, disclosures, proof, checkpoint }: Receipt): string {
  const extra = canonicalBytes({ disclosures, leaf: base64Encode(leaf) });
  return formatProofFile({ extra, index, proof, checkpoint });
}

/** Untrusted: `file`. Reads a receipt and believes nothing of it; throws MalformedInput. */
export function parseReceiptOrThrow(file: string | Uint8Array): Receipt {
  const { extra, index, proof, checkpoint } = parseProofFileOrThrow(file);
  if (extra === undefined) throw notAReceipt('it has no extra line, so the event itself is not in it');
  const { leaf, disclosures, ...more } = parseCanonicalOrThrow(extra, { maxBytes: MAX_EXTRA_BYTES });
  if (typeof leaf !== 'string' || !isTexts(disclosures) || Object.keys(more).length > 0)
    throw notAReceipt('its extra line is not {"disclosures":[…],"leaf":"<base64>"}');
  return { index, leaf: base64DecodeOrThrow(leaf), disclosures, proof, checkpoint };
}

/**
 * Untrusted: `file`. Checks a receipt offline: the leaf is hashed again and must stand at its index under a checkpoint
 * that the policy's log signed and its quorum of witnesses cosigned, and each disclosure must belong to a digest of the
 * leaf. That the event obeys the ledger's rules, and who was entitled to sign it, an audit of the whole log tells.
 *
 * Throws MalformedInput, NoteRejected or ProofRejected.
 */
export function openReceiptOrThrow(
  file: string | Uint8Array,
  { policy, verifier, sha256 }: ReceiptTrust,
): OpenedReceipt {
  const receipt = parseReceiptOrThrow(file);
  const hasher = createTreeHasher(sha256);
  const leafHash = hasher.leafHash(receipt.leaf);
  const witnessed = openProofFileOrThrow(receipt, { leafHash, policy, verifier, hasher });
  const leaf = parseLeafOrThrow(receipt.leaf);
  if (leaf.log !== witnessed.checkpoint.origin) throw notAReceipt('its event is of another log than its checkpoint');
  const disclosed = requireDisclosuresMatch(receipt.disclosures, digestsOf(leaf), sha256);
  return { index: receipt.index, leaf, leafHash, disclosed, witnessed };
}

/** All digests of private fields: those that the ledger added, and those of the command. */
export function digestsOf({ _sd, command }: Leaf): readonly string[] {
  return [...(_sd ?? []), ...('body' in command ? (command.body._sd ?? []) : [])];
}

function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function notAReceipt(why: string): MalformedInput {
  return new MalformedInput('bad_shape', `This is no receipt of aidtrail: ${why}.`);
}
