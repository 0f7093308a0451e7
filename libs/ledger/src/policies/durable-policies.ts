import { expiryPolicy, returnsPolicy } from './ending.policies.js';
import { batchFundingPolicy, issuancePolicy, transferPolicy } from './funding.policies.js';
import { intakePolicy } from './intake.policy.js';
import type { DurablePolicy } from './runner.js';
import { proposalPolicy, recoveryPolicy } from './settlement.policies.js';
import type { PolicyTools } from './tools.js';

/** Everything that must follow from an event, in the order in which several for one event would run. */
export function durablePolicies(tools: PolicyTools): readonly DurablePolicy[] {
  return [
    intakePolicy(tools),
    transferPolicy(tools),
    batchFundingPolicy(tools),
    issuancePolicy(tools),
    expiryPolicy(tools),
    returnsPolicy(tools),
    proposalPolicy(tools),
    recoveryPolicy(tools),
  ];
}
