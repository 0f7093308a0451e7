/** A batch as the trace needs it. */
export interface TracedBatch {
  readonly batch: string;
  readonly campaign: string;
  readonly fund: string;
  readonly count: number;
  /** Fen of the batch line that each voucher holds. */
  readonly voucherLength: number;
  readonly fundingMode: string;
  /** Day of its last voucher; null while some are still to be issued. */
  readonly completedDay: string | null;
}

/** In which states the followed fen of a batch line are, before what has left it is taken off. */
export interface BatchStates {
  issued: number;
  unclaimed: number;
  held: number;
  givenBack: number;
  owed: number;
  /** "merchant|cut-off" → fen. */
  readonly redeemed: Map<string, number>;
  /** "week|category" (category '' = basket unknown) → fen. */
  readonly goods: Map<string, number>;
  /** Target group → issued vouchers that hold or held at least one of the fen. */
  readonly groups: Map<string, number>;
}

/** Adds to a counter in a map; nothing for 0. */
export function add(counters: Map<string, number>, key: string, amount: number): void {
  if (amount !== 0) counters.set(key, (counters.get(key) ?? 0) + amount);
}
