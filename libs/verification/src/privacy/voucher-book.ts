import { SharedNames } from '@aidtrail/domain';

/** A voucher's place in the book: 0, 1, 2, … */
export type VoucherNumber = number;

/** What is said of a voucher, as bits. */
export const FOUND_BY_AMOUNT = 1;
export const FOUND_BY_COUNTY = 2;
export const FOUND_BY_TILL = 4;
/** It was claimed or spent with the help of somebody whose key stands in the leaf. */
export const HELPED = 8;
export const HAS_MONEY_LEFT = 16;

export interface VoucherRow {
  /** Number of its campaign. */
  readonly campaign: number;
  readonly redemptions: number;
  /** Days with redemptions. */
  readonly days: number;
  readonly flags: number;
}

/** The words of a row: batch, redemptions, days, the last of them (1 more than its number), flags. */
const WIDTH = 5;
const [BATCH_AT, REDEMPTIONS_AT, DAYS_AT, LAST_DAY_AT, FLAGS_AT] = [0, 1, 2, 3, 4] as const;
const ROWS_A_PAGE = 16_384;

/**
 * What is kept of each voucher that was claimed or spent: 20 bytes, and 4 more by which it is found, in memory that the
 * garbage collector need not look into. A voucher is known by its batch and its number in it, so no table of ids is needed.
 */
export class VoucherBook {
  private readonly batchNames = new SharedNames();
  /** By batch: vouchers issued, the number of its campaign, and by number in the batch 1 more than the place in the book. */
  private readonly issued: number[] = [];
  private readonly campaigns: number[] = [];
  private readonly places: Uint32Array[] = [];
  /** Of vouchers whose number is none of their batch's, which an audit finds. */
  private readonly strays = new Map<string, VoucherNumber>();
  private readonly pages: Uint32Array[] = [];
  private count = 0;

  issue({ batch, campaign }: { readonly batch: string; readonly campaign: number }): void {
    const number = this.batchNames.numberOf(batch);
    this.issued[number] = (this.issued[number] ?? 0) + 1;
    this.campaigns[number] ??= campaign;
    this.places[number] ??= new Uint32Array(0);
  }

  /** Opens a row if the voucher has none. It must have been issued. */
  numberOf(stream: string, voucher: { readonly batch: string; readonly number: number }): VoucherNumber {
    const batch = this.batchNames.numberOf(voucher.batch);
    const most = this.issued[batch] ?? 0;
    if (voucher.number >= most) return this.strayOf(stream, batch);
    let places = this.places[batch] as Uint32Array;
    if (voucher.number >= places.length) {
      const larger = new Uint32Array(Math.min(most, Math.max(voucher.number + 1, 2 * places.length)));
      larger.set(places);
      this.places[batch] = places = larger;
    }
    const place = places[voucher.number] as number;
    if (place > 0) return place - 1;
    const number = this.add(batch);
    places[voucher.number] = number + 1;
    return number;
  }

  /** Number of its campaign. */
  campaignOf(voucher: VoucherNumber): number {
    return this.campaigns[this.pageOf(voucher)[wordOf(voucher) + BATCH_AT] as number] as number;
  }

  /** A redemption on a day; the redemptions of a day come one after the other. */
  redeem(voucher: VoucherNumber, day: number): void {
    const page = this.pageOf(voucher);
    const at = wordOf(voucher);
    page[at + REDEMPTIONS_AT] = (page[at + REDEMPTIONS_AT] as number) + 1;
    if (page[at + LAST_DAY_AT] === day + 1) return;
    page[at + LAST_DAY_AT] = day + 1;
    page[at + DAYS_AT] = (page[at + DAYS_AT] as number) + 1;
  }

  flag(voucher: VoucherNumber, flags: number): void {
    const page = this.pageOf(voucher);
    const at = wordOf(voucher) + FLAGS_AT;
    page[at] = (page[at] as number) | flags;
  }

  unflag(voucher: VoucherNumber, flags: number): void {
    const page = this.pageOf(voucher);
    const at = wordOf(voucher) + FLAGS_AT;
    page[at] = (page[at] as number) & ~flags;
  }

  *rows(): Iterable<VoucherRow> {
    for (let voucher = 0; voucher < this.count; voucher += 1) {
      const at = wordOf(voucher);
      const [, redemptions = 0, days = 0, , flags = 0] = this.pageOf(voucher).subarray(at, at + WIDTH);
      yield { campaign: this.campaignOf(voucher), redemptions, days, flags };
    }
  }

  private strayOf(stream: string, batch: number): VoucherNumber {
    const number = this.strays.get(stream) ?? this.add(batch);
    this.strays.set(stream, number);
    return number;
  }

  private add(batch: number): VoucherNumber {
    const number = this.count;
    this.count += 1;
    if (number % ROWS_A_PAGE === 0) this.pages.push(new Uint32Array(WIDTH * ROWS_A_PAGE));
    this.pageOf(number)[wordOf(number) + BATCH_AT] = batch;
    return number;
  }

  private pageOf(voucher: VoucherNumber): Uint32Array {
    return this.pages[Math.floor(voucher / ROWS_A_PAGE)] as Uint32Array;
  }
}

function wordOf(voucher: VoucherNumber): number {
  return WIDTH * (voucher % ROWS_A_PAGE);
}
