import { inBoth } from '../language/words.js';

export const liveWords = inBoth(
  {
    asOf: (when: string) => `${when} 的状态`,
    unchangedSince: (when: string) => `${when} 的状态，此后没有变化`,
    changed: '去向刚刚更新。',
  },
  {
    asOf: (when: string) => `As of ${when}`,
    unchangedSince: (when: string) => `As of ${when}, and unchanged since`,
    changed: 'Just updated: something became of this gift.',
  },
);
