import type { Concept } from '../kernel/concept.js';
import { settlementCommands, type SettlementCommand } from './settlement.commands.js';
import { settlementEvents, type SettlementEvent } from './settlement.events.js';
import { settlementNeeds, type SettlementDecision, type SettlementFacts } from './settlement.facts.js';
import { approve, dispute, hold, prepare, propose, release } from './settlement.figuring.js';
import { failPayment, instruct, reconcile, recordPayment, returnPayment } from './settlement.payment.js';
import { settlementRefusals, type SettlementRefusal } from './settlement.refusals.js';
import { evolveSettlement, initialSettlement, type SettlementState } from './settlement.state.js';

/** What one merchant is paid for one window of the log. */
export const settlementConcept = {
  category: 'settlement',
  events: settlementEvents,
  commands: settlementCommands,
  refusals: settlementRefusals,
  decider: { initial: initialSettlement, decide: decideSettlement, evolve: evolveSettlement },
  streamOf: (command) => `settlement-${command.data.settlement}`,
  needs: (command, state) => settlementNeeds(command, state),
} satisfies Concept<
  'settlement',
  SettlementState,
  SettlementCommand,
  SettlementFacts,
  SettlementEvent,
  SettlementRefusal
>;

function decideSettlement(
  command: SettlementCommand,
  state: SettlementState,
  facts: SettlementFacts,
): SettlementDecision {
  switch (command.type) {
    case 'ProposeSettlement':
      return propose(command, state);
    case 'PrepareSettlement':
      return prepare(command, state, facts);
    case 'ApproveSettlement':
      return approve(command, state, facts);
    case 'HoldSettlement':
      return hold(command, state, facts);
    case 'ReleaseSettlement':
      return release(command, state, facts);
    case 'InstructPayment':
      return instruct(command, state, facts);
    case 'RecordPayment':
      return recordPayment(command, state, facts);
    case 'FailPayment':
      return failPayment(command, state);
    case 'ReturnPayment':
      return returnPayment(command, state, facts);
    case 'ReconcileSettlement':
      return reconcile(command, state, facts);
    case 'DisputeSettlement':
      return dispute(command, state, facts);
  }
}
