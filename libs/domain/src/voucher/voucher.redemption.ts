import type { SignerView } from '../kernel/concept.js';
import { refuse, type Refusal } from '../kernel/decider.js';
import { listed, MAX_SEGMENTS_PER_EVENT, subtract, takeLeftmost, totalOf, union } from '../kernel/segments.js';
import type { OfType } from '../kernel/table.js';
import { judgeBasket } from './goods.js';
import type { VoucherCommand } from './voucher.commands.js';
import type { VoucherEvent } from './voucher.events.js';
import type { MerchantOfVoucher, VoucherFacts } from './voucher.facts.js';
import type { VoucherRefusal } from './voucher.refusals.js';
import type { IssuedVoucher, Redemption, VoucherState } from './voucher.state.js';

export type VoucherDecision = readonly VoucherEvent[] | Refusal<VoucherRefusal>;
type Redeem = OfType<VoucherCommand, 'RedeemVoucher'>;

/** Settlements in one of these have sent money to the merchant, or told the bank to. */
const PAID_OUT: ReadonlySet<string> = new Set(['instructed', 'paid', 'returned', 'reconciled']);

export function redeem(command: Redeem, state: VoucherState, facts: VoucherFacts): VoucherDecision {
  const { amountMinor, consent } = command.data;
  const { merchant, store, basket } = command.private;
  const terms = facts.campaign?.state.terms;
  const { day, signers } = facts.context;
  if (state.status === 'none' || terms === undefined) return refuse('voucher_unknown');
  if (state.status === 'cancelled') return refuse('voucher_cancelled');
  if (state.status === 'expired' || day > terms.lastDay) return refuse('voucher_expired');
  if (state.status === 'issued') return refuse('voucher_not_claimed');
  if (day < terms.firstDay) return refuse('voucher_not_yet_valid');
  if (!signers.every((signer) => inScope(signer, state.campaign))) return refuse('out_of_scope');
  const party = refusalOfParty({ till: signers[0], merchant, store }, facts.merchant?.state);
  if (party !== undefined) return refuse(party);
  if (consent === 'assisted' && !terms.assistedAllowed) return refuse('assisted_not_allowed');
  if (!consented(consent, signers[1], state.holder)) return refuse('consent_missing');
  if (amountMinor > (terms.largestRedemptionMinor ?? amountMinor)) return refuse('amount_above_limit');
  const policy = facts.programme?.state.policy;
  if (policy === undefined) return refuse('policy_missing');
  const { verdicts, totalMinor, allowedMinor } = judgeBasket(policy, basket);
  if (amountMinor > totalMinor) return refuse('amount_exceeds_basket');
  if (amountMinor > allowedMinor) return refuse('goods_denied');
  const split = takeLeftmost(state.unspent, amountMinor);
  if (split === undefined) return refuse('insufficient_balance');
  return [
    {
      type: 'VoucherRedeemed',
      data: {
        campaign: state.campaign,
        amountMinor,
        segments: listed(split.taken),
        consent,
        fundingMode: terms.fundingMode,
      },
      private: { merchant, store, policyVersion: policy.policyVersion, verdicts },
    },
  ];
}

/**
 * Takes back the fen that the redemption spent last. They go to the voucher while it can still be spent and the merchant
 * has not been paid; to the fund when the voucher has ended; and once the merchant was paid, the merchant owes them.
 * A redemption whose merchant went with an erased household stays as it is.
 */
export function reverse(
  command: OfType<VoucherCommand, 'ReverseRedemption'>,
  state: VoucherState,
  facts: VoucherFacts,
): VoucherDecision {
  const { redemption: id, amountMinor, reason } = command.data;
  if (state.status === 'none') return refuse('voucher_unknown');
  const redemption = state.redemptions.find((entry) => entry.id === id);
  if (redemption === undefined || !mayReverse(facts.context.signers[0], redemption))
    return refuse('redemption_unknown');
  // Whether the merchant was paid cannot be found out any more: giving the fen back could create money.
  const { merchant } = redemption;
  if (merchant === undefined) return refuse('redemption_erased');
  const kept = takeLeftmost(redemption.segments, totalOf(redemption.segments) - amountMinor);
  if (amountMinor > totalOf(redemption.segments) || kept === undefined) return refuse('reversal_exceeds_redemption');
  const segments = subtract(redemption.segments, kept.taken);
  const to = destination(state, redemption, facts);
  if (to === 'voucher' && union(state.unspent, segments).length > MAX_SEGMENTS_PER_EVENT)
    return refuse('too_fragmented');
  return [
    {
      type: 'RedemptionReversed',
      data: {
        redemption: id,
        batch: state.batch,
        fund: state.fund,
        amountMinor,
        segments: listed(segments),
        to,
        reason,
        fundingMode: redemption.fundingMode,
      },
      private: { merchant },
    },
  ];
}

export function inScope(signer: SignerView, campaign: string): boolean {
  return signer.kind === 'holder' || signer.campaigns === undefined || signer.campaigns.includes(campaign);
}

function refusalOfParty(
  ids: { readonly till: SignerView | undefined; readonly merchant: string; readonly store: string },
  merchant: MerchantOfVoucher | undefined,
): VoucherRefusal | undefined {
  const { till } = ids;
  if (till?.kind !== 'enrolled' || till.organisation !== ids.merchant || till.store !== ids.store)
    return 'till_not_of_store';
  if (merchant?.status !== 'approved') return 'merchant_not_approved';
  if (merchant.stores?.[ids.store]?.status !== 'open') return 'store_not_open';
  return undefined;
}

function consented(consent: Redeem['data']['consent'], second: SignerView | undefined, holder: string): boolean {
  return consent === 'holder'
    ? second?.kind === 'holder' && second.publicKey === holder
    : second?.kind === 'enrolled' && second.role === 'worker';
}

/** Finance may reverse any redemption, a till those of its own merchant. */
function mayReverse(signer: SignerView | undefined, { merchant }: Redemption): boolean {
  if (signer?.kind !== 'enrolled') return false;
  return signer.role === 'finance' || (merchant !== undefined && signer.organisation === merchant);
}

function destination(
  state: IssuedVoucher,
  redemption: Redemption,
  facts: VoucherFacts,
): OfType<VoucherEvent, 'RedemptionReversed'>['data']['to'] {
  const paidOut = redemption.fundingMode === 'merchant-funded' && PAID_OUT.has(facts.settlement?.state.status ?? '');
  if (paidOut) return 'recoverable';
  const lastDay = facts.campaign?.state.terms?.lastDay;
  const ended = state.status === 'expired' || state.status === 'cancelled';
  return ended || lastDay === undefined || facts.context.day > lastDay ? 'fund' : 'voucher';
}
