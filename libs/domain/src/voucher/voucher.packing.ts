import type { FundingMode } from '../kernel/fields.js';
import type { Packing, PackReader, PackWriter } from '../kernel/packing.js';
import type { Redemption, VoucherState } from './voucher.state.js';

/** About 30 bytes for a voucher that nobody has claimed, 45 more for its holder's key and for each redemption. */
export const voucherPacking: Packing<VoucherState> = { pack: packVoucher, unpack: unpackVoucher };

const STATUSES: readonly VoucherState['status'][] = ['none', 'issued', 'claimed', 'expired', 'cancelled'];
const FUNDING_MODES: readonly FundingMode[] = ['merchant-funded', 'prepaid'];
const FLAGS: readonly boolean[] = [false, true];

function packVoucher(state: VoucherState, writer: PackWriter): void {
  writer.choice(STATUSES, state.status);
  if (state.status === 'none') return;
  writer.name(state.batch);
  writer.name(state.campaign);
  writer.name(state.fund);
  writer.number(state.number);
  writer.interval(state.interval);
  writer.segments(state.unspent);
  writer.list(state.redemptions, packRedemption);
  writer.list(state.formerHolders, packHolder);
  if (state.status === 'claimed') writer.text(state.holder);
}

function unpackVoucher(reader: PackReader): VoucherState {
  const status = reader.choice(STATUSES);
  if (status === 'none') return { status };
  const batch = reader.name();
  const campaign = reader.name();
  const fund = reader.name();
  const number = reader.number();
  const interval = reader.interval();
  const unspent = reader.segments();
  const redemptions = reader.list(unpackRedemption);
  const formerHolders = reader.list(unpackHolder);
  // Plain literals, as in `evolveVoucher`: most of a replay's states pass here.
  return status === 'claimed'
    ? {
        status,
        batch,
        campaign,
        fund,
        number,
        interval,
        unspent,
        redemptions,
        formerHolders,
        holder: reader.text(),
      }
    : { status, batch, campaign, fund, number, interval, unspent, redemptions, formerHolders };
}

function packRedemption(writer: PackWriter, redemption: Redemption): void {
  writer.text(redemption.id);
  writer.number(redemption.position);
  writer.choice(FUNDING_MODES, redemption.fundingMode);
  writer.segments(redemption.segments);
  writer.choice(FLAGS, redemption.merchant !== undefined);
  if (redemption.merchant !== undefined) writer.name(redemption.merchant);
}

function unpackRedemption(reader: PackReader): Redemption {
  const id = reader.text();
  const position = reader.number();
  const fundingMode = reader.choice(FUNDING_MODES);
  const segments = reader.segments();
  return reader.choice(FLAGS)
    ? { id, position, fundingMode, segments, merchant: reader.name() }
    : { id, position, fundingMode, segments };
}

function packHolder(writer: PackWriter, holder: string): void {
  writer.text(holder);
}

function unpackHolder(reader: PackReader): string {
  return reader.text();
}
