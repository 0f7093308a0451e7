import { inBoth } from './words.js';

/** Words for codes of the ledger. Programmes may have codes of their own: those are shown as they are. */
const codeWords = inBoth(
  {
    preparedness: '日常备灾',
    'early-warning': '灾害预警',
    recovery: '灾后恢复',
    typhoon: '台风',
    flood: '洪水',
    earthquake: '地震',
    drought: '干旱',
    'staple-food': '米面粮食',
    'cooking-oil': '食用油',
    'vegetables-fruit': '蔬菜水果',
    'meat-and-eggs': '肉蛋',
    'drinking-water': '饮用水',
    'infant-care': '婴幼儿用品',
    hygiene: '卫生用品',
    'school-supplies': '学习用品',
    'bedding-clothing': '被褥衣物',
    'household-tools': '家用工具',
    unknown: '未说明',
  },
  {
    preparedness: 'Everyday preparedness',
    'early-warning': 'Early warning',
    recovery: 'Post-disaster recovery',
    typhoon: 'typhoon',
    flood: 'flood',
    earthquake: 'earthquake',
    drought: 'drought',
    'staple-food': 'Staple food',
    'cooking-oil': 'Cooking oil',
    'vegetables-fruit': 'Vegetables and fruit',
    'meat-and-eggs': 'Meat and eggs',
    'drinking-water': 'Drinking water',
    'infant-care': 'Infant care',
    hygiene: 'Hygiene',
    'school-supplies': 'School supplies',
    'bedding-clothing': 'Bedding and clothing',
    'household-tools': 'Household tools',
    unknown: 'Not told',
  },
);

/** Words for target groups, apart from the others: a group and a kind of goods may have one code. */
const groupWords = inBoth(
  {
    elderly: '老年人',
    mother_infant: '母婴',
    women: '妇女',
    children: '儿童',
    disabled: '残障人士',
    general: '普通家庭',
  },
  {
    elderly: 'Older people',
    mother_infant: 'Mothers and infants',
    women: 'Women',
    children: 'Children',
    disabled: 'People with disabilities',
    general: 'Households in general',
  },
);

/** Untrusted: the code may be any text. */
export function wordFor(code: string, language: 'zh' | 'en'): string {
  return wordIn(codeWords[language], code);
}

/** Untrusted: the code may be any text. */
export function groupFor(code: string, language: 'zh' | 'en'): string {
  return wordIn(groupWords[language], code);
}

function wordIn(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] as string) : code;
}
