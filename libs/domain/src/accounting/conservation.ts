import { totalOf, type Interval, type SegmentList } from '../kernel/segments.js';
import type { OfType } from '../kernel/table.js';
import type { AnyEvent } from '../schema/tables.js';
import type { VoucherEvent } from '../voucher/voucher.events.js';
import type { BatchLine, ConservationCode, ConservationFinding, SweptEvent } from './findings.js';
import { RunLine, zeroTotals, type FenState, type StateTotals } from './runs.js';

/** Where a voucher lies: in which batch, as `batch-…`, and on which addresses of its line. */
export interface VoucherPlace {
  readonly batch: string;
  readonly interval: Interval;
}

/** The places of all vouchers, by their streams. A `Map` is one; who reads whole logs has a smaller one. */
export interface VoucherPlaces {
  get(stream: string): VoucherPlace | undefined;
  set(stream: string, place: VoucherPlace): unknown;
}

interface Held {
  readonly line: string;
  readonly segments: SegmentList;
  readonly amountMinor: number;
}

/**
 * Follows every fen of every line through the log, from public fields only. Feed it all events in log order; it never
 * throws, collects what is wrong and goes on. One event costs some binary searches, whatever the lines' length.
 */
export class LineSweep {
  readonly findings: ConservationFinding[] = [];
  /** Gross of all intakes, and the part of it that is fee. */
  intakeMinor = 0;
  feesMinor = 0;
  /** Paid to merchants by bank, less what came back. */
  paidMinor = 0;
  readonly batches = new Map<string, BatchLine>();
  private readonly all = zeroTotals();
  private readonly funds = new Map<string, RunLine>();
  private readonly fees = new Map<string, number>();
  private readonly refunds = new Map<string, Held[]>();
  private feesInTransitMinor = 0;
  private position = 0;

  constructor(private readonly vouchers: VoucherPlaces = new Map<string, VoucherPlace>()) {}

  fold(event: SweptEvent): void {
    this.position = event.position;
    switch (event.type) {
      case 'FundOpened':
        if (!this.funds.has(event.stream)) this.funds.set(event.stream, new RunLine(this.all));
        return;
      case 'IntakeReceived':
        return this.intake(event.stream, event.data);
      case 'FeeReceived':
        return this.fee(event.stream, event.data);
      case 'TransferSent':
        this.checkAmount(event.stream, event.data);
        return this.move(event.stream, event.data.segments, 'free', 'in_transit');
      case 'TransferReceived':
        this.checkAmount(event.stream, event.data);
        this.move(`fund-${event.data.fromFund}`, event.data.segments, 'in_transit', 'moved');
        return this.arrive(event.stream, event.data.interval, event.data.amountMinor);
      case 'BatchFunded':
        return this.fundBatch(event.stream, event.data);
      case 'FundsReturned':
      case 'FundsRecovered':
        this.checkAmount(event.stream, event.data);
        this.move(
          `batch-${event.data.batch}`,
          event.data.segments,
          event.type === 'FundsReturned' ? 'in_transit' : 'recoverable',
          'moved',
        );
        return this.arrive(event.stream, event.data.interval, event.data.amountMinor);
      case 'RefundReserved':
        return this.reserve(event.stream, event.data);
      case 'RefundReleased':
        return this.release(event.stream, event.data.refund);
      case 'DonationRefunded':
        return this.refund(event.stream, event.data);
      case 'AdministrationSpent':
        this.checkAmount(event.stream, event.data);
        return this.move(event.stream, event.data.segments, 'free', 'administration_spent');
      case 'FundClosed':
        return this.close(event.stream);
      case 'VoucherIssued':
        return this.issue(event.stream, event.data);
      case 'VoucherRedeemed':
        this.spend(event.stream, event.data, 'issued', 'redeemed');
        return;
      case 'RedemptionReversed':
      case 'VoucherExpired':
      case 'VoucherCancelled':
        return this.end(event.stream, event);
      case 'SettlementPaid':
        if (event.data.fundingMode === 'merchant-funded') this.paidMinor += event.data.netMinor;
        return;
      case 'PaymentReturned':
        if (event.data.fundingMode === 'merchant-funded') this.paidMinor -= event.data.netMinor;
        return;
      default:
        return;
    }
  }

  /**
   * Minor units in each state; a fee on its way is in transit. Without `moved`, and with `issued` counted in `committed`,
   * they sum to `intakeMinor`.
   */
  totals(): Omit<StateTotals, 'moved' | 'issued'> & { readonly outstanding: number } {
    const { moved: _moved, issued, ...states } = this.all;
    return {
      ...states,
      in_transit: states.in_transit + this.feesInTransitMinor,
      committed: states.committed + issued,
      outstanding: issued,
    };
  }

  /** The lines of all funds, by their streams. */
  fundLines(): Iterable<readonly [stream: string, line: RunLine]> {
    return this.funds;
  }

  fundLine(fund: string): RunLine | undefined {
    return this.funds.get(`fund-${fund}`);
  }

  private intake(stream: string, data: OfType<AnyEvent, 'IntakeReceived'>['data']): void {
    const netMinor = data.grossMinor - data.feeMinor;
    this.intakeMinor += data.grossMinor;
    this.feesMinor += data.feeMinor;
    if (data.feeMinor > 0) this.fees.set(data.intake, data.feeMinor);
    this.feesInTransitMinor += data.feeMinor;
    this.arrive(stream, data.interval, netMinor);
  }

  private fee(stream: string, data: OfType<AnyEvent, 'FeeReceived'>['data']): void {
    const due = this.fees.get(data.intake);
    if (due !== data.amountMinor) this.report('fee_not_due', stream, { expected: due ?? 0, actual: data.amountMinor });
    this.fees.delete(data.intake);
    this.feesInTransitMinor -= due ?? 0;
    this.arrive(stream, data.interval, data.amountMinor);
  }

  private fundBatch(stream: string, data: OfType<AnyEvent, 'BatchFunded'>['data']): void {
    this.checkAmount(stream, data);
    this.move(stream, data.segments, 'free', 'moved');
    const name = `batch-${data.batch}`;
    let batch = this.batches.get(name);
    if (batch === undefined) {
      const line = new RunLine(this.all);
      const { fundingMode } = data;
      batch = {
        name,
        fund: stream,
        fundingMode,
        line,
        issuedMinor: 0,
        expiredMinor: 0,
        cancelledMinor: 0,
        reversedMinor: 0,
      };
      this.batches.set(name, batch);
    }
    this.extend(name, batch.line, [data.offset, data.amountMinor], 'committed');
  }

  private issue(stream: string, data: OfType<AnyEvent, 'VoucherIssued'>['data']): void {
    const batch = this.batches.get(`batch-${data.batch}`);
    if (batch === undefined) return this.report('line_unknown', `batch-${data.batch}`, {});
    batch.issuedMinor += data.interval[1];
    this.vouchers.set(stream, { batch: batch.name, interval: data.interval });
    this.change(batch, [data.interval], 'committed', 'issued');
  }

  private spend(
    stream: string,
    data: { readonly segments: SegmentList; readonly amountMinor: number },
    from: FenState,
    to: FenState,
  ): BatchLine | undefined {
    this.checkAmount(stream, data);
    const voucher = this.vouchers.get(stream);
    const batch = voucher && this.batches.get(voucher.batch);
    if (voucher === undefined || batch === undefined) {
      this.report('voucher_unknown', stream, {});
      return undefined;
    }
    const [first, length] = voucher.interval;
    for (const segment of data.segments)
      if (segment[0] < first || segment[0] + segment[1] > first + length)
        this.report('outside_voucher', batch.name, { interval: segment });
    this.change(batch, data.segments, from, to);
    return batch;
  }

  private end(
    stream: string,
    event: OfType<VoucherEvent, 'RedemptionReversed' | 'VoucherExpired' | 'VoucherCancelled'>,
  ): void {
    const { type, data } = event;
    const [from, to] = type === 'RedemptionReversed' ? reversal[data.to] : (['issued', 'in_transit'] as const);
    const batch = this.spend(stream, data, from, to);
    if (batch === undefined) return;
    if (type === 'VoucherExpired') batch.expiredMinor += data.amountMinor;
    else if (type === 'VoucherCancelled') batch.cancelledMinor += data.amountMinor;
    else if (data.to !== 'voucher') batch.reversedMinor += data.amountMinor;
  }

  private reserve(stream: string, data: OfType<AnyEvent, 'RefundReserved'>['data']): void {
    this.checkAmount(stream, data);
    this.move(stream, data.segments, 'free', 'refund_reserved');
    const held = this.refunds.get(data.refund) ?? [];
    held.push({ line: stream, segments: data.segments, amountMinor: data.amountMinor });
    this.refunds.set(data.refund, held);
  }

  private release(stream: string, refund: string): void {
    const held = this.refunds.get(refund) ?? [];
    const mine = held.filter(({ line }) => line === stream);
    if (mine.length === 0) return this.report('refund_unknown', stream, {});
    for (const { segments } of mine) this.move(stream, segments, 'refund_reserved', 'free');
    this.refunds.set(
      refund,
      held.filter(({ line }) => line !== stream),
    );
  }

  /** A refund pays out what its funds reserved under its id. What others did is left, and may be released. */
  private refund(stream: string, data: OfType<AnyEvent, 'DonationRefunded'>['data']): void {
    const lines = new Set(data.funds.map((fund) => `fund-${fund}`));
    const all = this.refunds.get(data.refund) ?? [];
    const held = all.filter(({ line }) => lines.has(line));
    const reservedMinor = held.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    if (held.length === 0) this.report('refund_unknown', stream, {});
    else if (reservedMinor !== data.amountMinor)
      this.report('amount_differs', stream, { expected: reservedMinor, actual: data.amountMinor });
    for (const { line, segments } of held) this.move(line, segments, 'refund_reserved', 'refunded');
    this.refunds.set(
      data.refund,
      all.filter(({ line }) => !lines.has(line)),
    );
  }

  private close(stream: string): void {
    const line = this.funds.get(stream);
    if (line === undefined) return this.report('line_unknown', stream, {});
    const left = unfinished(line.totals) + line.totals.free + line.totals.refund_reserved;
    if (left > 0) this.report('closed_with_money', stream, { expected: 0, actual: left });
    for (const batch of this.batches.values())
      if (batch.fund === stream && unfinished(batch.line.totals) > 0)
        this.report('closed_with_money', batch.name, { expected: 0, actual: unfinished(batch.line.totals) });
  }

  private move(name: string, segments: SegmentList, from: FenState, to: FenState): void {
    const line = this.funds.get(name) ?? this.batches.get(name)?.line;
    if (line === undefined) return this.report('line_unknown', name, {});
    for (const [start, length] of segments) this.changeOne(name, line, { start, length }, from, to);
  }

  private change(batch: BatchLine, segments: SegmentList, from: FenState, to: FenState): void {
    for (const [start, length] of segments) this.changeOne(batch.name, batch.line, { start, length }, from, to);
  }

  private changeOne(
    name: string,
    line: RunLine,
    { start, length }: { readonly start: number; readonly length: number },
    from: FenState,
    to: FenState,
  ): void {
    for (const conflict of line.change(start, length, from, to))
      this.report('wrong_state', name, {
        interval: [conflict.start, conflict.length],
        expected: from,
        actual: conflict.actual ?? 'beyond the line',
      });
  }

  private arrive(stream: string, interval: Interval, amountMinor: number): void {
    const line = this.funds.get(stream);
    if (line === undefined) return this.report('line_unknown', stream, {});
    if (interval[1] !== amountMinor)
      this.report('amount_differs', stream, { interval, expected: amountMinor, actual: interval[1] });
    this.extend(stream, line, interval, 'free');
  }

  /** What arrives takes the addresses at the end of its line, wherever it says that it lies. */
  private extend(name: string, line: RunLine, interval: Interval, state: FenState): void {
    if (interval[0] !== line.length)
      this.report(interval[0] > line.length ? 'line_gap' : 'line_overlap', name, {
        interval,
        expected: line.length,
        actual: interval[0],
      });
    line.append(interval[1], state);
  }

  private checkAmount(
    name: string,
    { segments, amountMinor }: { readonly segments: SegmentList; readonly amountMinor: number },
  ): void {
    const total = segments.length === 1 ? (segments[0] as Interval)[1] : totalOf(segments);
    if (total !== amountMinor) this.report('amount_differs', name, { expected: total, actual: amountMinor });
  }

  private report(
    code: ConservationCode,
    line: string,
    more: Omit<ConservationFinding, 'code' | 'position' | 'line'>,
  ): void {
    this.findings.push({ code, position: this.position, line, ...more });
  }
}

const reversal = {
  voucher: ['redeemed', 'issued'],
  fund: ['redeemed', 'in_transit'],
  recoverable: ['redeemed', 'recoverable'],
} as const;

function unfinished(totals: StateTotals): number {
  return totals.in_transit + totals.committed + totals.issued + totals.recoverable;
}
