import { addToCell } from '../release/dimension.js';
import { countPurchase } from '../privacy-count.js';
import { addToFamily, dimensionOf } from '../release/family.js';
import type { FigureLookups } from './counted-leaf.js';
import { categoryCells, merchantCell, NOT_DISCLOSED } from './disclosed-cells.js';
import { forgetDisclosures, type FigureState } from './figure-state.js';
import { idOf, type LeafOf } from './leaf-of.js';

type VoucherLeaf = LeafOf<
  | 'VoucherIssued'
  | 'VoucherClaimed'
  | 'VoucherReissued'
  | 'VoucherRedeemed'
  | 'RedemptionReversed'
  | 'VoucherExpired'
  | 'VoucherCancelled'
  | 'FundsReturned'
  | 'FundsRecovered'
>;

/** What happens to vouchers: told in increments of at least k of them. */
export function countVoucher(state: FigureState, leaf: VoucherLeaf, lookups: FigureLookups): void {
  switch (leaf.type) {
    case 'VoucherIssued':
      state.exact.issuedCount += 1;
      state.exact.issuedMinor += leaf.data.interval[1];
      return;
    case 'VoucherClaimed':
      return claim(state, leaf, lookups);
    case 'VoucherReissued':
      state.reissued[idOf(leaf.stream)] = true;
      return;
    case 'VoucherRedeemed':
      return redeem(state, leaf);
    case 'RedemptionReversed':
      return reverse(state, leaf);
    case 'VoucherExpired':
    case 'VoucherCancelled':
      return end(state, leaf);
    case 'FundsReturned':
    case 'FundsRecovered':
      return giveBack(state, leaf);
  }
}

/** A voucher counts by the beginning of its id: that fewer are told apart than there are errs on the safe side. */
function voucherOf(stream: string): string {
  const id = idOf(stream);
  return id.slice(0, id.indexOf('-') < 0 ? undefined : id.indexOf('-'));
}

/** First claims only: a household that lost its voucher is reached once. */
function claim(state: FigureState, { data, stream }: LeafOf<'VoucherClaimed'>, lookups: FigureLookups): void {
  const voucher = idOf(stream);
  if (state.reissued[voucher] === true) {
    Reflect.deleteProperty(state.reissued, voucher);
    return;
  }
  const batch = state.batches[lookups.batchOf(voucher) ?? ''];
  if (batch === undefined) return;
  const share = data.channel === 'self' ? 'company' : 'part';
  const increment = { voucher: voucherOf(stream), count: 1, amountMinor: 0 };
  addToFamily(state.families.claims, { ...increment, cells: { campaign: batch.campaign }, share }, state.rules.k);
}

function redeem(state: FigureState, leaf: LeafOf<'VoucherRedeemed'>): void {
  const { k } = state.rules;
  const { campaign, consent, amountMinor } = leaf.data;
  const { redemptions } = state.families;
  const voucher = voucherOf(leaf.stream);
  // Where the campaign allows no worker's consent everybody knows that none was given: those households are no company.
  const couldBe = state.campaigns[campaign]?.assistedAllowed === true ? 'company' : 'apart';
  const share = consent === 'assisted' ? 'part' : couldBe;
  const merchant = merchantCell(leaf.private);
  if (merchant === NOT_DISCLOSED && state.isDisclosed) forgetDisclosures(state);
  const cells: Record<string, string> = state.isDisclosed ? { campaign, merchant } : { campaign };
  addToFamily(redemptions, { voucher, count: 1, amountMinor, cells, share }, k);
  if (state.isDisclosed)
    for (const [cell, sum] of categoryCells(amountMinor, leaf.private))
      addToCell(dimensionOf(redemptions, 'category'), cell, { voucher, ...sum }, k);
  countPurchase(state.privacy, { voucher, amountMinor });
}

function reverse(state: FigureState, { data, stream }: LeafOf<'RedemptionReversed'>): void {
  const cells = { to: data.to === 'recoverable' ? 'recoverable' : 'credited' };
  const increment = { voucher: voucherOf(stream), count: 1, amountMinor: data.amountMinor, cells };
  addToFamily(state.families.reversals, increment, state.rules.k);
}

function end(state: FigureState, { stream }: LeafOf<'VoucherExpired' | 'VoucherCancelled'>): void {
  Reflect.deleteProperty(state.reissued, idOf(stream));
  addToFamily(
    state.families.endings,
    { voucher: voucherOf(stream), count: 1, amountMinor: 0, cells: {} },
    state.rules.k,
  );
}

/** Which vouchers the fen come from follows from where they lie on the batch line. */
function giveBack(state: FigureState, { type, data }: LeafOf<'FundsReturned' | 'FundsRecovered'>): void {
  const { k } = state.rules;
  const batch = state.batches[data.batch];
  if (batch === undefined) return;
  const { voucherLength } = batch;
  const cells = { from: type === 'FundsReturned' ? 'returned' : 'recovered' };
  for (const [start, length] of data.segments)
    for (let at = start; at < start + length;) {
      const number = Math.floor(at / voucherLength);
      const next = Math.min(start + length, (number + 1) * voucherLength);
      const voucher = `${data.batch.slice(0, 8)}${number}`;
      addToFamily(state.families.returns, { voucher, count: 1, amountMinor: next - at, cells }, k);
      at = next;
    }
}
