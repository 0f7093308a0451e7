import { base64DecodeOrThrow, base64Encode } from '@aidtrail/envelope';
import { z } from 'zod';
import { members } from '../log/fraud/fraud-kind.js';
import type { IncludedEntry } from './included-entry.js';

/** An entry with its inclusion proof, as files of fraud proofs hold it. */
export const includedEntry = z.strictObject({
  index: members.index,
  entry: members.bytes,
  proof: z.array(members.hash).max(63),
});

export function encodedEntry({ index, entry, proof }: IncludedEntry): z.infer<typeof includedEntry> {
  return { index, entry: base64Encode(entry), proof: proof.map(base64Encode) };
}

/** Not believed. */
export function decodedEntry({ index, entry, proof }: z.infer<typeof includedEntry>): IncludedEntry {
  return { index, entry: base64DecodeOrThrow(entry), proof: proof.map(base64DecodeOrThrow) };
}
