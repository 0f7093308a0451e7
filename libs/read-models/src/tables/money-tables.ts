import { defineTable } from './define.js';

/** Totals of a fund's line; what is held is summed from `line_holds`, what its batches became from `batches`. */
const funds = defineTable(
  'funds',
  'entity',
  {
    fund: 'uuid',
    kind: 'text',
    name: 'text',
    currency: 'text',
    programme: 'uuid?',
    administration_fund: 'uuid?',
    fee_basis_points: 'int',
    status: 'text',
    line_length_minor: 'bigint',
    gross_intake_minor: 'bigint',
    fee_minor: 'bigint',
    fee_in_transit_minor: 'bigint',
    received_minor: 'bigint',
    sent_minor: 'bigint',
    funded_minor: 'bigint',
    returned_minor: 'bigint',
    recovered_minor: 'bigint',
    opened_day: 'date',
  },
  { key: ['fund'] },
);

const intakes = defineTable(
  'intakes',
  'entity',
  {
    intake: 'uuid',
    fund: 'uuid',
    count: 'int',
    gross_minor: 'bigint',
    fee_minor: 'bigint',
    fee_basis_points: 'int',
    administration_fund: 'uuid?',
    line_start: 'bigint',
    net_minor: 'bigint',
    /** Address of the fee on the administration line; null while it is in transit. */
    fee_start: 'bigint?',
    day: 'date',
    position: 'bigint',
  },
  { key: ['intake'] },
);

/** A donation whose amount is null was erased, or its disclosures could not be read. */
const donations = defineTable(
  'donations',
  'entity',
  {
    donation: 'uuid',
    intake: 'uuid',
    number: 'int',
    amount_minor: 'bigint?',
    fee_minor: 'bigint?',
    line_start: 'bigint?',
    net_minor: 'bigint',
    name: 'text?',
    refunded_minor: 'bigint',
    receipt_day: 'date?',
    day: 'date',
    position: 'bigint',
  },
  { key: ['donation'], indexes: [['intake', 'number']] },
);

/** Gross of `DONATIONS_PER_CHUNK` donations at a time: the running gross before a donation, without reading a million. */
const donationChunks = defineTable(
  'donation_chunks',
  'tally',
  { intake: 'uuid', chunk: 'int', known_count: 'bigint', gross_minor: 'bigint' },
  { key: ['intake', 'chunk'] },
);

/**
 * Where do the fen of a line go? One row per event: the pieces `segments` of `from_line`, within
 * [from_start, from_end), lie one after another from `to_start` on the line `to_line`.
 */
const lineMoves = defineTable(
  'line_moves',
  'log',
  {
    position: 'bigint',
    kind: 'text',
    from_line: 'uuid',
    from_start: 'bigint',
    from_end: 'bigint',
    to_line: 'uuid',
    to_start: 'bigint',
    total_minor: 'bigint',
    segments: 'json',
  },
  { key: ['position'], indexes: [['from_line', 'from_start']] },
);

/**
 * What keeps fen of a line from being free without moving them? `kind`: transit, received, reserved, released,
 * refunded or spent; `reference` is the transfer, the refund or the spending event.
 */
const lineHolds = defineTable(
  'line_holds',
  'log',
  {
    position: 'bigint',
    kind: 'text',
    line: 'uuid',
    line_start: 'bigint',
    line_end: 'bigint',
    reference: 'uuid',
    part: 'int',
    amount_minor: 'bigint',
    segments: 'json',
  },
  { key: ['position'], indexes: [['line', 'line_start'], ['reference']] },
);

export const moneyTables = { funds, intakes, donations, donationChunks, lineMoves, lineHolds };
