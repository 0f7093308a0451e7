import { base64DecodeOrThrow, bytesEqual } from '@aidtrail/envelope';
import { checkConsistency } from '@aidtrail/public-log';
import { z } from 'zod';
import { defineFraud, members, notProven, signedCheckpoint } from './fraud-kind.js';

/**
 * Two checkpoints of one log, of which the smaller is no prefix of the larger. `proof` is a consistency proof (RFC 9162
 * section 2.1.4) from the log itself: it shows that the larger tree began with another root, `prefixRoot`, than the one
 * that the log signed when it was that small. No two roots of one size both have such a proof into one tree.
 */
export const historyRewritten = defineFraud({
  schema: z.strictObject({
    kind: z.literal('history_rewritten'),
    older: members.note,
    newer: members.note,
    prefixRoot: members.hash,
    proof: z.array(members.hash).max(63),
  }),
  check: (proof, trust) => {
    const older = signedCheckpoint(proof.older, trust);
    const newer = signedCheckpoint(proof.newer, trust);
    if (older === undefined || newer === undefined)
      return notProven('A checkpoint in it is not signed by a log of the policy.');
    const { origin, size, root } = older.checkpoint;
    if (newer.checkpoint.origin !== origin) return notProven('The checkpoints are of different logs.');
    const prefixRoot = base64DecodeOrThrow(proof.prefixRoot);
    const hashes = proof.proof.map(base64DecodeOrThrow);
    const claim = { from: { size, root: prefixRoot }, to: newer.checkpoint, proof: hashes };
    if (size === newer.checkpoint.size || checkConsistency(claim, trust.hasher) !== undefined)
      return notProven('Its consistency proof does not lead to the newer checkpoint.');
    if (bytesEqual(prefixRoot, root)) return notProven('The checkpoints are of one history.');
    return {
      proven: true,
      log: origin,
      zh: `日志改写了历史：它后来签署的 ${newer.checkpoint.size} 个条目，其前 ${size} 个并非它先前签署的那些。`,
      en: `The log rewrote its history: the first ${size} of the ${newer.checkpoint.size} entries that it signed later are not those that it signed before.`,
    };
  },
});

export type HistoryRewrittenProof = z.infer<typeof historyRewritten.schema>;
