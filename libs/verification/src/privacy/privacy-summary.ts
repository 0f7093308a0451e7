import type { CrowdSizes } from './crowds.js';

/**
 * What somebody who saw one purchase learns from the public leaves: who knows its day and amount, who knows the county of its
 * campaign as well, and who knows the till as well.
 */
export interface PrivacySummary {
  readonly redemptions: number;
  /** Vouchers with a redemption. */
  readonly vouchers: number;
  readonly byAmount: NeighbourView;
  readonly byCounty: NeighbourView;
  readonly byTill: NeighbourView;
  readonly tills: TillPrivacy;
  /** Campaigns with redemptions, in the order in which they were opened. */
  readonly campaigns: readonly CampaignPrivacy[];
}

export interface NeighbourView {
  /** All redemptions, by the number of vouchers that fit; those that one voucher alone fits are singled out. */
  readonly crowds: CrowdSizes;
  /** Vouchers with a redemption that is singled out, and what their other leaves tell then. */
  readonly singledOut: SingledOut;
}

export interface SingledOut {
  readonly vouchers: number;
  /** Their redemptions beyond one each. */
  readonly otherRedemptions: number;
  readonly withOtherRedemptions: number;
  readonly onSeveralDays: number;
  /** The most redemptions of one of them. */
  readonly mostRedemptions: number;
  /** Claimed with help or through a proxy, or spent with a field worker's consent. */
  readonly helped: number;
  /** With money left at the end of the log. */
  readonly withMoneyLeft: number;
}

export interface TillPrivacy {
  /** Tills that signed a redemption. */
  readonly tills: number;
  /** Whose sums of a window fit one settlement and no other till's do. */
  readonly fittingOneSettlement: number;
  /** Of these, the ones whose settlement gives its merchant away. */
  readonly namedMerchant: number;
  /** Redemptions at the latter. */
  readonly redemptionsAtNamed: number;
}

export interface CampaignPrivacy {
  readonly campaign: string;
  readonly name: string;
  readonly county: string;
  readonly redemptions: number;
  readonly vouchers: number;
  /** Vouchers of the campaign that are singled out. */
  readonly byAmount: number;
  readonly byCounty: number;
  readonly byTill: number;
}
