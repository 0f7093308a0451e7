import { SharedNames, type VoucherState } from '@aidtrail/domain';
import type { Leaf } from '@aidtrail/envelope';
import type { AuditedLeaf, LeafCheck } from '../audit/leaf-check.js';
import { Campaigns } from './campaigns.js';
import { Crowds, type SeenDay } from './crowds.js';
import { OpenDays, type ClosedDay } from './open-days.js';
import type { PrivacySummary, TillPrivacy } from './privacy-summary.js';
import { summaryOfVouchers } from './voucher-summary.js';
import { TillNames } from './till-names.js';
import {
  FOUND_BY_AMOUNT,
  FOUND_BY_COUNTY,
  FOUND_BY_TILL,
  HAS_MONEY_LEFT,
  HELPED,
  VoucherBook,
} from './voucher-book.js';

/**
 * Plays somebody who saw one purchase and looks for it in the public leaves; disclosures are not looked at. What it counts
 * is no fault of the ledger and makes no finding. It takes 24 bytes for each voucher that was claimed or spent, 24 for each
 * redemption of the days that can still get more (52 while such a day is counted), and 32 for each since the last cut-off.
 */
export class PrivacyCheck implements LeafCheck {
  private readonly days = new OpenDays();
  private readonly book = new VoucherBook();
  private readonly campaigns = new Campaigns();
  private readonly tillNames = new TillNames();
  private readonly tills = new SharedNames();
  /** By till. */
  private readonly redemptionsAt: number[] = [];
  private daysCounted = 0;

  private readonly byAmount = new Crowds();
  private readonly byCounty = new Crowds();
  private readonly byTill = new Crowds();

  take(leaf: AuditedLeaf): void {
    for (const day of this.days.closedBefore(leaf.index)) this.count(day);
    const { event } = leaf;
    switch (event.type) {
      case 'LedgerOpened':
        return this.days.start(event.data.openingDay, leaf.index);
      case 'DayStarted':
        return this.days.start(event.data.day, leaf.index);
      case 'CampaignOpened':
        return this.campaigns.open(event.stream.slice('campaign-'.length), event.data);
      case 'CutoffSet':
        return this.tillNames.cutOff(event.data);
      case 'SettlementProposed': {
        const { cutoff, count, grossMinor, fundingMode } = event.data;
        const sums = { cutoff, count, grossMinor, isPrepaid: fundingMode === 'prepaid' };
        return this.tillNames.proposed(event.stream, sums);
      }
      case 'SettlementPrepared':
        if (event.data.merchantName !== undefined) this.tillNames.named(event.stream);
        return;
      default:
        if (event.stream.startsWith('voucher-')) this.takeVoucher(leaf);
    }
  }

  end(): void {
    for (const day of this.days.rest()) this.count(day);
  }

  /** After the end. */
  summary(): PrivacySummary {
    const { redemptions, vouchers, singledOut, campaigns } = summaryOfVouchers(this.book.rows(), this.campaigns);
    return {
      redemptions,
      vouchers,
      byAmount: { crowds: this.byAmount.sizes(), singledOut: singledOut.byAmount },
      byCounty: { crowds: this.byCounty.sizes(), singledOut: singledOut.byCounty },
      byTill: { crowds: this.byTill.sizes(), singledOut: singledOut.byTill },
      tills: this.tillPrivacy(),
      campaigns,
    };
  }

  private takeVoucher({ index, leaf, event, before, after }: AuditedLeaf): void {
    if (event.type === 'VoucherIssued') {
      const { batch, campaign } = event.data;
      return this.book.issue({ batch, campaign: this.campaigns.numberOf(campaign) });
    }
    const state = before.state as VoucherState;
    // Nothing was issued, which an audit finds.
    if (state.status === 'none') return;
    const isSeen = event.type === 'VoucherClaimed' || event.type === 'VoucherRedeemed' || state.redemptions.length > 0;
    if (!isSeen) return;
    const voucher = this.book.numberOf(event.stream, state);
    if (event.type === 'VoucherClaimed' && event.data.channel !== 'self') this.book.flag(voucher, HELPED);
    if (event.type === 'VoucherRedeemed') {
      const { amountMinor, consent, fundingMode } = event.data;
      if (consent === 'assisted') this.book.flag(voucher, HELPED);
      const till = this.tillOf(leaf);
      this.redemptionsAt[till] = (this.redemptionsAt[till] ?? 0) + 1;
      this.days.add(leaf.day, index, { voucher, till, amountMinor });
      this.tillNames.redeemed({ index, till, amountMinor, isPrepaid: fundingMode === 'prepaid' });
    }
    const { unspent } = after.state as Exclude<VoucherState, { status: 'none' }>;
    if (unspent.length > 0) this.book.flag(voucher, HAS_MONEY_LEFT);
    else this.book.unflag(voucher, HAS_MONEY_LEFT);
  }

  /** The key that signed the command stands in the leaf. Without one an audit finds a forged effect: a till of its own. */
  private tillOf({ command }: Leaf): number {
    return this.tills.numberOf('ref' in command ? '' : command.body.key);
  }

  private count({ purchases }: ClosedDay): void {
    const [vouchers, amounts] = [purchases.vouchers(), purchases.amounts()];
    for (const voucher of vouchers) this.book.redeem(voucher, this.daysCounted);
    this.daysCounted += 1;
    const find = (crowds: Crowds, seen: SeenDay['seen'], flag: number): void =>
      crowds.takeDay({ vouchers, seen }, (voucher) => this.book.flag(voucher, flag));
    find(this.byAmount, [amounts], FOUND_BY_AMOUNT);
    const counties = vouchers.map((voucher) => this.campaigns.countyOf(this.book.campaignOf(voucher)));
    find(this.byCounty, [amounts, counties], FOUND_BY_COUNTY);
    find(this.byTill, [amounts, purchases.tills()], FOUND_BY_TILL);
  }

  private tillPrivacy(): TillPrivacy {
    const { fitting, named } = this.tillNames.found();
    return {
      tills: this.redemptionsAt.length,
      fittingOneSettlement: fitting.size,
      namedMerchant: named.size,
      redemptionsAtNamed: [...named].reduce((sum, till) => sum + (this.redemptionsAt[till] ?? 0), 0),
    };
  }
}
