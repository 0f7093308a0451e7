import { defineFindings } from '../findings/finding-text.js';

/** What can be wrong with one leaf: its form, its signatures, its facts, the rules of its stream. */
export const ruleFindings = defineFindings({
  leaf_malformed: {
    level: 'L1',
    zh: '条目不是规范格式的账本事件。',
    en: 'The entry is not a ledger event in its canonical form.',
  },
});
