import { inBoth } from '../language/words.js';

export const divisionWords = inBoth(
  {
    unnamed: '行政区划',
    how: '区县名称由运营机构提供，只是标签；账本签署的是旁边的行政区划代码（GB/T 2260）。',
  },
  {
    unnamed: 'Division',
    how: 'Names of counties are labels that the operator gives. What the ledger signs is the division code beside them (GB/T 2260).',
  },
);
