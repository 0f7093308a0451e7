import type { Concept, Context } from '../kernel/concept.js';
import { refuse, type Refusal } from '../kernel/decider.js';
import { actingOfficer, twoOfficers } from '../kernel/signers.js';
import type { OfType } from '../kernel/table.js';
import { merchantCommands, type MerchantCommand } from './merchant.commands.js';
import { merchantEvents, type MerchantEvent } from './merchant.events.js';
import { merchantRefusals, type MerchantRefusal } from './merchant.refusals.js';
import { evolveMerchant, MERCHANT_APPROVALS, type MerchantState } from './merchant.state.js';

export interface MerchantFacts {
  readonly context: Context;
}

type Ask<K extends MerchantCommand['type']> = OfType<MerchantCommand, K>;
type Known = Exclude<MerchantState, { status: 'none' }>;
type Decision = readonly MerchantEvent[] | Refusal<MerchantRefusal>;

/** A merchant that takes vouchers: assessed, approved by two officers, suspended by one. */
export const merchantConcept = {
  category: 'merchant',
  events: merchantEvents,
  commands: merchantCommands,
  refusals: merchantRefusals,
  decider: { initial: { status: 'none' }, decide: decideMerchant, evolve: evolveMerchant },
  streamOf: (command) => `merchant-${command.data.merchant}`,
  needs: () => [],
} satisfies Concept<'merchant', MerchantState, MerchantCommand, MerchantFacts, MerchantEvent, MerchantRefusal>;

function decideMerchant(command: MerchantCommand, state: MerchantState, { context }: MerchantFacts): Decision {
  if (command.type === 'ApplyMerchant')
    return state.status === 'none' ? apply(command, actingOfficer(context)) : refuse('merchant_exists');
  if (state.status === 'none') return refuse('merchant_unknown');
  switch (command.type) {
    case 'AssessMerchant':
      return assess(command, state, actingOfficer(context));
    case 'ApproveMerchant':
      return approve(command, state, actingOfficer(context));
    case 'SuspendMerchant':
      return suspend(command, state, actingOfficer(context));
    case 'OpenStore':
      return openStore(command, state);
    case 'CloseStore':
      return closeStore(command, state);
    case 'ChangeBankDetails':
      return changeBankDetails(command, state, context);
  }
}

function apply(command: Ask<'ApplyMerchant'>, officer: string | undefined): Decision {
  const { name, region, bankDigest } = command.data;
  if (officer === undefined) return refuse('officer_missing');
  return [{ type: 'MerchantApplied', data: { name, region, bankDigest, officer }, private: command.private }];
}

function assess(command: Ask<'AssessMerchant'>, state: Known, officer: string | undefined): Decision {
  const { assessor, outcome } = command.data;
  if (officer === undefined) return refuse('officer_missing');
  if (state.assessments[assessor] === outcome) return [];
  return [{ type: 'MerchantAssessed', data: { assessor, outcome, officer } }];
}

function approve({ data }: Ask<'ApproveMerchant'>, state: Known, officer: string | undefined): Decision {
  if (officer === undefined) return refuse('officer_missing');
  if (state.status === 'approved') return state.holdDays === data.holdDays ? [] : refuse('hold_days_differ');
  if (state.approvedBy.includes(officer)) return refuse('approver_repeats');
  const outcomes = Object.values(state.assessments);
  if (!outcomes.includes('suitable')) return refuse('not_assessed');
  if (outcomes.includes('unsuitable')) return refuse('assessed_unsuitable');
  if (state.approvedBy.length > 0 && state.holdDays !== data.holdDays) return refuse('hold_days_differ');
  const approval = state.approvedBy.length + 1;
  return [
    { type: 'MerchantApproved', data: { officer, approval, approvals: MERCHANT_APPROVALS, holdDays: data.holdDays } },
  ];
}

function suspend({ data }: Ask<'SuspendMerchant'>, state: Known, officer: string | undefined): Decision {
  if (officer === undefined) return refuse('officer_missing');
  if (state.status === 'applied') return refuse('merchant_not_approved');
  // A suspension with one new approval is suspended anew, so that this approval does not count any more.
  if (state.status === 'suspended' && state.approvedBy.length === 0) return [];
  return [{ type: 'MerchantSuspended', data: { officer, reason: data.reason } }];
}

function openStore({ data }: Ask<'OpenStore'>, state: Known): Decision {
  const { store, name, kind, region } = data;
  if (state.stores[store] !== undefined) return refuse('store_exists');
  return [{ type: 'StoreOpened', data: { store, name, kind, region } }];
}

function closeStore({ data }: Ask<'CloseStore'>, state: Known): Decision {
  const store = state.stores[data.store];
  if (store === undefined) return refuse('store_unknown');
  return store.status === 'closed' ? [] : [{ type: 'StoreClosed', data: { store: data.store, reason: data.reason } }];
}

function changeBankDetails({ data }: Ask<'ChangeBankDetails'>, state: Known, context: Context): Decision {
  const officers = twoOfficers(context);
  if (officers === undefined) return refuse('second_officer_missing');
  if (state.bankDigest === data.bankDigest) return [];
  return [{ type: 'BankDetailsChanged', data: { bankDigest: data.bankDigest, ...officers } }];
}
