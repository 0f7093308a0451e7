import { inBoth } from '../language/words.js';

export const programmeWords = inBoth(
  {
    title: '项目公开',
    lead: '收了多少、用了多少、还剩多少：每个数字都从公开日志算出，任何人都能重算。',
    none: '这个账本还没有发布公开数字。',
  },
  {
    title: 'The programme in public',
    lead: 'What came in, what was used, what is left: each figure is computed from the public log, and anybody can compute it again.',
    none: 'This ledger has published no figures yet.',
  },
);
