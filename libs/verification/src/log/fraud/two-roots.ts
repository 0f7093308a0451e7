import { bytesEqual } from '@aidtrail/envelope';
import { z } from 'zod';
import { defineFraud, members, notProven, signedCheckpoint } from './fraud-kind.js';

/** Two checkpoints of one log, of the same size and with different roots: it has shown two histories. */
export const twoRoots = defineFraud({
  schema: z.strictObject({ kind: z.literal('two_roots'), first: members.note, second: members.note }),
  check: (proof, trust) => {
    const first = signedCheckpoint(proof.first, trust);
    const second = signedCheckpoint(proof.second, trust);
    if (first === undefined || second === undefined)
      return notProven('A checkpoint in it is not signed by a log of the policy.');
    const { origin, size, root } = first.checkpoint;
    if (second.checkpoint.origin !== origin) return notProven('The checkpoints are of different logs.');
    if (second.checkpoint.size !== size) return notProven('The checkpoints are of different sizes.');
    if (bytesEqual(second.checkpoint.root, root)) return notProven('The checkpoints are the same.');
    return {
      proven: true,
      log: origin,
      zh: `日志为同一长度 ${size} 签署了两个不同的根，即出示了两份历史。`,
      en: `The log signed two different roots for its first ${size} entries: it has shown two histories.`,
    };
  },
});

export type TwoRootsProof = z.infer<typeof twoRoots.schema>;
