export const SETTLEMENT_STATUSES = [
  'proposed',
  'disputed',
  'prepared',
  'approved',
  'held',
  'instructed',
  'payment-failed',
  'paid',
  'payment-returned',
  'reconciled',
] as const;
export type SettlementStatus = (typeof SETTLEMENT_STATUSES)[number];

/** Settlements that are not reconciled, or not yet told to be. Plain JSON. */
export interface SettlementBook {
  readonly open: Record<string, OpenSettlement>;
  /** Day of the latest cut-offs, by their numbers. */
  readonly windows: Record<string, string>;
  /** What was told of each status, and of reconciled settlements that are not kept any more. */
  readonly told: Partial<Record<SettlementStatus, { asOf: number }>>;
  /** Number of the newest class. */
  classes: number;
  /** Reconciled and told: not kept one by one. */
  closed?: SettlementSum;
}

export interface SettlementSum {
  count: number;
  redemptionCount: number;
  netMinor: number;
}

export interface OpenSettlement {
  status: SettlementStatus;
  /** Goes on here when a hold is lifted. */
  resume?: SettlementStatus;
  /** The day of its cut-off. */
  day: string;
  redemptionCount: number;
  netMinor: number;
  /** True if it is one of `closed`, whose payment came back. */
  again?: true;
  /** As it was last told. Settlements of one class were always told as one sum. */
  told?: { status: SettlementStatus; netMinor: number; class: number; day: string };
}
