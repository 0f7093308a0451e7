import type { Context } from '../kernel/concept.js';
import type { Fact, FactRequest, Refusal } from '../kernel/decider.js';
import type { FundCommand } from './fund.commands.js';
import type { FundEvent } from './fund.events.js';
import type { FundRefusal } from './fund.refusals.js';
import type { FundState } from './fund.state.js';

/** What a fund must know of a programme; any folded programme has this shape. */
export interface ProgrammeOfFund {
  readonly status: string;
}

/** What a fund must know of a campaign; any folded campaign has this shape. */
export interface CampaignOfFund {
  readonly status: string;
  readonly programme?: string;
  readonly fund?: string;
  readonly terms?: { readonly lastDay: string };
}

/** What a fund must know of a donation; any folded donation has this shape. */
export interface DonationOfFund {
  readonly status: string;
  readonly fund?: string;
  readonly interval?: readonly [number, number];
  readonly refunds?: readonly { readonly refund: string; readonly funds: readonly string[] }[];
  readonly withdrawnAt?: number;
}

/** Facts by name; those that concern one of many carry its id. */
export interface FundFacts {
  readonly context: Context;
  readonly programme?: Fact<ProgrammeOfFund>;
  readonly administrationFund?: Fact<FundState>;
  readonly campaign?: Fact<CampaignOfFund>;
  readonly donation?: Fact<DonationOfFund>;
  readonly [toFund: `toFund:${string}`]: Fact<FundState>;
  readonly [campaign: `campaign:${string}`]: Fact<CampaignOfFund>;
  readonly [donation: `donation:${string}`]: Fact<DonationOfFund>;
}

export type FundDecision = readonly FundEvent[] | Refusal<FundRefusal>;

/**
 * The facts of each command. Closing asks for every fund that was sent money, every campaign with money still
 * committed, and (identifying) every donation with a reservation.
 */
export function fundNeeds(command: FundCommand, state: FundState): readonly FactRequest[] {
  switch (command.type) {
    case 'OpenFund': {
      const { programme, administrationFund } = command.data;
      return [
        ...(programme === undefined ? [] : [{ name: 'programme', stream: `programme-${programme}` }]),
        ...(administrationFund === undefined
          ? []
          : [{ name: 'administrationFund', stream: `fund-${administrationFund}` }]),
      ];
    }
    case 'SendTransfer':
      return [
        toFund(command.data.toFund),
        ...(state.status === 'none' || state.campaign === undefined ? [] : [campaign('campaign', state.campaign)]),
      ];
    case 'FundBatch':
      return [campaign('campaign', command.data.campaign)];
    case 'ReserveRefund':
      return [donation('donation', command.private.donation)];
    case 'ReleaseRefund': {
      const reserved = state.status === 'none' ? undefined : state.reserved[command.data.refund]?.donation;
      return reserved === undefined ? [] : [donation('donation', reserved)];
    }
    case 'CloseFund':
      return state.status === 'open' ? needsOfClosing(state) : [];
    case 'RecordIntake':
    case 'SpendAdministration':
    case 'ReceiveFee':
    case 'ReceiveTransfer':
    case 'ReturnFunds':
    case 'RecoverFunds':
      return [];
  }
}

function needsOfClosing(state: Exclude<FundState, { status: 'none' }>): readonly FactRequest[] {
  const campaigns = new Set(Object.values(state.committed).map((batch) => batch.campaign));
  const donations = new Set(
    Object.values(state.reserved).flatMap(({ donation: id }) => (id === undefined ? [] : [id])),
  );
  return [
    ...Object.keys(state.sentTo).map(toFund),
    ...[...campaigns].map((id) => campaign(`campaign:${id}`, id)),
    ...[...donations].map((id) => donation(`donation:${id}`, id)),
  ];
}

function toFund(id: string): FactRequest {
  return { name: `toFund:${id}`, stream: `fund-${id}` };
}

function campaign(name: string, id: string): FactRequest {
  return { name, stream: `campaign-${id}` };
}

function donation(name: string, id: string): FactRequest {
  return { name, stream: `donation-${id}`, identifying: true };
}
