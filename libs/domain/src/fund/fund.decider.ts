import type { Concept } from '../kernel/concept.js';
import { fundCommands, type FundCommand } from './fund.commands.js';
import { fundEvents, type FundEvent } from './fund.events.js';
import { fundNeeds, type FundDecision, type FundFacts } from './fund.facts.js';
import { openFund, receiveFee, recordIntake } from './fund.intake.js';
import { closeFund, fundBatch, sendTransfer, spendAdministration } from './fund.outflow.js';
import { fundRefusals, type FundRefusal } from './fund.refusals.js';
import { receiveTransfer, recoverFunds, releaseRefund, reserveRefund, returnFunds } from './fund.returns.js';
import { evolveFund, initialFund, type FundState } from './fund.state.js';

/** A number line of fen on which every fen that arrives has an address. */
export const fundConcept = {
  category: 'fund',
  events: fundEvents,
  commands: fundCommands,
  refusals: fundRefusals,
  decider: { initial: initialFund, decide: decideFund, evolve: evolveFund },
  streamOf: (command) => `fund-${command.data.fund}`,
  needs: (command, state) => fundNeeds(command, state),
} satisfies Concept<'fund', FundState, FundCommand, FundFacts, FundEvent, FundRefusal>;

function decideFund(command: FundCommand, state: FundState, facts: FundFacts): FundDecision {
  switch (command.type) {
    case 'OpenFund':
      return openFund(command, state, facts);
    case 'RecordIntake':
      return recordIntake(command, state);
    case 'SendTransfer':
      return sendTransfer(command, state, facts);
    case 'ReserveRefund':
      return reserveRefund(command, state, facts);
    case 'ReleaseRefund':
      return releaseRefund(command, state, facts);
    case 'SpendAdministration':
      return spendAdministration(command, state, facts);
    case 'CloseFund':
      return closeFund(command, state, facts);
    case 'ReceiveFee':
      return receiveFee(command, state);
    case 'ReceiveTransfer':
      return receiveTransfer(command, state);
    case 'FundBatch':
      return fundBatch(command, state, facts);
    case 'ReturnFunds':
      return returnFunds(command, state);
    case 'RecoverFunds':
      return recoverFunds(command, state);
  }
}
