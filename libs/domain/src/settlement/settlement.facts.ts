import type { Context } from '../kernel/concept.js';
import type { Fact, FactRequest, Refusal } from '../kernel/decider.js';
import type { SettlementCommand } from './settlement.commands.js';
import type { SettlementEvent } from './settlement.events.js';
import type { SettlementRefusal } from './settlement.refusals.js';
import type { SettlementState } from './settlement.state.js';

/** What a settlement must know of its merchant; any folded merchant has this shape. */
export interface MerchantOfSettlement {
  readonly status: string;
  readonly name?: string;
  readonly holdDays?: number;
  readonly bankDigest?: string;
}

export interface SettlementFacts {
  readonly context: Context;
  readonly merchant?: Fact<MerchantOfSettlement>;
  readonly previous?: Fact<SettlementState>;
}

export type SettlementDecision = readonly SettlementEvent[] | Refusal<SettlementRefusal>;

/** Both facts identify the merchant, so they are recorded as disclosures. */
export function settlementNeeds(command: SettlementCommand, state: SettlementState): readonly FactRequest[] {
  const body = state.status === 'held' ? state.resume : state;
  if (body.status === 'none') return [];
  const merchant =
    body.merchant === undefined ? [] : [{ name: 'merchant', stream: `merchant-${body.merchant}`, identifying: true }];
  switch (command.type) {
    case 'PrepareSettlement':
      return body.previous === undefined
        ? merchant
        : [...merchant, { name: 'previous', stream: `settlement-${body.previous}`, identifying: true }];
    case 'ApproveSettlement':
    case 'InstructPayment':
      return merchant;
    case 'ProposeSettlement':
    case 'HoldSettlement':
    case 'ReleaseSettlement':
    case 'RecordPayment':
    case 'FailPayment':
    case 'ReturnPayment':
    case 'ReconcileSettlement':
    case 'DisputeSettlement':
      return [];
  }
}
