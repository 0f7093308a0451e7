import { refuse } from '../kernel/decider.js';
import { actingOfficer } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import { addDays } from './days.js';
import type { SettlementCommand } from './settlement.commands.js';
import type { SettlementDecision, SettlementFacts } from './settlement.facts.js';
import { dueOf, settle } from './settlement.figures.js';
import { approvedBodyOf, type SettlementState } from './settlement.state.js';

/** Up to the approval: proposal, preparation, check, dispute, hold. */
export function propose(
  command: OfType<SettlementCommand, 'ProposeSettlement'>,
  state: SettlementState,
): SettlementDecision {
  const { settlement: _settlement, ...figures } = command.data;
  if (state.status !== 'none') return [];
  return [{ type: 'SettlementProposed', data: figures, private: command.private }];
}

/**
 * The chain of a merchant's settlements carries debts and withheld money forward, so the one before must be approved:
 * its figures do not change any more. The merchant's name is public if at least k redemptions are covered.
 */
export function prepare(
  command: OfType<SettlementCommand, 'PrepareSettlement'>,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  const { withheldMinor, releasedMinor } = command.data;
  const { reason } = command.private;
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('settlement_unknown');
  if (state.status === 'held') return refuse('settlement_held');
  if (state.status !== 'proposed') return refuse('not_proposed');
  if (officer === undefined) return refuse('officer_missing');
  const { merchant, previous, figures } = state;
  const name = facts.merchant?.state.name;
  if (merchant === undefined || name === undefined) return refuse('merchant_unknown');
  const before =
    previous === undefined
      ? { carriedOutMinor: 0, withheldBalanceMinor: 0, recoverableBalanceMinor: 0 }
      : approvedBodyOf(facts.previous?.state ?? { status: 'none' })?.adjusted;
  if (before === undefined) return refuse('previous_not_approved');
  if (withheldMinor > 0 && reason === undefined) return refuse('reason_missing');
  if (releasedMinor > before.withheldBalanceMinor) return refuse('released_exceeds_withheld');
  const input = { ...figures, withheldMinor, releasedMinor, before };
  if (withheldMinor > Math.max(0, dueOf(input))) return refuse('withheld_exceeds_due');
  return [
    {
      type: 'SettlementPrepared',
      data: {
        ...figures,
        ...settle(input),
        ...(figures.count >= facts.context.k ? { merchantName: name } : {}),
        officer,
      },
      private: { merchant, ...(reason === undefined ? {} : { reason }) },
    },
  ];
}

export function approve(
  command: OfType<SettlementCommand, 'ApproveSettlement'>,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('settlement_unknown');
  if (state.status === 'held') return refuse('settlement_held');
  if (state.status !== 'prepared') return refuse('not_prepared');
  if (officer === undefined) return refuse('officer_missing');
  if (officer === state.maker) return refuse('maker_is_checker');
  const holdDays = facts.merchant?.state.holdDays;
  if (holdDays === undefined) return refuse('merchant_unknown');
  if (command.data.netMinor !== state.adjusted.netMinor) return refuse('net_differs');
  const payableFrom = addDays(facts.context.day, holdDays);
  return [{ type: 'SettlementApproved', data: { netMinor: state.adjusted.netMinor, officer, payableFrom } }];
}

export function hold(
  command: OfType<SettlementCommand, 'HoldSettlement'>,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('settlement_unknown');
  if (state.status === 'held') return [];
  if (state.status === 'instructed' || state.status === 'paid' || state.status === 'reconciled')
    return refuse('already_instructed');
  if (officer === undefined) return refuse('officer_missing');
  return [{ type: 'SettlementHeld', data: { officer, reason: command.data.reason } }];
}

export function release(
  command: OfType<SettlementCommand, 'ReleaseSettlement'>,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('settlement_unknown');
  if (state.status !== 'held') return refuse('settlement_not_held');
  if (officer === undefined) return refuse('officer_missing');
  if (officer === state.heldBy) return refuse('same_officer');
  return [{ type: 'SettlementReleased', data: { officer, reason: command.data.reason } }];
}

/** Only before approval: later settlements of the merchant may already build on an approved one. */
export function dispute(
  command: OfType<SettlementCommand, 'DisputeSettlement'>,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('settlement_unknown');
  if (approvedBodyOf(state) !== undefined) return refuse('already_approved');
  if (officer === undefined) return refuse('officer_missing');
  return [{ type: 'SettlementDisputed', data: { officer, reason: command.data.reason } }];
}
