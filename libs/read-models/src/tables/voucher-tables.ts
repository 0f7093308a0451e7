import { defineTable } from './define.js';

/** Stands for a merchant or store whose name went with an erased person's key. */
export const ERASED = '00000000-0000-0000-0000-000000000000';

/** Stands for a target group that went with an erased person's key; a voucher issued after the erasure says so itself. */
export const ERASED_GROUP = 'erased';

const programmes = defineTable(
  'programmes',
  'entity',
  { programme: 'uuid', name: 'text', status: 'text', policy_version: 'int', opened_day: 'date', closed_day: 'date?' },
  { key: ['programme'] },
);

const campaigns = defineTable(
  'campaigns',
  'entity',
  {
    campaign: 'uuid',
    programme: 'uuid',
    fund: 'uuid',
    name: 'text',
    phase: 'text',
    hazard: 'text',
    region: 'text',
    purpose: 'text',
    first_day: 'date',
    last_day: 'date',
    funding_mode: 'text',
    assisted_allowed: 'bool',
    status: 'text',
    opened_day: 'date',
  },
  { key: ['campaign'], indexes: [['programme'], ['fund']] },
);

/** What happened in a campaign, day by day. Counts are of vouchers, redemptions or reversals. */
const campaignDays = defineTable(
  'campaign_days',
  'tally',
  {
    campaign: 'uuid',
    day: 'date',
    funded_minor: 'bigint',
    issued_count: 'bigint',
    issued_minor: 'bigint',
    claimed_count: 'bigint',
    /** First claims: households reached. */
    household_count: 'bigint',
    assisted_claim_count: 'bigint',
    redeemed_count: 'bigint',
    redeemed_minor: 'bigint',
    assisted_redemption_count: 'bigint',
    reversed_count: 'bigint',
    /** Reversals by where the fen went. */
    reversed_to_voucher_minor: 'bigint',
    reversed_to_fund_minor: 'bigint',
    reversed_recoverable_minor: 'bigint',
    expired_count: 'bigint',
    expired_minor: 'bigint',
    cancelled_count: 'bigint',
    cancelled_minor: 'bigint',
    reissued_count: 'bigint',
    returned_minor: 'bigint',
    recovered_minor: 'bigint',
  },
  { key: ['campaign', 'day'] },
);

export const batches = defineTable(
  'batches',
  'entity',
  {
    batch: 'uuid',
    campaign: 'uuid',
    fund: 'uuid',
    count: 'int',
    face_minor: 'bigint',
    total_minor: 'bigint',
    status: 'text',
    approvals: 'int',
    approvals_needed: 'int',
    drafted_by: 'text?',
    refusal: 'text?',
    funded_minor: 'bigint',
    returned_minor: 'bigint',
    recovered_minor: 'bigint',
    issued_count: 'int',
    claimed_count: 'int',
    ended_count: 'int',
    unclaimed_minor: 'bigint',
    held_minor: 'bigint',
    redeemed_minor: 'bigint',
    given_back_minor: 'bigint',
    owed_minor: 'bigint',
    drafted_day: 'date',
    completed_day: 'date?',
    position: 'bigint',
  },
  { key: ['batch'], indexes: [['campaign']] },
);

/**
 * Sums over the vouchers of a batch in blocks of `CHUNKS_PER_BLOCK` chunks of `VOUCHERS_PER_CHUNK`; `up_to_chunk[i]` is
 * the running sum to the end of chunk i of the block, so any range of chunks is one subtraction; beyond the array's end
 * it is the total. Measures in minor units: unclaimed, held (claimed, unspent), given_back (expired, cancelled or
 * reversed to the fund), owed (reversed after payout), redeemed (item = merchant, cutoff = window), goods (item =
 * category, cutoff = the week's number). Counts of vouchers: issued; group (item = target group).
 */
export const batchSums = defineTable(
  'batch_sums',
  'sums',
  {
    batch: 'uuid',
    block: 'int',
    measure: 'text',
    item: 'text',
    cutoff: 'int',
    total: 'bigint',
    up_to_chunk: 'bigint[]',
  },
  { key: ['batch', 'block', 'measure', 'item', 'cutoff'] },
);

/** `unspent + redeemed + given back + owed` is the face value. `redeemed_minor` is net of reversals. */
export const vouchers = defineTable(
  'vouchers',
  'entity',
  {
    voucher: 'uuid',
    batch: 'uuid',
    number: 'int',
    target_group: 'text',
    face_minor: 'bigint',
    status: 'text',
    unspent_minor: 'bigint',
    redeemed_minor: 'bigint',
    given_back_minor: 'bigint',
    owed_minor: 'bigint',
    reissues: 'int',
    claim_channel: 'text?',
    issued_day: 'date',
    claimed_day: 'date?',
    ended_day: 'date?',
  },
  { key: ['voucher'], indexes: [['batch', 'number']] },
);

/** `goods`: [category, amount] in basket order, sharing out the amount; `reversed`: [start, length, to]. */
export const redemptions = defineTable(
  'redemptions',
  'entity',
  {
    redemption: 'uuid',
    position: 'bigint',
    batch: 'uuid',
    number: 'int',
    merchant: 'uuid',
    store: 'uuid',
    funding_mode: 'text',
    consent: 'text',
    amount_minor: 'bigint',
    reversed_minor: 'bigint',
    segments: 'json',
    goods: 'json?',
    reversed: 'json?',
    day: 'date',
    time: 'text?',
  },
  {
    key: ['position'],
    indexes: [
      ['batch', 'number'],
      ['merchant', 'position'],
    ],
  },
);

export const reversals = defineTable(
  'reversals',
  'entity',
  {
    position: 'bigint',
    redemption: 'uuid',
    batch: 'uuid',
    number: 'int',
    merchant: 'uuid',
    funding_mode: 'text',
    amount_minor: 'bigint',
    goes_to: 'text',
    reason: 'text',
    day: 'date',
  },
  {
    key: ['position'],
    indexes: [
      ['batch', 'number'],
      ['merchant', 'position'],
    ],
  },
);

export const voucherTables = {
  programmes,
  campaigns,
  campaignDays,
  batches,
  batchSums,
  vouchers,
  redemptions,
  reversals,
};
