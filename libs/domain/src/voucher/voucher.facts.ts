import type { Context } from '../kernel/concept.js';
import type { Fact, FactRequest } from '../kernel/decider.js';
import type { FundingMode } from '../kernel/fields.js';
import { keyIdOf } from '../kernel/key-id.js';
import type { CutoffState } from '../cutoff/cutoff.decider.js';
import type { LedgerState } from '../ledger/ledger.decider.js';
import type { GoodsPolicy } from './goods.js';
import type { VoucherCommand } from './voucher.commands.js';
import type { VoucherState } from './voucher.state.js';

/** What a voucher must know of its campaign; any folded campaign has this shape. */
export interface CampaignOfVoucher {
  readonly status: string;
  readonly programme?: string;
  readonly terms?: {
    readonly firstDay: string;
    readonly lastDay: string;
    readonly fundingMode: FundingMode;
    readonly assistedAllowed: boolean;
    readonly largestRedemptionMinor?: number;
  };
}

/** What a voucher must know of its programme; any folded programme has this shape. */
export interface ProgrammeOfVoucher {
  readonly status: string;
  readonly policy?: GoodsPolicy;
}

/** What a voucher must know of the merchant; any folded merchant has this shape. */
export interface MerchantOfVoucher {
  readonly status: string;
  readonly stores?: Readonly<Record<string, { readonly status: string }>>;
}

/** What a voucher must know of the settlement that covers a redemption. */
export interface SettlementOfVoucher {
  readonly status: string;
}

export interface VoucherFacts {
  readonly context: Context;
  readonly campaign?: Fact<CampaignOfVoucher>;
  readonly programme?: Fact<ProgrammeOfVoucher>;
  readonly merchant?: Fact<MerchantOfVoucher>;
  readonly cutoff?: Fact<CutoffState>;
  readonly settlement?: Fact<SettlementOfVoucher>;
  /** For a claim: the stream that the new holder key would have as an actor's, and the ledger's own keys. */
  readonly holderKey?: Fact<{ readonly status: string }>;
  readonly ledger?: Fact<LedgerState>;
}

/**
 * Claims, redemptions, reissues and expiry need the campaign's terms; a claim also whether somebody acts with the holder's
 * key already; a redemption also the goods policy of its programme
 * and (identifying) the merchant. A reversal needs to know whether the merchant has been paid, hence the settlement of
 * the redemption's window. Its id is an HMAC that only the ledger can compute, so the request names the special stream
 * `settlement?redemption=<leaf index>&merchant=<uuid>&mode=<funding mode>`, which the ledger resolves to a settlement
 * stream, or to no fact if that window is still open. It is asked for only if the latest cut-off lies behind the redemption.
 */
export function voucherNeeds(
  command: VoucherCommand,
  state: VoucherState,
  have: Readonly<Record<string, unknown>>,
): readonly FactRequest[] {
  if (state.status === 'none') return [];
  const campaign = { name: 'campaign', stream: `campaign-${state.campaign}` };
  switch (command.type) {
    case 'ClaimVoucher':
      return [
        campaign,
        { name: 'holderKey', stream: `key-${keyIdOf(command.data.holder)}` },
        { name: 'ledger', stream: 'ledger-main' },
      ];
    case 'ReissueVoucher':
    case 'ExpireVoucher':
      return [campaign];
    case 'RedeemVoucher': {
      const programme = (have as Partial<VoucherFacts>).campaign?.state.programme;
      return [
        campaign,
        { name: 'merchant', stream: `merchant-${command.private.merchant}`, identifying: true },
        ...(programme === undefined ? [] : [{ name: 'programme', stream: `programme-${programme}` }]),
      ];
    }
    case 'ReverseRedemption':
      return [
        campaign,
        { name: 'cutoff', stream: 'cutoff-main' },
        ...needsOfPayout(command.data.redemption, state, have),
      ];
    case 'IssueVoucher':
    case 'CancelVoucher':
      return [];
  }
}

function needsOfPayout(
  redemptionId: string,
  state: Exclude<VoucherState, { status: 'none' }>,
  have: Readonly<Record<string, unknown>>,
): readonly FactRequest[] {
  const redemption = state.redemptions.find(({ id }) => id === redemptionId);
  const cutoff = (have as Partial<VoucherFacts>).cutoff?.state;
  if (redemption?.merchant === undefined || redemption.fundingMode !== 'merchant-funded') return [];
  if (cutoff === undefined || cutoff.to <= redemption.position) return [];
  const stream = `settlement?redemption=${redemption.position}&merchant=${redemption.merchant}&mode=${redemption.fundingMode}`;
  return [{ name: 'settlement', stream, identifying: true }];
}
