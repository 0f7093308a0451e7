import { defineFindings } from '../findings/finding-text.js';

/** What can be wrong with the files of a log: bytes, hashes, tiles, checkpoints, witnesses. */
export const logFindings = defineFindings({
  checkpoint_missing: {
    level: 'L1',
    zh: '日志没有检查点，因此没有作出任何承诺。',
    en: 'The log has no checkpoint, so it promises nothing.',
  },
  checkpoint_malformed: {
    level: 'L1',
    zh: '检查点不是规范格式的签名文本。',
    en: 'The checkpoint is not a signed note in its format.',
  },
  checkpoint_of_another_log: {
    level: 'L1',
    zh: '检查点属于策略文件中没有的日志。',
    en: 'The checkpoint is of a log that the policy does not name.',
  },
  checkpoint_not_signed: {
    level: 'L1',
    zh: '检查点没有策略文件所列日志密钥的签名。',
    en: 'The checkpoint is not signed by the key that the policy names for the log.',
  },
  checkpoint_signature_invalid: {
    level: 'L1',
    zh: '检查点上以日志密钥名义所作的签名无效。',
    en: 'The signature on the checkpoint in the name of the log’s key does not hold.',
  },
  cosignature_invalid: {
    level: 'L1',
    zh: '检查点上以某见证人名义所作的签名无效。',
    en: 'A signature on the checkpoint in the name of a witness does not hold.',
  },
  not_witnessed: {
    level: 'L1',
    zh: '没有任何检查点得到策略文件所要求的见证人联署。',
    en: 'No checkpoint has the cosignatures of witnesses that the policy asks for.',
  },
  quorum_not_met: {
    level: 'L1',
    zh: '所发布的见证检查点没有达到策略文件要求的见证人数。',
    en: 'The checkpoint published as witnessed has not the cosignatures that the policy asks for.',
  },
  checkpoint_rolled_back: {
    level: 'L1',
    zh: '日志现在比它先前签署的检查点更短。',
    en: 'The log is now shorter than a checkpoint that it has signed before.',
  },
  history_rewritten: {
    level: 'L1',
    zh: '日志现在的内容与它先前签署的检查点不一致。',
    en: 'The log is not the one that it signed before: an earlier checkpoint is not of this history.',
  },
  root_differs: {
    level: 'L1',
    zh: '由条目重新计算的根与检查点签名的根不一致。',
    en: 'The root rebuilt from the entries is not the one that the checkpoint signs.',
  },
  file_missing: {
    level: 'L1',
    zh: '检查点所承诺的文件不存在。',
    en: 'A file that the checkpoint promises is not there.',
  },
  file_too_large: {
    level: 'L1',
    zh: '文件超出其格式所允许的大小。',
    en: 'A file is larger than its format allows.',
  },
  files_given_up: {
    level: 'L1',
    zh: '缺少的文件太多，其余的未再查找。',
    en: 'So many files are missing that the rest was not looked for.',
  },
  bundle_malformed: {
    level: 'L1',
    zh: '条目文件的条目数或长度与其格式不符。',
    en: 'A file of entries has not the entries that it should have: too few, too many, or one that is cut off.',
  },
  tile_differs: {
    level: 'L1',
    zh: '所发布的哈希文件与由条目重新计算的结果不同。',
    en: 'A published file of hashes is not the one that follows from the entries.',
  },
  opening_differs: {
    level: 'L1',
    zh: '首个条目不是策略文件所固定的账本开启事件。',
    en: 'The first entry is not the opening of the ledger that the policy pins.',
  },
  opening_missing: {
    level: 'L1',
    zh: '日志是空的，而策略文件固定了它的首个条目。',
    en: 'The log is empty, and the policy pins its first entry.',
  },
  day_ahead: {
    level: 'L1',
    zh: '账本日在见证人的时钟到达之前很久就已开始。',
    en: 'A day was started long before it began, by the clocks of the witnesses.',
  },
  anchor_differs: {
    level: 'L1',
    zh: '指令所引用的检查点不属于本日志的历史。',
    en: 'A command names a checkpoint that is not of this log’s history.',
  },
  ledger_signature_invalid: {
    level: 'L1',
    zh: '账本对该事件的签名无效。',
    en: 'The ledger’s signature on the event does not hold.',
  },
  actor_signature_invalid: {
    level: 'L1',
    zh: '经办人对该指令的签名无效。',
    en: 'The signature of whoever gave the command does not hold.',
  },
  second_signature_invalid: {
    level: 'L1',
    zh: '第二签名人（持券人或复核人）对该指令的签名无效。',
    en: 'The signature of the second party to the command (the holder or the co-signer) does not hold.',
  },
});
