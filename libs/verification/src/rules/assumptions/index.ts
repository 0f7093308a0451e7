import type { AnyCommand } from '@aidtrail/domain';
import { ALL_CHECKED, type Assume, type Asked, type Assumed, type Assumptions } from './assumption.js';
import { donationAssumptions } from './donation-assumptions.js';
import { fundAssumptions } from './fund-assumptions.js';
import { keyAssumptions } from './key-assumptions.js';
import { settlementAssumptions } from './settlement-assumptions.js';
import { voucherAssumptions } from './voucher-assumptions.js';

export type { Asked, Assumed } from './assumption.js';

/** Commands that are not here are decided on what is public alone; their private fields only pass through. */
const assumptions: Assumptions = {
  ...donationAssumptions,
  ...fundAssumptions,
  ...keyAssumptions,
  ...settlementAssumptions,
  ...voucherAssumptions,
};

/** Puts into a decision what only disclosures tell, and says which refusals that leaves unchecked. */
export function assume(asked: Asked): Assumed {
  // Each assumption is looked up under the type of the command that it is given.
  const own = assumptions[asked.command.type] as Assume<AnyCommand> | undefined;
  if (own !== undefined) return own(asked);
  const { command, state, signers } = asked;
  return { command, state, signers, notChecked: ALL_CHECKED };
}
