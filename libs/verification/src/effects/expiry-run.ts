import { chunkReturns, MAX_SEGMENTS_PER_EVENT, type Ending, type NumberedEnding } from '@aidtrail/domain';
import { readUuid, uuidOf } from '../replay/uuid.js';
import { Numbers } from './numbers.js';

type Expired = Extract<Ending, { type: 'VoucherExpired' }>;

/** A chunk of a run, and which of its rows are in it. */
export interface ReturnChunk {
  readonly endings: readonly Ending[];
  /** Id of the last ending, under which the chunk comes home. */
  readonly id: string;
  readonly rows: readonly number[];
}

/**
 * The expiries of one batch that one day caused, until they have come home: there may be as many as vouchers, so they are
 * kept in about 80 bytes each. They go home in order of their vouchers' numbers, in chunks as full as they get.
 */
export class ExpiryRun {
  /** Of each expiry: number of the voucher, leaf index, and where its segments and its id begin. */
  private numbers = new Numbers();
  private positions = new Numbers();
  private segmentsAt = new Numbers();
  private segments = new Numbers();
  private ids = new Numbers();
  /** The rows that have not come home, in order of their numbers; what was added since is not in it yet. */
  private order: number[] = [];
  private next = 0;
  private ordered = 0;
  /** Rows that were there when the first chunk went home: the run as whoever cut it may have known it. */
  private whole: number | undefined;
  private readonly key = new Uint32Array(4);

  constructor(private readonly of: { readonly batch: string; readonly fund: string }) {}

  /** How many have not come home. */
  get size(): number {
    return this.order.length - this.next + this.numbers.length - this.ordered;
  }

  add(number: number, { id, position, data }: Pick<Expired, 'id' | 'position' | 'data'>): void {
    this.numbers.push(number);
    this.positions.push(position);
    this.segmentsAt.push(this.segments.length);
    for (const [start, length] of data.segments) {
      this.segments.push(start);
      this.segments.push(length);
    }
    if (!readUuid(id, 0, this.key)) this.key.fill(0);
    for (const word of this.key) this.ids.push(word);
  }

  /**
   * The chunks that may go home next: the first one of what is left or, if another voucher expired while the run was going
   * home, the first one of what was there when it began.
   */
  nextChunks(): readonly ReturnChunk[] {
    this.sort();
    const all = this.firstChunk(Infinity);
    if (this.whole === undefined || this.whole === this.numbers.length) return all;
    return [...all, ...this.firstChunk(this.whole)];
  }

  cameHome({ rows }: ReturnChunk): void {
    this.whole ??= this.numbers.length;
    const first = this.order.slice(this.next, this.next + rows.length);
    if (first.every((row, i) => row === rows[i])) this.next += rows.length;
    else {
      const home = new Set(rows);
      this.order = this.order.slice(this.next).filter((row) => !home.has(row));
      this.next = 0;
    }
    if (this.size === 0) this.forget();
  }

  private firstChunk(before: number): readonly ReturnChunk[] {
    const rows: number[] = [];
    for (let i = this.next; i < this.order.length && rows.length < MAX_SEGMENTS_PER_EVENT; i += 1)
      if ((this.order[i] as number) < before) rows.push(this.order[i] as number);
    const [endings] = chunkReturns(rows.map((row) => this.endingOf(row)));
    if (endings === undefined) return [];
    const inChunk = rows.slice(0, endings.length);
    return [{ endings, rows: inChunk, id: this.idOf(inChunk[inChunk.length - 1] as number) }];
  }

  private idOf(row: number): string {
    for (let i = 0; i < 4; i += 1) this.key[i] = this.ids.at(4 * row + i);
    return uuidOf(this.key);
  }

  /** Without its id, which only that of the last one of a chunk matters of. */

  private endingOf(row: number): NumberedEnding {
    const segments: [number, number][] = [];
    let amountMinor = 0;
    const end = row + 1 < this.segmentsAt.length ? this.segmentsAt.at(row + 1) : this.segments.length;
    for (let at = this.segmentsAt.at(row); at < end; at += 2) {
      segments.push([this.segments.at(at), this.segments.at(at + 1)]);
      amountMinor += this.segments.at(at + 1);
    }
    const data = { ...this.of, amountMinor, segments };
    const event: Expired = { type: 'VoucherExpired', data, id: '', position: this.positions.at(row), day: '' };
    return { number: this.numbers.at(row), event };
  }

  private sort(): void {
    if (this.ordered === this.numbers.length) return;
    const order = this.order.slice(this.next);
    for (let row = this.ordered; row < this.numbers.length; row += 1) order.push(row);
    this.order = order.sort((a, b) => this.numbers.at(a) - this.numbers.at(b) || a - b);
    this.next = 0;
    this.ordered = this.numbers.length;
  }

  private forget(): void {
    this.numbers = new Numbers();
    this.positions = new Numbers();
    this.segmentsAt = new Numbers();
    this.segments = new Numbers();
    this.ids = new Numbers();
    this.order = [];
    this.next = 0;
    this.ordered = 0;
    this.whole = undefined;
  }
}
