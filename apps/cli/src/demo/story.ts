import type { Signer } from '@aidtrail/envelope';
import type { Cast } from './cast.js';
import type { CampaignName, MerchantPlan, StorePlan } from './places.js';
import type { StorySize } from './size.js';

/** What has come about so far; acts add to it. */
export interface Story {
  readonly cast: Cast;
  readonly programme: string;
  readonly funds: Funds;
  readonly partner: string;
  readonly merchants: readonly Merchant[];
  readonly campaigns: Map<CampaignName, string>;
  readonly batches: Map<CampaignName, Batch>;
  readonly gifts: Gifts;
  readonly tally: Tally;
  readonly size: StorySize;
}

export interface Funds {
  readonly administration: string;
  readonly general: string;
  readonly preparedness: string;
  readonly warning: string;
  readonly recovery: string;
}

export interface Merchant {
  readonly id: string;
  readonly plan: MerchantPlan;
  readonly stores: readonly Store[];
  suspended: boolean;
}

export interface Store {
  readonly id: string;
  readonly merchant: Merchant;
  readonly plan: StorePlan;
  readonly tills: readonly Signer[];
}

export interface Batch {
  readonly id: string;
  readonly campaign: CampaignName;
  readonly count: number;
  readonly faceMinor: number;
  /** In order of number. */
  readonly vouchers: readonly Voucher[];
}

/** A voucher and what its household means to do with it. */
export interface Voucher {
  readonly id: string;
  readonly number: number;
  /** `老人` as the ledger codes it: `elderly`. */
  readonly group: string;
  /** Undefined until it is claimed, and again while it waits for another claim. */
  holder: Signer | undefined;
  /** What is left on it, by the demo's own count. */
  balanceMinor: number;
  /** Purchases to come, in order of days. */
  purchases: readonly Purchase[];
}

export interface Purchase {
  readonly day: string;
  readonly amountMinor: number;
}

/** A redemption that the ledger has confirmed. */
export interface Redemption {
  /** The id of its event. */
  readonly id: string;
  readonly voucher: Voucher;
  readonly store: Store;
  readonly amountMinor: number;
}

export interface Gifts {
  /** Trace codes of the company's gift and of one of the 1-yuan gifts; empty until they are known. */
  company: string;
  single: string;
  readonly singles: { intake: string };
}

/**
 * The demo's own books, kept by what it did. The ledger's figures are compared with them at the end: two accounts of the
 * same thing, made by different code.
 */
export interface Tally {
  intakeMinor: number;
  donations: number;
  issuedMinor: number;
  issuedCount: number;
  claimedCount: number;
  assistedClaims: number;
  redeemedMinor: number;
  redeemedCount: number;
  assistedRedemptions: number;
  reversedToVoucherMinor: number;
  recoverableMinor: number;
  expiredMinor: number;
  reissuedMinor: number;
  settledMinor: number;
  paidMinor: number;
  refusals: number;
}

export function emptyTally(): Tally {
  return {
    intakeMinor: 0,
    donations: 0,
    issuedMinor: 0,
    issuedCount: 0,
    claimedCount: 0,
    assistedClaims: 0,
    redeemedMinor: 0,
    redeemedCount: 0,
    assistedRedemptions: 0,
    reversedToVoucherMinor: 0,
    recoverableMinor: 0,
    expiredMinor: 0,
    reissuedMinor: 0,
    settledMinor: 0,
    paidMinor: 0,
    refusals: 0,
  };
}
