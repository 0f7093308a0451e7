import { defineFindings } from '../findings/finding-text.js';

/** What can be wrong with the files of a log: bytes, hashes, tiles, checkpoints, witnesses. */
export const logFindings = defineFindings({
  root_differs: {
    level: 'L1',
    zh: '由条目重新计算的根与检查点签名的根不一致。',
    en: 'The root rebuilt from the entries is not the one that the checkpoint signs.',
  },
});
