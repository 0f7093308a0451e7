import type { Packing, PackReader, PackWriter } from '../kernel/packing.js';
import type { DonationState, PaidRefund } from './donation.state.js';

/** Less than 10 bytes for a gift of which only the public part is known. */
export const donationPacking: Packing<DonationState> = { pack: packDonation, unpack: unpackDonation };

const STATUSES: readonly DonationState['status'][] = ['none', 'received'];
const FLAGS: readonly boolean[] = [false, true];

function packDonation(state: DonationState, writer: PackWriter): void {
  writer.choice(STATUSES, state.status);
  if (state.status === 'none') return;
  writer.name(state.intake);
  writer.name(state.fund);
  writer.number(state.number);
  writer.number(state.refundedMinor);
  writer.list(state.refunds, packRefund);
  writer.choice(FLAGS, state.withdrawnAt !== undefined);
  if (state.withdrawnAt !== undefined) writer.number(state.withdrawnAt);
  writer.choice(FLAGS, state.receiptIssued);
  writer.choice(FLAGS, state.amountMinor !== undefined);
  if (state.amountMinor !== undefined) writer.number(state.amountMinor);
  writer.choice(FLAGS, state.interval !== undefined);
  if (state.interval !== undefined) writer.interval(state.interval);
}

function unpackDonation(reader: PackReader): DonationState {
  const status = reader.choice(STATUSES);
  if (status === 'none') return { status };
  return {
    status,
    intake: reader.name(),
    fund: reader.name(),
    number: reader.number(),
    refundedMinor: reader.number(),
    refunds: reader.list(unpackRefund),
    ...(reader.choice(FLAGS) ? { withdrawnAt: reader.number() } : {}),
    receiptIssued: reader.choice(FLAGS),
    ...(reader.choice(FLAGS) ? { amountMinor: reader.number() } : {}),
    ...(reader.choice(FLAGS) ? { interval: reader.interval() } : {}),
  };
}

function packRefund(writer: PackWriter, { refund, funds }: PaidRefund): void {
  writer.text(refund);
  writer.list(funds, packFund);
}

function unpackRefund(reader: PackReader): PaidRefund {
  return { refund: reader.text(), funds: reader.list(unpackFund) };
}

function packFund(writer: PackWriter, fund: string): void {
  writer.name(fund);
}

function unpackFund(reader: PackReader): string {
  return reader.name();
}
