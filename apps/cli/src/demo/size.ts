import type { CampaignName } from './places.js';

/** How many people the story is about; what they do, and what goes wrong, is the same in each size. */
export interface StorySize {
  readonly singleYuanGifts: number;
  readonly giftsForTheFlood: number;
  readonly households: Readonly<Record<CampaignName, number>>;
}

export const wholeStory: StorySize = {
  singleYuanGifts: 5_000,
  giftsForTheFlood: 400,
  households: { preparedness: 120, warning: 80, recovery: 600, second: 30 },
};

/** A fifth of the people, fewer in the second round: it is paid from what came back of the first. */
export const smallStory: StorySize = {
  singleYuanGifts: 1_000,
  giftsForTheFlood: 80,
  households: { preparedness: 24, warning: 16, recovery: 120, second: 4 },
};
