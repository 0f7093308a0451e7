import {
  base64DecodeOrThrow,
  canonicalBytes,
  COMMAND_TYPE,
  EVENT_TYPE,
  keyIdOf,
  leafSigningInput,
  MalformedInput,
  parseLeafOrThrow,
  verifySignature,
  type Leaf,
  type SignatureEntry,
} from '@aidtrail/envelope';
import { checkInclusion } from '@aidtrail/public-log';
import { z } from 'zod';
import { defineFraud, members, notProven, signedCheckpoint, type FraudTrust } from './fraud-kind.js';

const schema = z.strictObject({
  kind: z.literal('bad_entry'),
  fault: z.enum(['leaf_malformed', 'ledger_signature_invalid', 'command_signature_invalid']),
  checkpoint: members.note,
  index: members.index,
  entry: members.bytes,
  proof: z.array(members.hash).max(63),
  publicKey: members.hash.optional(),
  signature: z.int().min(0).max(15).optional(),
});

export type BadEntryProof = z.infer<typeof schema>;

/**
 * An entry that the log has committed to, and that breaks a rule visible in itself.
 *
 * - `leaf_malformed`: it is not canonical JSON of the leaf format, version 1.
 * - `ledger_signature_invalid`: the ledger's signature does not hold under the key that it names; `publicKey` is that key,
 *   which its id proves.
 * - `command_signature_invalid`: the same of the signature number `signature` (from 0) on the command in it.
 */
export const badEntry = defineFraud({
  schema,
  check: (proof, trust) => {
    const opened = signedCheckpoint(proof.checkpoint, trust);
    if (opened === undefined) return notProven('The checkpoint in it is not signed by a log of the policy.');
    const { origin, size, root } = opened.checkpoint;
    const entry = base64DecodeOrThrow(proof.entry);
    const hashes = proof.proof.map(base64DecodeOrThrow);
    const claim = { index: proof.index, size, leafHash: trust.hasher.leafHash(entry), proof: hashes, root };
    if (checkInclusion(claim, trust.hasher) !== undefined)
      return notProven('The entry is not shown to be in the tree of the checkpoint.');
    const why = missingFault(proof, entry, trust);
    if (why !== undefined) return notProven(why);
    return { proven: true, log: origin, ...sentences[proof.fault](proof.index) };
  },
});

const sentences: Readonly<Record<BadEntryProof['fault'], (index: number) => { zh: string; en: string }>> = {
  leaf_malformed: (index) => ({
    zh: `日志承诺的第 ${index} 号条目不是规范格式的账本事件。`,
    en: `Entry ${index}, to which the log has committed, is not a ledger event in its canonical form.`,
  }),
  ledger_signature_invalid: (index) => ({
    zh: `日志承诺的第 ${index} 号条目，其账本签名在它自己注明的密钥下无效。`,
    en: `Entry ${index}, to which the log has committed, has a ledger signature that its own key does not verify.`,
  }),
  command_signature_invalid: (index) => ({
    zh: `日志承诺的第 ${index} 号条目所载的指令，其签名在它自己注明的密钥下无效。`,
    en: `Entry ${index}, to which the log has committed, holds a command with a signature that its own key does not verify.`,
  }),
};

/** What the entry would need for the fault to be there; undefined when it is. */
function missingFault(proof: BadEntryProof, entry: Uint8Array, trust: FraudTrust): string | undefined {
  const leaf = readLeaf(entry);
  if (proof.fault === 'leaf_malformed')
    return leaf === undefined ? undefined : 'The entry is a leaf in its canonical form.';
  if (leaf === undefined) return 'The entry is not a leaf, so that its signatures cannot be judged.';
  const signed = signedPart(leaf, proof);
  if (signed === undefined || proof.publicKey === undefined)
    return 'It does not say which signature, and under which key.';
  const publicKey = base64DecodeOrThrow(proof.publicKey);
  if (keyIdOf(publicKey, trust.sha256) !== signed.by.key) return 'The public key is not the one that the entry names.';
  const holds = verifySignature(trust.verifier, signed.type, signed.body, { publicKey, sig: signed.by.sig });
  return holds ? 'The signature holds.' : undefined;
}

function signedPart(
  leaf: Leaf,
  { fault, signature }: BadEntryProof,
): { readonly type: string; readonly body: Uint8Array; readonly by: SignatureEntry } | undefined {
  if (fault === 'ledger_signature_invalid') return { type: EVENT_TYPE, body: leafSigningInput(leaf), by: leaf.sig };
  if (!('body' in leaf.command) || signature === undefined) return undefined;
  const by = leaf.command.sigs[signature];
  return by && { type: COMMAND_TYPE, body: canonicalBytes(leaf.command.body), by };
}

/** Untrusted: `entry`. Undefined unless it is a leaf in its canonical form. */
export function readLeaf(entry: Uint8Array): Leaf | undefined {
  try {
    return parseLeafOrThrow(entry);
  } catch (fault) {
    if (fault instanceof MalformedInput) return undefined;
    throw fault;
  }
}
