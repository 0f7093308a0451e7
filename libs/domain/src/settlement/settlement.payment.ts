import { refuse } from '../kernel/decider.js';
import { actingOfficer } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import type { SettlementCommand } from './settlement.commands.js';
import type { SettlementDecision, SettlementFacts } from './settlement.facts.js';
import type { SettlementState } from './settlement.state.js';

/** From the approval to the bank statement. */
export function instruct(
  command: OfType<SettlementCommand, 'InstructPayment'>,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('settlement_unknown');
  if (state.status === 'held') return refuse('settlement_held');
  if (state.status === 'instructed' || state.status === 'paid' || state.status === 'reconciled')
    return refuse('already_instructed');
  if (state.status !== 'approved' && state.status !== 'returned') return refuse('not_approved');
  if (officer === undefined) return refuse('officer_missing');
  const bankDigest = facts.merchant?.state.bankDigest;
  if (bankDigest === undefined) return refuse('merchant_unknown');
  if (state.adjusted.netMinor === 0) return refuse('nothing_due');
  if (facts.context.day < state.payableFrom) return refuse('hold_window');
  return [
    {
      type: 'PaymentInstructed',
      data: { netMinor: state.adjusted.netMinor, officer },
      private: { ...command.private, bankDigest },
    },
  ];
}

/**
 * The bank paid what it was told to. A settlement with net 0 needs no instruction: this records that nothing was due, and
 * nets what it recovers. A payment repeated after a return nets nothing, as its first one did.
 */
export function recordPayment(
  command: OfType<SettlementCommand, 'RecordPayment'>,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  const { netMinor, bankDay } = command.data;
  const { bankReference } = command.private;
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('settlement_unknown');
  if (state.status === 'held') return refuse('settlement_held');
  const nothingDue = state.status === 'approved' && state.adjusted.netMinor === 0;
  if (state.status !== 'instructed' && !nothingDue) return refuse('not_instructed');
  if (officer === undefined) return refuse('officer_missing');
  const { merchant, adjusted, figures, merchantName } = state;
  if (merchant === undefined) return refuse('merchant_unknown');
  if (netMinor !== adjusted.netMinor) return refuse('net_differs');
  if (nothingDue && facts.context.day < state.payableFrom) return refuse('hold_window');
  if (bankDay > facts.context.day) return refuse('bank_day_ahead');
  if (netMinor > 0 && bankReference === undefined) return refuse('bank_reference_missing');
  return [
    {
      type: 'SettlementPaid',
      data: {
        ...figures,
        netMinor,
        carriedOutMinor: adjusted.carriedOutMinor,
        recoveredMinor: state.netted ? 0 : adjusted.recoveredMinor,
        bankDay,
        ...(merchantName === undefined ? {} : { merchantName }),
        officer,
      },
      private: { merchant, ...(bankReference === undefined ? {} : { bankReference }) },
    },
  ];
}

export function failPayment(
  command: OfType<SettlementCommand, 'FailPayment'>,
  state: SettlementState,
): SettlementDecision {
  if (state.status === 'none') return refuse('settlement_unknown');
  if (state.status !== 'instructed') return refuse('not_instructed');
  return [
    {
      type: 'PaymentFailed',
      data: { netMinor: state.adjusted.netMinor, reason: command.data.reason },
      private: command.private,
    },
  ];
}

export function returnPayment(
  command: OfType<SettlementCommand, 'ReturnPayment'>,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  const { bankDay } = command.data;
  if (state.status === 'none') return refuse('settlement_unknown');
  if (state.status !== 'paid' && state.status !== 'reconciled') return refuse('not_paid');
  if (state.merchant === undefined) return refuse('merchant_unknown');
  if (state.adjusted.netMinor === 0) return refuse('nothing_due');
  if (bankDay > facts.context.day) return refuse('bank_day_ahead');
  return [
    {
      type: 'PaymentReturned',
      data: {
        netMinor: state.adjusted.netMinor,
        fundingMode: state.figures.fundingMode,
        reason: command.data.reason,
        bankDay,
      },
      private: { merchant: state.merchant, bankReference: command.private.bankReference },
    },
  ];
}

export function reconcile(
  command: OfType<SettlementCommand, 'ReconcileSettlement'>,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  const officer = actingOfficer(facts.context);
  if (state.status === 'none') return refuse('settlement_unknown');
  if (state.status === 'reconciled') return [];
  if (state.status !== 'paid') return refuse('not_paid');
  if (officer === undefined) return refuse('officer_missing');
  if (state.adjusted.netMinor === 0) return refuse('nothing_due');
  return [
    {
      type: 'SettlementReconciled',
      data: { netMinor: state.adjusted.netMinor, officer },
      private: command.private,
    },
  ];
}
