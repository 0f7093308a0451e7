import type { DonationEvent } from '@aidtrail/domain';
import { idOf } from '../projector/load.js';
import { DONATIONS_PER_CHUNK } from '../tables/index.js';
import { ignored, privateAmount, type Projections } from './projection.js';

export const donationProjections: Projections<DonationEvent> = {
  DonationReceived(event, work) {
    const { data, day, position, stream } = event;
    const amount = data.named?.amountMinor ?? privateAmount(event, 'amountMinor');
    const interval = data.named?.interval ?? (event.private?.['interval'] as readonly [number, number] | undefined);
    // A named donation publishes its gross and its net interval, and hence its fee.
    const fee =
      privateAmount(event, 'feeMinor') ?? (amount === undefined ? undefined : amount - (interval ? interval[1] : 0));
    work.donations.put({
      donation: idOf(stream),
      intake: data.intake,
      number: data.number,
      amount_minor: amount ?? null,
      fee_minor: fee ?? null,
      line_start: interval?.[0] ?? null,
      net_minor: interval?.[1] ?? 0,
      name: data.named?.name ?? null,
      refunded_minor: 0,
      receipt_day: null,
      day,
      position,
    });
    if (amount === undefined) return;
    const chunk = work.donationChunks.at(data.intake, Math.floor(data.number / DONATIONS_PER_CHUNK));
    chunk.known_count += 1;
    chunk.gross_minor += amount;
  },

  DonationRefunded({ data, position, stream }, work) {
    const donation = work.donations.getOrThrow(idOf(stream));
    donation.refunded_minor += data.amountMinor;
    work.donations.put(donation);
    work.afterwards({
      text: `update ${work.schema}.line_holds set kind = 'refunded'
             where reference = $1 and line = any($2::uuid[]) and kind = 'reserved' and position < $3`,
      values: [data.refund, data.funds, position],
    });
  },

  /** What was reserved stays so until its fund releases it. */
  RefundsWithdrawn: ignored,

  DonationReceiptIssued({ day, stream }, work) {
    const donation = work.donations.getOrThrow(idOf(stream));
    donation.receipt_day = day;
    work.donations.put(donation);
  },
};
