import { MalformedInput, parseStrictJsonOrThrow, utf8Encode } from '@aidtrail/envelope';
import { z } from 'zod';
import { brokenPromise, type BrokenPromiseProof } from '../../proofs/broken-promise-file.js';
import { twoAnswers, type TwoAnswersProof } from '../../proofs/two-answers.js';
import { badEntry, type BadEntryProof } from './bad-entry.js';
import type { FraudTrust, FraudVerdict } from './fraud-kind.js';
import { historyRewritten, type HistoryRewrittenProof } from './history-rewritten.js';
import { twoRoots, type TwoRootsProof } from './two-roots.js';

/**
 * Evidence that a log broke its promise, in a file of its own: whoever has the policy can check it, without the log and
 * without us. Signatures in it make it evidence; whoever hands it on need not be believed. docs/reference/fraud-proof.md.
 */
export type FraudProof = TwoRootsProof | HistoryRewrittenProof | BadEntryProof | BrokenPromiseProof | TwoAnswersProof;

const FORMAT = 'aidtrail-fraud-proof/v1';
/** An entry in base64, two notes and room. */
const MAX_BYTES = 1_048_576;

/** What every file has beside the members of its kind. */
const head = { format: z.literal(FORMAT) };

const schema = z.discriminatedUnion('kind', [
  twoRoots.schema.extend(head),
  historyRewritten.schema.extend(head),
  badEntry.schema.extend(head),
  brokenPromise.schema.extend(head),
  twoAnswers.schema.extend(head),
]);

export function formatFraudProof(proof: FraudProof): string {
  return `${JSON.stringify({ format: FORMAT, ...proof }, undefined, 2)}\n`;
}

/** Untrusted: `file`. Reads a fraud proof without believing any of it; throws MalformedInput. */
export function parseFraudProofOrThrow(file: string | Uint8Array): FraudProof {
  const bytes = typeof file === 'string' ? utf8Encode(file) : file;
  const read = schema.safeParse(parseStrictJsonOrThrow(bytes, { maxBytes: MAX_BYTES }));
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.join('.');
    throw new MalformedInput('bad_shape', `fraud proof: ${where} is not as the format wants it`);
  }
  const { format: _, ...proof } = read.data;
  return proof;
}

/** Untrusted: `proof`. Whether it proves fraud of a log of the policy; whatever it holds, there is a verdict. */
export function checkFraudProof(proof: FraudProof, trust: FraudTrust): FraudVerdict {
  switch (proof.kind) {
    case 'two_roots':
      return twoRoots.check(proof, trust);
    case 'history_rewritten':
      return historyRewritten.check(proof, trust);
    case 'bad_entry':
      return badEntry.check(proof, trust);
    case 'broken_promise':
      return brokenPromise.check(proof, trust);
    case 'two_answers':
      return twoAnswers.check(proof, trust);
  }
}
