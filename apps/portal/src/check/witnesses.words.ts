import { inBoth } from '../language/words.js';

export const witnessWords = inBoth(
  {
    title: '见证方',
    published: (size: string) => `日志已发布 ${size} 条记录`,
    witnessed: (size: string) => `其中 ${size} 条已由足够多的见证方联署`,
    unwitnessed: '还没有达到联署要求的检查点',
    none: '这个账本没有指定见证方。',
    states: { current: '已联署最新检查点', waiting: '等待联署', failing: '暂时没有应答', not_asked: '不在线上询问' },
    same: '没有账本之外的地址，不算独立',
    at: (when: string) => `最近联署 ${when}`,
  },
  {
    title: 'Witnesses',
    published: (size: string) => `${size} entries are published`,
    witnessed: (size: string) => `${size} of them are cosigned by enough witnesses`,
    unwitnessed: 'no checkpoint has enough cosignatures yet',
    none: 'This ledger names no witnesses.',
    states: {
      current: 'has cosigned the newest checkpoint',
      waiting: 'has yet to cosign',
      failing: 'does not answer at the moment',
      not_asked: 'is not asked over the network',
    },
    same: 'no address outside the ledger’s own machines: not independent',
    at: (when: string) => `last cosigned ${when}`,
  },
);
