import type { PublishedCorrection } from '../public-figures.js';
import { openPrivacyCounter, type PrivacyCounter } from '../privacy-count.js';
import { openFamily, type Family, type FamilyParts } from '../release/family.js';
import type { ReleaseRules } from '../release/tally.js';
import type { LeafOf } from './leaf-of.js';
import type { SettlementBook } from './settlement-book.js';

/** What LedgerOpened says for good. */
export interface FigureSetting {
  /** Origin of the log. */
  readonly log: string;
  readonly currency: string;
  readonly demo: boolean;
  readonly k: number;
}

/** Part of the format: the same for every ledger. */
const DOMINANCE_PERCENT = 10;

/**
 * Everything that a publication needs and the leaves told so far, small and plain JSON: it may be written down after any
 * leaf and read again. Secret until told: it holds what is held back.
 */
export interface FigureState {
  readonly setting: Omit<FigureSetting, 'k'>;
  readonly rules: ReleaseRules;
  /** The ledger's day. */
  day: string;
  /** Digest (base64) of the last publication. */
  previous?: string;
  /** What the documents of the last publication said, in short: see `newsOf`. */
  said?: string;
  saidDisclosed?: string;
  readonly exact: ExactCounters;
  readonly families: Record<FamilyName, Family>;
  readonly campaigns: Record<string, CountedCampaign>;
  readonly batches: Record<string, CountedBatch>;
  /** Names, by their ids. */
  readonly merchants: Record<string, string>;
  /** Where what is set aside for refunds lies: by refund and fund. */
  readonly reserved: Record<string, Record<string, number>>;
  /** Vouchers that were reissued and not yet claimed again: their next claim reaches no further household. */
  readonly reissued: Record<string, true>;
  readonly suspended: Record<string, true>;
  readonly settlements: SettlementBook;
  /** The newest first. */
  corrections: readonly PublishedCorrection[];
  /**
   * Whether all redemptions so far were disclosed. If one was not, there is no second document any more: what is missing was
   * erased, and would be told by subtracting a document without it from one that had it. See `forgetDisclosures`.
   */
  isDisclosed: boolean;
  readonly privacy: PrivacyCounter;
}

/** What is told at once: no voucher can be seen in it. */
export interface ExactCounters {
  grossMinor: number;
  feeMinor: number;
  feeArrivedMinor: number;
  sentMinor: number;
  arrivedMinor: number;
  refundReservedMinor: number;
  refundedMinor: number;
  spentOnAdministrationMinor: number;
  donationCount: number;
  fundedMinor: number;
  issuedMinor: number;
  issuedCount: number;
  returnedPaymentCount: number;
  revokedKeyCount: number;
  correctionCount: number;
}

/** The share is that of vouchers claimed or redeemed with help. */
const FAMILIES = {
  claims: { dimensions: ['campaign'], hasShare: true },
  redemptions: { dimensions: ['campaign', 'merchant', 'category'], hasShare: true },
  reversals: { dimensions: ['to'], hasShare: false },
  endings: { dimensions: [], hasShare: false },
  returns: { dimensions: ['from'], hasShare: false },
} as const satisfies Record<string, FamilyParts>;
export type FamilyName = keyof typeof FAMILIES;

export interface CountedCampaign {
  readonly name: string;
  readonly phase: string;
  readonly region: string;
  readonly assistedAllowed: boolean;
}

export interface CountedBatch {
  readonly campaign: string;
  /** Fen of the batch line that each voucher has. */
  readonly voucherLength: number;
}

/** The state that a ledger's figures begin with, from the data of its LedgerOpened. */
export function figuresOfLedger(opened: LeafOf<'LedgerOpened'>['data']): FigureState {
  const { currency, demo = false, k, origin: log } = opened;
  return openFigures({ log, currency, demo, k });
}

export function openFigures(setting: FigureSetting): FigureState {
  const { log, currency, demo, k } = setting;
  const families = Object.entries(FAMILIES).map(([name, parts]) => [name, openFamily(parts)]);
  return {
    setting: { log, currency, demo },
    rules: { k, dominancePercent: DOMINANCE_PERCENT },
    day: '',
    exact: {
      grossMinor: 0,
      feeMinor: 0,
      feeArrivedMinor: 0,
      sentMinor: 0,
      arrivedMinor: 0,
      refundReservedMinor: 0,
      refundedMinor: 0,
      spentOnAdministrationMinor: 0,
      donationCount: 0,
      fundedMinor: 0,
      issuedMinor: 0,
      issuedCount: 0,
      returnedPaymentCount: 0,
      revokedKeyCount: 0,
      correctionCount: 0,
    },
    families: Object.fromEntries(families) as Record<FamilyName, Family>,
    campaigns: {},
    batches: {},
    merchants: {},
    reserved: {},
    reissued: {},
    suspended: {},
    settlements: { open: {}, windows: {}, told: {}, classes: 0 },
    corrections: [],
    isDisclosed: true,
    privacy: openPrivacyCounter(),
  };
}

/**
 * Forgets all that disclosures of redemptions said, for good. To be called when one of them was erased: a counter that begins
 * again from the first leaf does the same at the first redemption that is not disclosed any more.
 */
export function forgetDisclosures(state: FigureState): void {
  const { dimensions } = state.families.redemptions;
  state.isDisclosed = false;
  Reflect.deleteProperty(state, 'saidDisclosed');
  for (const name of DISCLOSED_DIMENSIONS) Reflect.deleteProperty(dimensions, name);
}

const DISCLOSED_DIMENSIONS = ['merchant', 'category'] as const;
