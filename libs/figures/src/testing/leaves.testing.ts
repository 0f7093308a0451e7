import { createHash } from 'node:crypto';
import type { CountedLeaf } from '../counting/counted-leaf.js';
import { countLeaf } from '../counting/count-leaf.js';
import { openFigures, type FigureState } from '../counting/figure-state.js';

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export interface CampaignForSpecs {
  readonly id: string;
  readonly phase: string;
  readonly region: string;
  readonly assistedAllowed: boolean;
}

/** A log for the counter alone: only the members that it reads are there. */
export class LeavesForSpecs {
  readonly state: FigureState;
  readonly counted: CountedLeaf[] = [];

  constructor(
    k: number,
    readonly campaigns: readonly CampaignForSpecs[],
  ) {
    this.state = openFigures({ log: 'ledger.example/figures', currency: 'CNY', demo: true, k });
    this.take('LedgerOpened', 'ledger-main', { openingDay: '2026-06-01' });
    for (const { id, phase, region, assistedAllowed } of campaigns) {
      const data = { name: `Campaign ${id}`, phase, region, terms: { assistedAllowed } };
      this.take('CampaignOpened', `campaign-${id}`, data);
      this.take('BatchDrafted', `batch-of-${id}`, { campaign: id, faceMinor: 1000 });
    }
  }

  /** Index of the next leaf. */
  get size(): number {
    return this.counted.length;
  }

  take(type: string, stream: string, data: object, disclosed?: object): void {
    const hidden = disclosed === undefined ? {} : { private: disclosed };
    const leaf = { type, stream, data, position: this.size, ...hidden } as unknown as CountedLeaf;
    this.counted.push(leaf);
    countLeaf(this.state, leaf, lookupsForSpecs);
  }

  day(day: string): void {
    this.take('DayStarted', 'calendar-main', { day });
  }

  claim(campaign: string, voucher: number, channel = 'self'): void {
    this.take('VoucherClaimed', voucherStream(campaign, voucher), { channel });
  }

  redeem(sale: SaleForSpecs): void {
    const { campaign, voucher, amountMinor, consent = 'holder', disclosed } = sale;
    this.take('VoucherRedeemed', voucherStream(campaign, voucher), { campaign, amountMinor, consent }, disclosed);
  }

  /** The marker of a cut, after which the next leaf comes. */
  mark(): number {
    this.take('FiguresCut', 'figures-main', {});
    return this.size - 1;
  }
}

export interface SaleForSpecs {
  readonly campaign: string;
  readonly voucher: number;
  readonly amountMinor: number;
  readonly consent?: 'holder' | 'assisted';
  readonly disclosed?: object;
}

/** Voucher 12 of campaign c1 has the stream `voucher-c1x12`. */
function voucherStream(campaign: string, voucher: number): string {
  return `voucher-${campaign}x${voucher}`;
}

export const lookupsForSpecs = {
  batchOf: (voucher: string): string => `of-${voucher.slice(0, voucher.indexOf('x'))}`,
};
