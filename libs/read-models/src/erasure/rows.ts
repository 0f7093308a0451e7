import type { RowOf } from '../tables/define.js';
import type { redemptions, reversals } from '../tables/voucher-tables.js';

export type RedemptionRow = RowOf<typeof redemptions>;
export type ReversalRow = RowOf<typeof reversals>;
