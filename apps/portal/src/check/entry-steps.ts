import {
  base64DecodeOrThrow,
  base64Encode,
  bytesEqual,
  keyIdOf,
  MalformedInput,
  parseLeafOrThrow,
  verifyLeafSignature,
  type Leaf,
} from '@aidtrail/envelope';
import { pinnedLeafZeroOrThrow, proveInclusionOrThrow, readEntryOrThrow } from '@aidtrail/public-log';
import { hasher, sentenceOf } from './checkpoint-steps.js';
import type { Ground } from './open-log.js';
import { LogUnreachable } from './read-log.js';
import { step, type Step } from './step.js';

export interface FoundEntry {
  readonly bytes: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Untrusted: the log's files. The bytes of an entry, if the tree of the checkpoint has them there. */
export async function entryStep(
  index: number | undefined,
  { read, signed: { checkpoint } }: Ground,
): Promise<{ readonly step: Step; readonly entry?: FoundEntry }> {
  if (index === undefined || index >= checkpoint.size) return { step: step('entry', 'notYet') };
  try {
    const bytes = await readEntryOrThrow(read, { index, size: checkpoint.size });
    const leafHash = hasher.leafHash(bytes);
    const proof = await proveInclusionOrThrow(read, { index, leafHash, checkpoint }, hasher);
    const details = [
      ['leaf index', String(index)],
      ['leaf hash', base64Encode(leafHash)],
      ...proof.map((hash, i) => [`proof ${i + 1}`, base64Encode(hash)] as const),
    ] as const;
    return { step: step('entry', 'included', details), entry: { bytes, proof } };
  } catch (fault) {
    if (fault instanceof LogUnreachable) return { step: step('entry', 'unreachable') };
    if (!(fault instanceof MalformedInput)) throw fault;
    return {
      step: step('entry', 'notIncluded', [
        ['leaf index', String(index)],
        ['', fault.message],
      ]),
    };
  }
}

/**
 * That the ledger signed the event: by the key in leaf 0, which the policy pins, or by one that came later, each brought in
 * by an entry that the key before it signed. `keyLeaves` says where those stand; nothing else of it is believed.
 */
export async function signatureStep(
  { index, leaf }: { readonly index: number; readonly leaf: Leaf | undefined },
  ground: Ground,
): Promise<Step> {
  if (leaf === undefined) return step('signature', 'wrong');
  const { policyText, verifier } = ground;
  let key: Uint8Array | undefined;
  try {
    const opening = await provenEntryOrThrow(0, ground);
    const leafHash = hasher.leafHash(opening);
    const pinned = pinnedLeafZeroOrThrow(policyText);
    if (pinned !== undefined && !bytesEqual(pinned, leafHash))
      return step('signature', 'otherLedger', [
        ['pinned', base64Encode(pinned)],
        ['leaf 0', base64Encode(leafHash)],
      ]);
    key = keyIn(parseLeafOrThrow(opening), 'eventKey');
  } catch (fault) {
    if (fault instanceof LogUnreachable) return step('signature', 'unreachable');
    if (!(fault instanceof MalformedInput)) throw fault;
    return step('signature', 'wrong', [['leaf 0', sentenceOf(fault)]]);
  }
  if (key === undefined) return step('signature', 'wrong');
  const details = [
    ['event', leaf.id],
    ['type', leaf.type],
    ['key', leaf.sig.key],
    ['day', leaf.day],
  ] as const;
  const followed = await followKeys(key, { index, keyId: leaf.sig.key }, ground);
  if (followed === undefined) return step('signature', 'laterKey', details);
  const isValid = verifyLeafSignature(verifier, leaf, followed.key);
  const ways = followed.by.map((at) => ['key brought in by leaf', String(at)] as const);
  return step('signature', isValid ? 'valid' : 'wrong', [...details, ...ways]);
}

/** The key with this id, and the entries that led to it from the first one; undefined if it is not reached. */
async function followKeys(
  first: Uint8Array,
  { index, keyId }: { readonly index: number; readonly keyId: string },
  ground: Ground,
): Promise<{ readonly key: Uint8Array; readonly by: readonly number[] } | undefined> {
  let key = first;
  const by: number[] = [];
  for (const at of [...ground.keyLeaves].sort((a, b) => a - b)) {
    if (keyIdOf(key) === keyId) break;
    if (at === 0 || at >= index) continue;
    try {
      const leaf = parseLeafOrThrow(await provenEntryOrThrow(at, ground));
      const next =
        leaf.type === 'EventKeyRotated' && leaf.stream === 'ledger-main' ? keyIn(leaf, 'publicKey') : undefined;
      if (next === undefined || leaf.data['formerKey'] !== base64Encode(key)) return undefined;
      if (!verifyLeafSignature(ground.verifier, leaf, key)) return undefined;
      key = next;
      by.push(at);
    } catch (fault) {
      if (fault instanceof LogUnreachable || fault instanceof MalformedInput) return undefined;
      throw fault;
    }
  }
  return keyIdOf(key) === keyId ? { key, by } : undefined;
}

/** Untrusted: the log's files. Throws MalformedInput or LogUnreachable. */
async function provenEntryOrThrow(index: number, { read, signed: { checkpoint } }: Ground): Promise<Uint8Array> {
  if (index >= checkpoint.size) throw new LogUnreachable(`entry ${index}`);
  const bytes = await readEntryOrThrow(read, { index, size: checkpoint.size });
  await proveInclusionOrThrow(read, { index, leafHash: hasher.leafHash(bytes), checkpoint }, hasher);
  return bytes;
}

/** Throws MalformedInput. */
function keyIn({ data }: Leaf, member: string): Uint8Array | undefined {
  const key = data[member];
  return typeof key === 'string' ? base64DecodeOrThrow(key) : undefined;
}

/** Untrusted: the bytes. */
export function leafOrUndefined(bytes: Uint8Array): Leaf | undefined {
  try {
    return parseLeafOrThrow(bytes);
  } catch {
    return undefined;
  }
}
