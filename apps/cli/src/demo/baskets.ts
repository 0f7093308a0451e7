import type { Random } from './random.js';

/** One line of a till's basket; `amountMinor` in fen is what the line costs. */
export interface BasketLine {
  readonly category: string;
  readonly quantity: number;
  readonly amountMinor: number;
}

/** What vouchers pay for. Anything that is on neither list is denied, because it is unknown. */
export const allowedCategories = [
  'staple-food',
  'cooking-oil',
  'meat-and-eggs',
  'vegetables-fruit',
  'drinking-water',
  'infant-care',
  'hygiene',
  'bedding-clothing',
  'household-tools',
  'school-supplies',
] as const;

export const deniedCategories = ['tobacco', 'alcohol', 'health-supplement'] as const;

/** One to four lines of necessities that cost exactly so much. */
export function basketOf(amountMinor: number, random: Random): BasketLine[] {
  const count = amountMinor < 2_000 ? 1 : random.between(1, 4);
  const categories = [...new Set(random.shuffled(SHELF))].slice(0, count);
  let leftMinor = amountMinor;
  return categories.map((category, i) => {
    const linesAfter = count - 1 - i;
    const share = linesAfter === 0 ? leftMinor : random.between(1, leftMinor - linesAfter);
    leftMinor -= share;
    return { category, quantity: random.between(1, 4), amountMinor: share };
  });
}

/** What families buy: the staples more often than the tools. */
const SHELF: readonly (typeof allowedCategories)[number][] = [
  'staple-food',
  'staple-food',
  'staple-food',
  'staple-food',
  'cooking-oil',
  'cooking-oil',
  'meat-and-eggs',
  'meat-and-eggs',
  'vegetables-fruit',
  'vegetables-fruit',
  'hygiene',
  'hygiene',
  'infant-care',
  'infant-care',
  'drinking-water',
  'bedding-clothing',
  'household-tools',
  'school-supplies',
];
