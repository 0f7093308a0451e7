import { endOf, type FundEvent, type SegmentList } from '@aidtrail/domain';
import { idOf } from '../projector/load.js';
import type { Work } from '../projector/work.js';
import { campaignOfBatch } from './voucher-sums.js';
import type { Projected, Projections } from './projection.js';

export const fundProjections: Projections<FundEvent> = {
  FundOpened(event, work) {
    const { data, day, stream } = event;
    work.funds.put({
      fund: idOf(stream),
      kind: data.kind,
      name: data.name,
      currency: data.currency,
      programme: data.programme ?? null,
      administration_fund: data.administrationFund ?? null,
      fee_basis_points: data.feeBasisPoints,
      status: 'open',
      line_length_minor: 0,
      gross_intake_minor: 0,
      fee_minor: 0,
      fee_in_transit_minor: 0,
      received_minor: 0,
      sent_minor: 0,
      funded_minor: 0,
      returned_minor: 0,
      recovered_minor: 0,
      opened_day: day,
    });
  },

  IntakeReceived({ data, day, position, stream }, work) {
    const fund = fundOf(work, stream);
    fund.line_length_minor += data.interval[1];
    fund.gross_intake_minor += data.grossMinor;
    fund.fee_minor += data.feeMinor;
    fund.fee_in_transit_minor += data.feeMinor;
    work.intakes.put({
      intake: data.intake,
      fund: idOf(stream),
      count: data.count,
      gross_minor: data.grossMinor,
      fee_minor: data.feeMinor,
      fee_basis_points: data.feeBasisPoints,
      administration_fund: data.administrationFund ?? null,
      line_start: data.interval[0],
      net_minor: data.interval[1],
      fee_start: null,
      day,
      position,
    });
  },

  FeeReceived({ data, stream }, work) {
    const fund = fundOf(work, stream);
    fund.line_length_minor += data.amountMinor;
    fund.received_minor += data.amountMinor;
    const from = fundOf(work, `fund-${data.fromFund}`);
    from.fee_in_transit_minor -= data.amountMinor;
    const intake = work.intakes.getOrThrow(data.intake);
    intake.fee_start = data.interval[0];
    work.intakes.put(intake);
  },

  TransferSent(event, work) {
    hold(work, event, { kind: 'transit', reference: event.data.transfer, part: event.data.part });
  },

  TransferReceived(event, work) {
    const { data, position, stream } = event;
    const fund = fundOf(work, stream);
    fund.line_length_minor += data.amountMinor;
    fund.received_minor += data.amountMinor;
    fundOf(work, `fund-${data.fromFund}`).sent_minor += data.amountMinor;
    move(work, event, { kind: 'transfer', fromLine: data.fromFund, toLine: idOf(stream), toStart: data.interval[0] });
    work.afterwards({
      text: `update ${work.schema}.line_holds set kind = 'received'
             where reference = $1 and part = $2 and kind = 'transit' and position < $3`,
      values: [data.transfer, data.part, position],
    });
  },

  BatchFunded(event, work) {
    const { data, day, stream } = event;
    fundOf(work, stream).funded_minor += data.amountMinor;
    const batch = work.batches.getOrThrow(data.batch);
    batch.funded_minor += data.amountMinor;
    if (data.part === data.parts) batch.status = 'funded';
    work.batches.put(batch);
    work.campaignDays.at(data.campaign, day).funded_minor += data.amountMinor;
    move(work, event, { kind: 'batch', fromLine: idOf(stream), toLine: data.batch, toStart: data.offset });
  },

  FundsReturned(event, work) {
    const { data, day, stream } = event;
    const fund = fundOf(work, stream);
    fund.line_length_minor += data.amountMinor;
    fund.returned_minor += data.amountMinor;
    const batch = work.batches.getOrThrow(data.batch);
    batch.returned_minor += data.amountMinor;
    work.batches.put(batch);
    work.campaignDays.at(campaignOfBatch(work, data.batch), day).returned_minor += data.amountMinor;
    move(work, event, { kind: 'return', fromLine: data.batch, toLine: idOf(stream), toStart: data.interval[0] });
  },

  FundsRecovered(event, work) {
    const { data, day, stream } = event;
    const fund = fundOf(work, stream);
    fund.line_length_minor += data.amountMinor;
    fund.recovered_minor += data.amountMinor;
    const batch = work.batches.getOrThrow(data.batch);
    batch.recovered_minor += data.amountMinor;
    work.batches.put(batch);
    work.campaignDays.at(campaignOfBatch(work, data.batch), day).recovered_minor += data.amountMinor;
    move(work, event, { kind: 'recovery', fromLine: data.batch, toLine: idOf(stream), toStart: data.interval[0] });
  },

  RefundReserved(event, work) {
    hold(work, event, { kind: 'reserved', reference: event.data.refund, part: 1 });
  },

  RefundReleased({ data, position, stream }, work) {
    work.afterwards({
      text: `update ${work.schema}.line_holds set kind = 'released'
             where reference = $1 and line = $2 and kind = 'reserved' and position < $3`,
      values: [data.refund, idOf(stream), position],
    });
  },

  AdministrationSpent(event, work) {
    hold(work, event, { kind: 'spent', reference: event.id, part: 1 });
  },

  FundClosed({ stream }, work) {
    fundOf(work, stream).status = 'closed';
  },
};

/** The row of a fund; it is written back, so ask for it only to change it. */
function fundOf(work: Work, stream: string) {
  const fund = work.funds.getOrThrow(idOf(stream));
  work.funds.put(fund);
  return fund;
}

type WithSegments = Extract<FundEvent, { readonly data: { readonly segments: unknown; readonly amountMinor: number } }>;

function hold(
  work: Work,
  { data, position, stream }: Pick<Projected<WithSegments>, 'data' | 'position' | 'stream'>,
  what: { readonly kind: string; readonly reference: string; readonly part: number },
): void {
  const [start, end] = hullOf(data.segments);
  work.lineHolds.push({
    position,
    kind: what.kind,
    line: idOf(stream),
    line_start: start,
    line_end: end,
    reference: what.reference,
    part: what.part,
    amount_minor: data.amountMinor,
    segments: data.segments,
  });
}

function move(
  work: Work,
  { data, position }: Pick<Projected<WithSegments>, 'data' | 'position'>,
  what: { readonly kind: string; readonly fromLine: string; readonly toLine: string; readonly toStart: number },
): void {
  const [start, end] = hullOf(data.segments);
  work.lineMoves.push({
    position,
    kind: what.kind,
    from_line: what.fromLine,
    from_start: start,
    from_end: end,
    to_line: what.toLine,
    to_start: what.toStart,
    total_minor: data.amountMinor,
    segments: data.segments,
  });
}

/** The smallest interval that has all segments, as [start, end). They need not be in order. */
function hullOf(segments: SegmentList): readonly [number, number] {
  let start = Infinity;
  let end = 0;
  for (const segment of segments) {
    start = Math.min(start, segment[0]);
    end = Math.max(end, endOf(segment));
  }
  return [start, end];
}
