import { refuse } from '../kernel/decider.js';
import { amountMinorOrThrow, feeOf, subtractMinor } from '../kernel/money.js';
import type { OfType } from '../kernel/table.js';
import type { FundCommand } from './fund.commands.js';
import type { FundDecision, FundFacts } from './fund.facts.js';
import type { FundState } from './fund.state.js';

/** Far below 2^53, so that money which comes back, and takes new addresses, never meets the end of the line. */
export const LONGEST_LINE_AFTER_INTAKE = 2 ** 50;

/** How a line begins and how money from outside gets on it. */
export function openFund(command: OfType<FundCommand, 'OpenFund'>, state: FundState, facts: FundFacts): FundDecision {
  const { fund: _fund, ...terms } = command.data;
  const administration = facts.administrationFund?.state;
  if (state.status !== 'none') return refuse('fund_exists');
  if (terms.kind === 'administration' && (terms.feeBasisPoints > 0 || terms.administrationFund !== undefined))
    return refuse('administration_has_no_fee');
  if (terms.kind === 'campaign' && terms.programme === undefined) return refuse('programme_missing');
  if (terms.programme !== undefined && facts.programme?.state.status !== 'open') return refuse('programme_not_open');
  if (terms.feeBasisPoints >= 10_000) return refuse('fee_too_high');
  if (terms.feeBasisPoints > 0 && terms.administrationFund === undefined) return refuse('administration_fund_missing');
  if (
    terms.administrationFund !== undefined &&
    (administration?.status !== 'open' || administration.kind !== 'administration')
  )
    return refuse('not_an_administration_fund');
  return [{ type: 'FundOpened', data: terms }];
}

/**
 * The fee is ⌊total · basis points / 10000⌋; as the basis points are below 10000, something always reaches the line.
 * The fee itself is in transit until the administration line has received it (policy `reactToIntake`).
 */
export function recordIntake(command: OfType<FundCommand, 'RecordIntake'>, state: FundState): FundDecision {
  if (state.status === 'none') return refuse('fund_unknown');
  if (state.status === 'closed') return refuse('fund_closed');
  if (state.kind === 'administration') return refuse('administration_takes_fees_only');
  const gross = amountMinorOrThrow(command.data.totalMinor);
  const fee = feeOf(gross, state.feeBasisPoints);
  const net = subtractMinor(gross, fee);
  if (state.lengthMinor + net > LONGEST_LINE_AFTER_INTAKE) return refuse('line_full');
  return [
    {
      type: 'IntakeReceived',
      data: {
        intake: command.id,
        count: command.data.count,
        grossMinor: gross,
        feeMinor: fee,
        feeBasisPoints: state.feeBasisPoints,
        ...(state.administrationFund === undefined ? {} : { administrationFund: state.administrationFund }),
        interval: [state.lengthMinor, net],
        rowsRoot: command.data.rowsRoot,
      },
      private: command.private,
    },
  ];
}

/** Accepted on a closed line as well: the fee has left the donor and must arrive. */
export function receiveFee(command: OfType<FundCommand, 'ReceiveFee'>, state: FundState): FundDecision {
  if (state.status === 'none') return refuse('fund_unknown');
  if (state.kind !== 'administration') return refuse('not_administration');
  const { intake, fromFund, amountMinor } = command.data;
  return [{ type: 'FeeReceived', data: { intake, fromFund, amountMinor, interval: [state.lengthMinor, amountMinor] } }];
}
