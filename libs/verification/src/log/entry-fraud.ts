import { base64Encode, keyIdOf } from '@aidtrail/envelope';
import { TILE_WIDTH } from '@aidtrail/public-log';
import { badEntry, readLeaf, type BadEntryProof } from './fraud/bad-entry.js';
import type { FraudTrust } from './fraud/fraud-kind.js';
import type { LogAuditOutcome } from './log-audit.js';

/** An entry about which there is a finding; with a key if it is about a signature. */
export interface SuspectEntry {
  readonly leaf: number;
  /** The key under which the signature does not hold. */
  readonly publicKey?: Uint8Array;
}

/**
 * Portable evidence for what is wrong with an entry, if the checkpoint commits to it and it shows in the entry itself;
 * undefined otherwise.
 */
export async function proveBadEntry(
  suspect: SuspectEntry,
  { checkpoint, tree, hasRoot, tiles }: LogAuditOutcome,
  trust: FraudTrust,
): Promise<BadEntryProof | undefined> {
  if (!hasRoot || checkpoint === undefined || tree === undefined || suspect.leaf >= tree.size) return undefined;
  const index = Math.floor(suspect.leaf / TILE_WIDTH);
  const read = await tiles.quietly().entries(index, Math.min(TILE_WIDTH, tree.size - index * TILE_WIDTH));
  const entry = read?.entries[suspect.leaf % TILE_WIDTH];
  const fault = entry && faultOf(entry, suspect, trust);
  if (entry === undefined || fault === undefined) return undefined;
  const hashes = await tree.proofs().inclusion(suspect.leaf);
  const proof: BadEntryProof = {
    kind: 'bad_entry',
    ...fault,
    checkpoint: checkpoint.note,
    index: suspect.leaf,
    entry: base64Encode(entry),
    proof: hashes.map(base64Encode),
  };
  // What is written down has passed the check that a third party will make.
  return badEntry.check(proof, trust).proven ? proof : undefined;
}

function faultOf(
  entry: Uint8Array,
  { publicKey }: SuspectEntry,
  { sha256 }: FraudTrust,
): Pick<BadEntryProof, 'fault' | 'publicKey' | 'signature'> | undefined {
  const leaf = readLeaf(entry);
  if (leaf === undefined) return { fault: 'leaf_malformed' };
  if (publicKey === undefined) return undefined;
  const id = keyIdOf(publicKey, sha256);
  const key = base64Encode(publicKey);
  if (leaf.sig.key === id) return { fault: 'ledger_signature_invalid', publicKey: key };
  const signature = 'body' in leaf.command ? leaf.command.sigs.findIndex((one) => one.key === id) : -1;
  return signature < 0 ? undefined : { fault: 'command_signature_invalid', publicKey: key, signature };
}
