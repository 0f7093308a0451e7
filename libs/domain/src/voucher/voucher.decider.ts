import type { Concept } from '../kernel/concept.js';
import { refuse } from '../kernel/decider.js';
import type { OfType } from '../kernel/table.js';
import { listed } from '../kernel/segments.js';
import { officerOf } from '../kernel/signers.js';
import { isLedgerKey } from '../ledger/ledger.decider.js';
import { voucherCommands, type VoucherCommand } from './voucher.commands.js';
import { voucherEvents, type VoucherEvent } from './voucher.events.js';
import { voucherNeeds, type VoucherFacts } from './voucher.facts.js';
import { voucherPacking } from './voucher.packing.js';
import { inScope, redeem, reverse, type VoucherDecision } from './voucher.redemption.js';
import { voucherRefusals, type VoucherRefusal } from './voucher.refusals.js';
import { balanceOf, evolveVoucher, initialVoucher, type VoucherState } from './voucher.state.js';

/** A relief voucher (赈济券) from issue to its end. */
export const voucherConcept = {
  category: 'voucher',
  events: voucherEvents,
  commands: voucherCommands,
  refusals: voucherRefusals,
  decider: { initial: initialVoucher, decide: decideVoucher, evolve: evolveVoucher },
  packing: voucherPacking,
  streamOf: (command) => `voucher-${command.data.voucher}`,
  needs: voucherNeeds,
} satisfies Concept<'voucher', VoucherState, VoucherCommand, VoucherFacts, VoucherEvent, VoucherRefusal>;

function decideVoucher(command: VoucherCommand, state: VoucherState, facts: VoucherFacts): VoucherDecision {
  switch (command.type) {
    case 'IssueVoucher':
      return issue(command, state);
    case 'ClaimVoucher':
      return claim(command, state, facts);
    case 'RedeemVoucher':
      return redeem(command, state, facts);
    case 'ReverseRedemption':
      return reverse(command, state, facts);
    case 'ExpireVoucher':
      return expire(state, facts);
    case 'CancelVoucher':
      return cancel(command, state, facts);
    case 'ReissueVoucher':
      return reissue(command, state, facts);
  }
}

/** Policy command; repeated after a crash it finds the voucher issued. */
function issue(command: OfType<VoucherCommand, 'IssueVoucher'>, state: VoucherState): VoucherDecision {
  if (state.status !== 'none') return [];
  const { batch, campaign, fund, number, commitment, faceMinor } = command.data;
  return [
    {
      type: 'VoucherIssued',
      data: { batch, campaign, fund, number, commitment, interval: [number * faceMinor, faceMinor] },
      private: command.private,
    },
  ];
}

function claim(
  command: OfType<VoucherCommand, 'ClaimVoucher'>,
  state: VoucherState,
  facts: VoucherFacts,
): VoucherDecision {
  const { holder, channel } = command.data;
  const [actor, second] = facts.context.signers;
  const terms = facts.campaign?.state.terms;
  if (state.status === 'none' || terms === undefined) return refuse('voucher_unknown');
  if (state.status === 'cancelled') return refuse('voucher_cancelled');
  if (state.status === 'expired' || facts.context.day > terms.lastDay) return refuse('voucher_expired');
  if (state.status === 'claimed') return state.holder === holder ? [] : refuse('already_claimed');
  if (actor === undefined || !inScope(actor, state.campaign)) return refuse('out_of_scope');
  if (channel === 'assisted' && (actor.kind !== 'enrolled' || actor.role !== 'worker'))
    return refuse('worker_required');
  if (channel === 'proxy' && command.private.proxyReference === undefined) return refuse('proxy_reference_missing');
  if (second?.kind !== 'holder' || second.publicKey !== holder) return refuse('holder_proof_missing');
  if (state.formerHolders.includes(holder)) return refuse('holder_key_used');
  if (isActorsKey(holder, facts)) return refuse('holder_key_enrolled');
  return [{ type: 'VoucherClaimed', data: { holder, channel }, private: command.private }];
}

/** Whether the key was proposed for a role, once held one, or is or was a root's or the ledger's. */
function isActorsKey(holder: string, { holderKey, ledger }: VoucherFacts): boolean {
  if (holderKey !== undefined && holderKey.state.status !== 'none') return true;
  return ledger !== undefined && ledger.state.status !== 'none' && isLedgerKey(ledger.state, holder);
}

/**
 * Policy command. Nothing unspent: nothing to give back, hence no event. Refused if the campaign was extended between the
 * start of the day and this effect.
 */
function expire(state: VoucherState, facts: VoucherFacts): VoucherDecision {
  const lastDay = facts.campaign?.state.terms?.lastDay;
  if (state.status === 'none' || lastDay === undefined) return refuse('voucher_unknown');
  if (state.status === 'cancelled' || state.status === 'expired') return [];
  if (facts.context.day <= lastDay) return refuse('voucher_not_over');
  if (state.unspent.length === 0) return [];
  return [
    {
      type: 'VoucherExpired',
      data: {
        batch: state.batch,
        fund: state.fund,
        amountMinor: balanceOf(state),
        segments: listed(state.unspent),
      },
    },
  ];
}

function cancel(
  command: OfType<VoucherCommand, 'CancelVoucher'>,
  state: VoucherState,
  facts: VoucherFacts,
): VoucherDecision {
  const actor = facts.context.signers[0];
  const officer = officerOf(actor);
  if (state.status === 'none') return refuse('voucher_unknown');
  if (state.status === 'cancelled') return [];
  if (state.status === 'expired') return refuse('voucher_expired');
  if (actor !== undefined && !inScope(actor, state.campaign)) return refuse('out_of_scope');
  if (officer === undefined) return refuse('officer_missing');
  return [
    {
      type: 'VoucherCancelled',
      data: {
        batch: state.batch,
        fund: state.fund,
        amountMinor: balanceOf(state),
        segments: listed(state.unspent),
        reason: command.data.reason,
        officer,
      },
    },
  ];
}

function reissue(
  command: OfType<VoucherCommand, 'ReissueVoucher'>,
  state: VoucherState,
  facts: VoucherFacts,
): VoucherDecision {
  const actor = facts.context.signers[0];
  const terms = facts.campaign?.state.terms;
  if (state.status === 'none' || terms === undefined) return refuse('voucher_unknown');
  if (state.status === 'cancelled') return refuse('voucher_cancelled');
  if (state.status === 'expired' || facts.context.day > terms.lastDay) return refuse('voucher_expired');
  if (state.status === 'issued') return refuse('voucher_not_claimed');
  if (actor === undefined || !inScope(actor, state.campaign)) return refuse('out_of_scope');
  return [{ type: 'VoucherReissued', data: { reason: command.data.reason, formerHolder: state.holder } }];
}
