import type { System } from '../system/system.js';

/** A request as far as it can be known before its body is read. Untrusted. */
export interface RequestPlace {
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/**
 * Whether all that the route shows or does for this request lies within these campaigns; `false` for what there is not.
 */
export type WithinCampaigns = (
  system: System,
  request: RequestPlace,
  campaigns: readonly string[],
) => Promise<boolean> | boolean;

/** What a route is to a key that is limited to some campaigns. Each route that takes a session says it. */
export type CampaignLimit =
  /** It shows or does what goes beyond single campaigns: not for such a key. */
  | 'whole-ledger'
  /** The campaign stands in the body, which is read later: the handler asks `requireCampaign` before anything else. */
  | 'campaign-in-body'
  | WithinCampaigns;
