import type { SettlementCommand, SettlementState } from '@aidtrail/domain';
import type { JsonObject } from '@aidtrail/envelope';
import { ALL_CHECKED, ASSUMED, idOf, merchantIn, type Asked, type Assumed, type Assumptions } from './assumption.js';

type Ask<T extends SettlementCommand['type']> = Asked<Extract<SettlementCommand, { readonly type: T }>>;

const MERCHANT = ['merchant_unknown'];
const PREPARATION = [
  'merchant_unknown',
  'previous_not_approved',
  'reason_missing',
  'released_exceeds_withheld',
  'withheld_exceeds_due',
];
const PAYMENT = ['merchant_unknown', 'bank_reference_missing'];
const MS_PER_DAY = 86_400_000;

/**
 * Without disclosures a settlement is taken to be of a merchant whose name, days of waiting and bank account are what the
 * leaf needs; the merchant's settlement before it, to be approved with the balances from which the leaf's figures follow.
 */
export const settlementAssumptions: Assumptions = {
  PrepareSettlement: prepare,
  ApproveSettlement: (asked) => {
    const days = (Date.parse(asked.data['payableFrom'] as string) - Date.parse(asked.day)) / MS_PER_DAY;
    const holdDays = Number.isSafeInteger(days) ? Math.min(Math.max(days, 0), 60) : 0;
    return ofMerchant(asked, { status: 'approved', holdDays }, MERCHANT);
  },
  InstructPayment: (asked) =>
    ofMerchant(asked, { bankDigest: asked.disclosed?.all['bankDigest'] ?? ASSUMED }, MERCHANT),
  RecordPayment: (asked) => {
    const known = ofMerchant(asked, {}, MERCHANT);
    if (asked.disclosed !== undefined) return known;
    return { ...known, command: { ...asked.command, private: { bankReference: ASSUMED } }, notChecked: PAYMENT };
  },
  ReturnPayment: (asked) => ofMerchant(asked, {}, MERCHANT),
};

/** The settlement as one of a merchant of this state, if it is not known whose it is. */
function ofMerchant(
  { command, state, signers, disclosed }: Asked<SettlementCommand>,
  merchant: object,
  notChecked: readonly string[],
): Assumed {
  const settlement = state as SettlementState;
  if (isKnown(settlement)) return { command, state, signers, notChecked: ALL_CHECKED };
  const id = merchantIn(disclosed);
  return {
    command,
    state: { ...settlement, merchant: id ?? ASSUMED },
    signers,
    ...(id === undefined ? { facts: { merchant } } : {}),
    notChecked,
  };
}

function prepare(asked: Ask<'PrepareSettlement'>): Assumed {
  const { command, disclosed, data } = asked;
  const { merchantName } = data;
  const known = ofMerchant(asked, { status: 'approved', name: merchantName ?? ASSUMED }, PREPARATION);
  const withReason =
    disclosed === undefined ? { ...known, command: { ...command, private: { reason: ASSUMED } } } : known;
  if (isKnown(asked.state as SettlementState)) return withReason;
  const previous = idOf('settlement-', disclosed);
  const state = { ...(known.state as object), previous: previous ?? ASSUMED };
  if (previous !== undefined) return { ...withReason, state };
  const before = { status: 'approved', adjusted: balancesBefore(data) };
  return { ...withReason, state, facts: { ...known.facts, previous: before } };
}

/** What the merchant's settlement before this one must have left, if the figures of this one are right. */
function balancesBefore(data: JsonObject): object {
  const amount = (name: string): number => data[name] as number;
  const withheld = amount('withheldBalanceMinor') - amount('withheldMinor') + amount('releasedMinor');
  const owed = amount('recoverableBalanceMinor') + amount('recoveredMinor') - amount('recoverableMinor');
  return {
    carriedOutMinor: amount('carriedInMinor'),
    withheldBalanceMinor: Math.max(0, withheld),
    recoverableBalanceMinor: Math.max(0, owed),
  };
}

/** Once its proposal was opened, it is known whose it is, and which one came before. */
function isKnown(settlement: SettlementState): boolean {
  return settlement.status === 'none' || settlement.status === 'held' || settlement.merchant !== undefined;
}
