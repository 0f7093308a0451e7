import { defineFindings } from '../findings/finding-text.js';

/** What can be wrong between a cause and the events that must follow from it. */
export const effectFindings = defineFindings({
  effect_without_cause: {
    level: 'L1',
    zh: '事件声称由另一事件引起，但该事件不会引起它。',
    en: 'The event says that another caused it, and that event does not.',
  },
});
