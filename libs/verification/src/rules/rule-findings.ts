import { defineFindings } from '../findings/finding-text.js';

/** What can be wrong with one leaf: its form, its signatures, its facts, the rules of its stream. */
export const ruleFindings = defineFindings({
  leaf_malformed: {
    level: 'L1',
    zh: '条目不是规范格式的账本事件。',
    en: 'The entry is not a ledger event in its canonical form.',
  },
  event_malformed: {
    level: 'L1',
    zh: '事件字段不符合该类型的封闭格式。',
    en: 'The fields of the event do not fit the closed schema of its type.',
  },
  command_malformed: {
    level: 'L1',
    zh: '签名指令的字段不符合该类型的封闭格式。',
    en: 'The fields of the signed command do not fit the closed schema of its type.',
  },
  wrong_log: {
    level: 'L1',
    zh: '条目或其指令属于另一个账本。',
    en: 'The leaf, or the command in it, is of another log.',
  },
  wrong_stream: {
    level: 'L1',
    zh: '事件写在不属于它的流中。',
    en: 'The event stands in a stream that is not its own.',
  },
  version_not_next: {
    level: 'L1',
    zh: '事件的版本号不是该流的下一个。',
    en: 'The version of the event is not the next one of its stream.',
  },
  id_used: {
    level: 'L1',
    zh: '事件编号在此之前已经使用过。',
    en: 'An earlier event has the same id.',
  },
  id_not_derived: {
    level: 'L1',
    zh: '事件编号不是由其指令编号推算而来。',
    en: 'The id of the event does not follow from the id of its command.',
  },
  command_repeated: {
    level: 'L1',
    zh: '同一签名指令被使用了两次。',
    en: 'The same signed command was used a second time.',
  },
  command_missing: {
    level: 'L1',
    zh: '该事件须由有权者签名的指令引起，条目中却没有指令。',
    en: 'The event needs a signed command, and the leaf has none.',
  },
  day_wrong: {
    level: 'L1',
    zh: '条目的日期不是账本日历的当前日。',
    en: 'The day of the leaf is not the latest one that the calendar had started.',
  },
  opening_misplaced: {
    level: 'L1',
    zh: '账本的第一个条目不是账本开立事件。',
    en: 'The first leaf does not open the ledger.',
  },
  event_key_wrong: {
    level: 'L1',
    zh: '条目不是由当时有效的账本事件密钥签名。',
    en: 'The leaf is not signed with the event key that the ledger had at this index.',
  },
  not_entitled: {
    level: 'L1',
    zh: '指令的签名人当时无权发出该指令。',
    en: 'Those who signed the command were not entitled to it at this index.',
  },
  fact_missing: {
    level: 'L1',
    zh: '条目没有记录其裁决所依据的另一条流。',
    en: 'The leaf does not name a stream on which its decision must rest.',
  },
  fact_needless: {
    level: 'L1',
    zh: '条目记录了其裁决并不依据的流。',
    en: 'The leaf names a stream on which its decision does not rest.',
  },
  fact_unknown: {
    level: 'L1',
    zh: '条目依据的流版本在当时尚不存在。',
    en: 'The leaf rests on a version of a stream that did not exist yet.',
  },
  stale_fact: {
    level: 'L1',
    zh: '条目依据的流版本早在一万个条目之前就已被取代；签名指令若隔日，则为一千个条目之前。',
    en: 'The leaf rests on a version of a stream that was superseded more than 10,000 leaves before; or, of a signed command, more than 1,000 leaves before and before the previous day.',
  },
  anchor_ahead: {
    level: 'L1',
    zh: '指令引用的检查点比条目所在位置更靠后。',
    en: 'The command names a checkpoint that is larger than the log was at this index.',
  },
  anchor_stale: {
    level: 'L1',
    zh: '指令引用的检查点过旧，签名可能被倒填日期。',
    en: 'The command names a checkpoint so old that it may have been dated back.',
  },
  rule_broken: {
    level: 'L1',
    zh: '按账本规则，该指令本应被拒绝。',
    en: 'By the rules of its stream the ledger had to refuse this.',
  },
  event_differs: {
    level: 'L1',
    zh: '事件内容与按账本规则应得的结果不同。',
    en: 'The event is not what follows from its command by the rules of its stream.',
  },
  events_missing: {
    level: 'L1',
    zh: '同一指令应产生的后续事件没有紧随其后。',
    en: 'Further events of the same command do not follow at once.',
  },
  disclosure_mismatch: {
    level: 'L2',
    zh: '所给的披露内容与条目中的摘要不符。',
    en: 'The disclosures given do not match the digests in the leaf.',
  },
  disclosure_malformed: {
    level: 'L2',
    zh: '披露的字段不符合该类型的封闭格式。',
    en: 'The disclosed fields do not fit the closed schema of the type.',
  },
  disclosure_differs: {
    level: 'L2',
    zh: '披露的内容与按账本规则应得的结果不同。',
    en: 'What is disclosed is not what follows from the command by the rules of its stream.',
  },
});

export type RuleFindingCode = keyof typeof ruleFindings;
