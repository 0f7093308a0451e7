import { merchantTables } from './merchant-tables.js';
import { moneyTables } from './money-tables.js';
import { figureTables } from './figure-tables.js';
import type { Table } from './define.js';
import { voucherTables } from './voucher-tables.js';

export const tables = { ...moneyTables, ...voucherTables, ...merchantTables, ...figureTables };
export type Tables = typeof tables;

/** In the order in which they are digested. */
export const allTables: readonly Table[] = Object.values(tables);

/** Sizes of the aggregates that a donor's trace reads instead of single vouchers. */
export const VOUCHERS_PER_CHUNK = 256;
export const CHUNKS_PER_BLOCK = 64;
export const DONATIONS_PER_CHUNK = 1024;
