import type { Translated } from '../language/words.js';
import type { Campaign } from './campaigns.js';
import type { giftWords } from './gift.words.js';
import type { Way } from './ways.js';

export type NameOf = (way: Way) => string;
export type Money = (minor: number | bigint) => string;

/** What a way is called: a fund or a campaign by its own name, all else by what it is. */
export function namerOf(
  words: Pick<Translated<typeof giftWords.zh>, 'ways' | 'campaign'>,
  campaigns: ReadonlyMap<string, Campaign>,
): NameOf {
  return ({ kind, name }) => {
    if (kind === 'fund' && name !== undefined) return name;
    if (kind === 'campaign') return campaigns.get(name ?? '')?.name ?? words.campaign.unnamed;
    return words.ways[kind];
  };
}
