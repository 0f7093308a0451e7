import { defineFindings } from '../findings/finding-text.js';

/** What can be wrong with the public figures. */
export const figuresFindings = defineFindings({
  figures_differ: {
    level: 'L1',
    zh: '账本公布的公开数字，与按截取位置之前的全部条目计算出的不一致。',
    en: 'The public figures that the ledger committed itself to are not those of the leaves before their cut.',
  },
  disclosed_figures_differ: {
    level: 'L2',
    zh: '账本公布的需披露内容才能核算的数字，与计算结果不一致。',
    en: 'Figures for which disclosures are needed are not those of the disclosures before their cut.',
  },
});
