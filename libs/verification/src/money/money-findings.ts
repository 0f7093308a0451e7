import { defineFindings } from '../findings/finding-text.js';

/** What can be wrong with the money: addresses of fen, windows, settlements, the trial balance. */
export const moneyFindings = defineFindings({
  wrong_state: {
    level: 'L1',
    zh: '有若干分所处的状态与该事件所说的不同。',
    en: 'Some fen are in another state than the one from which the event moves them.',
  },
});
