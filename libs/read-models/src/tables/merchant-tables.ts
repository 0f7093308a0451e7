import { defineTable } from './define.js';

const merchants = defineTable(
  'merchants',
  'entity',
  {
    merchant: 'uuid',
    name: 'text',
    region: 'text',
    status: 'text',
    approvals: 'int',
    approvals_needed: 'int',
    hold_days: 'int',
    bank_digest: 'text',
    suspended_reason: 'text?',
    assessments: 'json',
    applied_day: 'date',
  },
  { key: ['merchant'] },
);

const stores = defineTable(
  'stores',
  'entity',
  {
    store: 'uuid',
    merchant: 'uuid',
    name: 'text',
    kind: 'text',
    region: 'text',
    status: 'text',
    opened_day: 'date',
    closed_day: 'date?',
  },
  { key: ['store'], indexes: [['merchant']] },
);

const merchantDays = defineTable(
  'merchant_days',
  'tally',
  {
    merchant: 'uuid',
    store: 'uuid',
    day: 'date',
    redeemed_count: 'bigint',
    redeemed_minor: 'bigint',
    reversed_count: 'bigint',
    reversed_minor: 'bigint',
  },
  { key: ['merchant', 'store', 'day'] },
);

/**
 * What a merchant is owed for a window. `cutoff` is the number of the cut-off that ends or will end it; redemptions and
 * reversals count in the window in which they themselves happened.
 */
const merchantWindows = defineTable(
  'merchant_windows',
  'tally',
  {
    merchant: 'uuid',
    cutoff: 'int',
    funding_mode: 'text',
    redeemed_count: 'bigint',
    gross_minor: 'bigint',
    reversals_minor: 'bigint',
    recoverable_minor: 'bigint',
  },
  { key: ['merchant', 'cutoff', 'funding_mode'] },
);

/** The window of cut-off n is the leaves from `window_from` up to, not including, `window_to`. */
const cutoffs = defineTable(
  'cutoffs',
  'entity',
  { cutoff: 'int', window_from: 'bigint', window_to: 'bigint', day: 'date', position: 'bigint' },
  { key: ['cutoff'] },
);

export const settlements = defineTable(
  'settlements',
  'entity',
  {
    settlement: 'uuid',
    merchant: 'uuid',
    cutoff: 'int',
    window_from: 'bigint',
    window_to: 'bigint',
    funding_mode: 'text',
    status: 'text',
    /** What the status was before the hold; null when it is not held. */
    status_before_hold: 'text?',
    count: 'int',
    gross_minor: 'bigint',
    reversals_minor: 'bigint',
    recoverable_minor: 'bigint',
    withheld_minor: 'bigint',
    released_minor: 'bigint',
    carried_in_minor: 'bigint',
    carried_out_minor: 'bigint',
    recovered_minor: 'bigint',
    withheld_balance_minor: 'bigint',
    recoverable_balance_minor: 'bigint',
    net_minor: 'bigint',
    merchant_name: 'text?',
    prepared_by: 'text?',
    approved_by: 'text?',
    payable_from: 'date?',
    bank_day: 'date?',
    bank_reference: 'text?',
    reason: 'text?',
    changed_day: 'date',
    position: 'bigint',
  },
  { key: ['settlement'], indexes: [['merchant', 'cutoff'], ['cutoff']] },
);

/** Double entry, one row per event that has postings: [account, amountMinor, merchant or ''], which sum to zero. */
const journal = defineTable(
  'journal',
  'log',
  { position: 'bigint', day: 'date', type: 'text', postings: 'json' },
  { key: ['position'] },
);

/** `merchant`: '' for accounts that are not kept by merchant, and where the merchant is not known. */
const accountBalances = defineTable(
  'account_balances',
  'tally',
  { account: 'text', merchant: 'text', balance_minor: 'bigint', posting_count: 'bigint' },
  { key: ['account', 'merchant'] },
);

const periods = defineTable(
  'periods',
  'entity',
  { period: 'text', up_to: 'bigint', balances_digest: 'text', closed_day: 'date', position: 'bigint' },
  { key: ['period'] },
);

const corrections = defineTable(
  'corrections',
  'log',
  {
    position: 'bigint',
    period: 'text',
    subject: 'uuid',
    note_zh: 'text',
    note_en: 'text',
    officer: 'text',
    day: 'date',
  },
  { key: ['position'] },
);

export const merchantTables = {
  merchants,
  stores,
  merchantDays,
  merchantWindows,
  cutoffs,
  settlements,
  journal,
  accountBalances,
  periods,
  corrections,
};
