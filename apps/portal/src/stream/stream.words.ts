import { inBoth } from '../language/words.js';

export const streamWords = inBoth(
  {
    states: { opening: '正在连接', live: '公布后自动更新', waiting: '连接中断，正在重试' },
    changed: (count: string) => `数字刚刚更新：${count} 处有变化。`,
  },
  {
    states: {
      opening: 'connecting',
      live: 'changes by itself when figures are published',
      waiting: 'connection lost, trying again',
    },
    changed: (count: string) => `Just updated: ${count} ${count === '1' ? 'number' : 'numbers'} changed.`,
  },
);
