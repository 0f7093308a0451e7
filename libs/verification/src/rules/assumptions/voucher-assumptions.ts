import type { GoodsPolicy, SignerView, VoucherCommand, VoucherState } from '@aidtrail/domain';
import { ALL_CHECKED, ASSUMED, merchantIn, type Assumed, type Asked, type Assumptions } from './assumption.js';

type Ask<T extends VoucherCommand['type']> = Asked<Extract<VoucherCommand, { readonly type: T }>>;

const OUT_OF_SCOPE = ['out_of_scope'];
const CLAIM_BY_PROXY = ['out_of_scope', 'proxy_reference_missing'];
const TILL = ['till_not_of_store'];
const REDEMPTION = [
  'out_of_scope',
  'till_not_of_store',
  'merchant_not_approved',
  'store_not_open',
  'amount_exceeds_basket',
  'goods_denied',
];
const REVERSAL = ['redemption_unknown', 'redemption_erased'];
const OPEN_SHOP = { status: 'approved', stores: { [ASSUMED]: { status: 'open' } } };

/**
 * Without disclosures a redemption is taken to be at an approved merchant's open store, by a till of that store, of goods
 * that the policy allows; a reversal, at the merchant of the redemption, which was paid if the leaf says "recoverable";
 * keys, to serve every campaign.
 */
export const voucherAssumptions: Assumptions = {
  ClaimVoucher: (asked) =>
    asked.disclosed === undefined
      ? {
          ...given(asked),
          command: { ...asked.command, private: { time: ASSUMED, proxyReference: ASSUMED } },
          notChecked: asked.command.data.channel === 'proxy' ? CLAIM_BY_PROXY : OUT_OF_SCOPE,
        }
      : { ...given(asked), notChecked: ALL_CHECKED },
  RedeemVoucher: redeem,
  ReverseRedemption: reverse,
  CancelVoucher: scopeOnly,
  ReissueVoucher: scopeOnly,
};

function given({ command, state, signers }: Asked): Pick<Assumed, 'command' | 'state' | 'signers'> {
  return { command, state, signers };
}

function scopeOnly(asked: Asked): Assumed {
  return { ...given(asked), notChecked: asked.disclosed === undefined ? OUT_OF_SCOPE : ALL_CHECKED };
}

function redeem({ command, state, signers, disclosed }: Ask<'RedeemVoucher'>): Assumed {
  if (disclosed !== undefined) {
    const { merchant, store } = command.private;
    const isKnown = signers[0]?.kind !== 'enrolled' || signers[0].organisation !== undefined;
    return isKnown
      ? { command, state, signers, notChecked: ALL_CHECKED }
      : { command, state, signers: ofShop(signers, merchant, store), notChecked: TILL };
  }
  const { type, id, data } = command;
  const shop = { merchant: ASSUMED, store: ASSUMED, time: ASSUMED };
  return {
    command: { type, id, data, private: { ...shop, basket: [] } },
    state,
    signers: ofShop(signers, ASSUMED, ASSUMED),
    facts: { merchant: OPEN_SHOP },
    complete: (facts) => {
      const line = { category: allowedBy(policyIn(facts)), quantity: 1, amountMinor: data.amountMinor };
      return { type, id, data, private: { ...shop, basket: [line] } };
    },
    notChecked: REDEMPTION,
  };
}

/** Of a policy that allows nothing it is public that no basket could have been paid. */
function allowedBy(policy: GoodsPolicy | undefined): string {
  return policy?.rules.find(({ verdict }) => verdict === 'allow')?.category ?? ASSUMED;
}

function policyIn(facts: Readonly<Record<string, unknown>>): GoodsPolicy | undefined {
  return (facts['programme'] as { readonly state: { readonly policy?: GoodsPolicy } } | undefined)?.state.policy;
}

function reverse({ command, state, signers, data, disclosed }: Ask<'ReverseRedemption'>): Assumed {
  const voucher = state as VoucherState;
  const redemption =
    voucher.status === 'none' ? undefined : voucher.redemptions.find(({ id }) => id === command.data.redemption);
  if (voucher.status === 'none' || redemption === undefined || redemption.merchant !== undefined)
    return { command, state, signers, notChecked: ALL_CHECKED };
  const merchant = merchantIn(disclosed) ?? ASSUMED;
  const isPaid = disclosed === undefined && data['to'] === 'recoverable';
  return {
    command,
    state: {
      ...voucher,
      redemptions: voucher.redemptions.map((one) => (one === redemption ? { ...one, merchant } : one)),
    },
    signers: ofShop(signers, merchant, ASSUMED),
    ...(isPaid ? { facts: { settlement: { status: 'paid' } } } : {}),
    notChecked: REVERSAL,
  };
}

/** The actor's key as one of this store. */
function ofShop(signers: readonly SignerView[], organisation: string, store: string): readonly SignerView[] {
  const [actor] = signers;
  if (actor?.kind !== 'enrolled') return signers;
  const { kind, keyId, role, officer, campaigns } = actor;
  const isBare = officer === undefined && campaigns === undefined;
  const placed = isBare ? { kind, keyId, role, organisation, store } : { ...actor, organisation, store };
  return [placed, ...signers.slice(1)];
}
