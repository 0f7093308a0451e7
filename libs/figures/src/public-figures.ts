/**
 * What `GET /public/figures` serves: one publication of the public figures. It is canonical JSON (RFC 8785), and the
 * SHA-256 of exactly these bytes stands in the log as `FiguresPublished`. Money is an integer of minor units of `currency`.
 *
 * Figures that come from vouchers (`claimed`, `redeemed`, `reversed`, `ended`, `returned`) are released in increments, each of
 * at least k different vouchers: such a figure is the exact one at the tree size `asOf`, which may be older than the
 * publication. Everything else is the exact figure at `treeSize`. Where a figure is made of several, as the states of money
 * are, `asOf` is that of the oldest: what is held back counts as not having happened yet, so the states always add up.
 */
export const FIGURES_FORMAT = 'aidtrail-figures';
export const FIGURES_VERSION = 1;

/** L1: anybody can compute it from the public leaves. L2: an auditor can, with disclosures. */
export type FigureLevel = 'L1' | 'L2';

/**
 * Why there is no number. `k`: fewer than k vouchers stand behind it. `dominance`: most of it could be one household's.
 * `complement`: with it, another withheld cell of the same publication could be computed. `differencing`: with it and what
 * was published before, one could.
 */
export type Suppression = 'k' | 'complement' | 'dominance' | 'differencing';

export interface PublicFigures {
  readonly format: typeof FIGURES_FORMAT;
  readonly v: typeof FIGURES_VERSION;
  /** Origin of the log. */
  readonly log: string;
  /** Leaves 0 … treeSize − 1 were counted: the leaf at this index is the FiguresCut. */
  readonly treeSize: number;
  /** The ledger's day at `treeSize`. */
  readonly day: string;
  readonly currency: string;
  /** True where the ledger is a demonstration. */
  readonly demo: boolean;
  /** Digest (base64) of the publication before this one; absent in the first. */
  readonly previous?: string;
  readonly rules: SuppressionRules;
  readonly totals: readonly FigureTotal[];
  readonly breakdowns: readonly Breakdown[];
  readonly settlements: SettlementFigures;
  /** The corrections feed (更正说明), the newest first, at most 50; all of them stand in the log. */
  readonly corrections: readonly PublishedCorrection[];
  readonly privacy: PrivacyFigures;
}

export interface SuppressionRules {
  /** Fewest vouchers behind a cell, and behind what is added to it. */
  readonly k: number;
  /** p-percent rule: the sum without its two largest vouchers is at least p % of the largest. */
  readonly dominancePercent: number;
}

/**
 * The whole ledger. `key` names how it is computed: see `FIGURE_DEFINITIONS`. Each key comes once, in the order of
 * `FIGURE_KEYS`; those of level L2 stand in the second document.
 */
export type FigureTotal = FigureTotalNumber | FigureTotalSuppressed;
interface TotalHead {
  readonly key: FigureKey;
  readonly level: FigureLevel;
  readonly unit: 'minor' | 'count';
}
export interface FigureTotalNumber extends TotalHead {
  readonly value: number;
  /** The tree size at which it was exactly this. */
  readonly asOf: number;
}
export interface FigureTotalSuppressed extends TotalHead {
  readonly suppressed: Suppression;
}

/** The totals, in the order in which they stand. `FIGURE_DEFINITIONS` says how each is computed. */
export const FIGURE_KEYS = [
  // Where the money is: the states sum to receivedMinor.
  'receivedMinor',
  'freeMinor',
  'inTransitMinor',
  'committedMinor',
  'redeemedMinor',
  'recoverableMinor',
  'refundReservedMinor',
  'refundedMinor',
  'spentOnAdministrationMinor',
  // What else is said of money.
  'feeMinor',
  'donationCount',
  'fundedMinor',
  'issuedMinor',
  'issuedCount',
  // Vouchers: released by k.
  'claimedCount',
  'assistedClaimCount',
  'redemptionCount',
  'assistedRedemptionCount',
  'grossRedeemedMinor',
  'reversedCount',
  'reversedMinor',
  'endedCount',
  'returnedMinor',
  // Settlement.
  'paidMinor',
  // Fraud and control.
  'heldSettlementCount',
  'disputedSettlementCount',
  'returnedPaymentCount',
  'suspendedMerchantCount',
  'revokedKeyCount',
  'correctionCount',
  'erasureCount',
] as const;
export type FigureKey = (typeof FIGURE_KEYS)[number];

/** These sum to `receivedMinor`. */
export const MONEY_STATE_KEYS = [
  'freeMinor',
  'inTransitMinor',
  'committedMinor',
  'redeemedMinor',
  'recoverableMinor',
  'refundReservedMinor',
  'refundedMinor',
  'spentOnAdministrationMinor',
] as const satisfies readonly FigureKey[];

export const DIMENSIONS = ['campaign', 'phase', 'county', 'month', 'category', 'merchant'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** One table: what `measure` counts, by `dimension`. Its cells and what is not told apart sum to the total. */
export interface Breakdown {
  /** `redeemed-by-campaign`; also the name of its CSV. */
  readonly name: string;
  readonly dimension: Dimension;
  readonly measure: 'redeemed' | 'claimed';
  readonly level: FigureLevel;
  readonly cells: readonly BreakdownCell[];
  readonly total: CellValues | { readonly suppressed: Suppression };
  /**
   * Total minus the numbers of all cells: what is told of no cell. A cell that is told with others only shows what it was
   * when it was last told apart, and the rest of it is here. Absent where the total is.
   */
  readonly notToldApart?: Omit<CellValues, 'asOf'>;
}

export type BreakdownCell = BreakdownCellShown | BreakdownCellSuppressed;
export interface CellHead {
  /** Campaign or merchant id, phase, region code, YYYY-MM, goods category. */
  readonly cell: string;
  /** Name of a campaign or merchant. */
  readonly label?: string;
}
export interface BreakdownCellShown extends CellHead, CellValues {}
export interface BreakdownCellSuppressed extends CellHead {
  readonly suppressed: Suppression;
}

/** Of claims the amount is 0: a claim moves no money. */
export interface CellValues {
  /** Redemptions or first claims; by goods category, redemptions with such goods in the basket. */
  readonly count: number;
  /** Gross of reversals. */
  readonly amountMinor: number;
  readonly asOf: number;
}

/**
 * Merchants' settlements; a state that covers fewer than k redemptions has no numbers. They move in groups that cover at least
 * k redemptions, and leave as many behind: what may not be told yet counts as not having moved.
 */
export interface SettlementFigures {
  readonly level: FigureLevel;
  readonly byStatus: readonly SettlementLine[];
  /** Days since the cut-off of what is told to be proposed and not to be paid, at `day`. */
  readonly ageing: readonly SettlementAge[];
}
export type SettlementLine = { readonly status: string } & SettlementNumbers;
export type SettlementAge = { readonly fromDays: number; readonly toDays?: number } & SettlementNumbers;
export type SettlementNumbers =
  | { readonly count: number; readonly redemptionCount: number; readonly netMinor: number; readonly asOf: number }
  | { readonly suppressed: Suppression };

export interface PublishedCorrection {
  /** The leaf that published it. */
  readonly index: number;
  /** YYYY-MM of the period. */
  readonly period: string;
  /** Id of the event that it corrects. */
  readonly subject: string;
  readonly noteZh: string;
  readonly noteEn: string;
  readonly officer: string;
  readonly day: string;
}

/**
 * What somebody who saw one purchase, its day and its amount, learns from the public leaves: for how many of all redemptions
 * these fit the purchases of one voucher alone. Of days that had ended, and as old as `asOf`; suppressed below k.
 */
export type PrivacyFigures =
  | {
      readonly level: FigureLevel;
      readonly redemptionCount: number;
      readonly singledOutCount: number;
      readonly asOf: number;
    }
  | { readonly level: FigureLevel; readonly suppressed: Suppression };
